"""The types of what callers send: bounded, and never with a sign that a database can't hold."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from scheduler.domain.plain_text import begins_like_formula, has_line_break
from scheduler.domain.time import AMSTERDAM

_FIRST_YEAR, _LAST_YEAR = 2000, 2100


def is_storable(value: str) -> bool:
    """PostgreSQL holds no NUL, and a lone surrogate is no text."""
    return "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def _storable(value: str) -> str:
    if not is_storable(value):
        raise ValueError("text without NUL and without lone surrogates")
    return value


def _one_line(value: str) -> str:
    if has_line_break(value):
        raise ValueError("text on one line, without invisible signs")
    return value


def _no_formula(value: str) -> str:
    if begins_like_formula(value):
        raise ValueError("text that does not begin with =, +, -, @ or a tab, which spreadsheets read as a formula")
    return value


def _in_our_time(value: date) -> date:
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise ValueError(f"a date between {_FIRST_YEAR} and {_LAST_YEAR}")
    return value


def _moment(value: datetime) -> datetime:
    _in_our_time(value.date())
    return value.astimezone(AMSTERDAM)


@dataclass(frozen=True)
class AtMost:
    """Bounds a set or mapping before its items are looked at, as `max_length` does for lists alone.

    By `max_length` each wrong item of a set is told, however many there are: wrong ones never count.
    """

    items: int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Ask for the number of items first."""
        return core_schema.no_info_before_validator_function(self._require_few, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Document the bound as that of the items or the members."""
        found = handler(schema)
        found["maxProperties" if found.get("type") == "object" else "maxItems"] = self.items
        return found

    def _require_few(self, value: Any) -> Any:
        if isinstance(value, Sized) and not isinstance(value, str) and len(value) > self.items:
            raise PydanticCustomError("too_long", "at most {most} items", {"most": self.items})
        return value


Identifier = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_storable)]
ShiftId = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(_storable)]
ShortText = Annotated[str, Field(max_length=200), AfterValidator(_storable)]
Text = Annotated[str, Field(max_length=2000), AfterValidator(_storable)]
_NO_FORMULA = Field(json_schema_extra={"pattern": r"^ *([^ =+\-@\t\r\n＝＋－＠]|$)"})
Name = Annotated[ShortText, AfterValidator(_one_line), AfterValidator(_no_formula), _NO_FORMULA]
"""What people call something: one line that no spreadsheet reads as a formula."""
Note = Annotated[Text, AfterValidator(_no_formula), _NO_FORMULA]
"""What people write for people, as a reason: one or more lines that no spreadsheet reads as a formula."""
Key = Annotated[int, Field(ge=1, lt=2**53)]
"""A number that the database handed out; every JSON reader holds it exactly."""
Count = Annotated[int, Field(ge=0, lt=2**31)]
Day = Annotated[date, AfterValidator(_in_our_time)]
Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
"""An aware moment, given back with the UTC offset of Amsterdam."""
