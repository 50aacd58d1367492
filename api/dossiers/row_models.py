"""A row of each part as JSON: the columns of its file, with types that JSON has.

Only the types are looked at here. What a value may be is judged by the readers of the files, so that there is one
reading of a dossier and every mistake of a row is told at once; bounds and choices stand here for the documentation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from api.fields import ShortText, Text
from scheduler.domain.availability import Limit, Preference, Wish, WishKind
from scheduler.domain.people import Contract, Role
from scheduler.domain.settings import PayeeBasis
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value
from scheduler.dossier.rows import DAYS, MOST_FTE, MOST_PATIENTS, MOST_POSITIONS, MOST_SHARE, TOTAL, WORKDAYS

_MOST_ITEMS = 200


class Row(BaseModel):
    """The base of all rows."""

    model_config = ConfigDict(extra="forbid")


def _one_of(choices: Iterable[str]) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "enum": list(choices)})


def _some_of(choices: Iterable[str]) -> WithJsonSchema:
    items = {"type": "string", "enum": list(choices)}
    return WithJsonSchema({"type": "array", "items": items, "maxItems": _MOST_ITEMS})


def _within(low: float | None = None, high: float | None = None, kind: str = "number") -> WithJsonSchema:
    bounds = {"minimum": low, "maximum": high}
    return WithJsonSchema({"type": kind} | {name: bound for name, bound in bounds.items() if bound is not None})


def _as_in(model: type[Value], field: str) -> WithJsonSchema:
    """The bounds that the domain has for a field."""
    low = high = None
    for bound in model.model_fields[field].metadata:
        low = bound.ge if isinstance(bound, Ge) else low
        high = bound.le if isinstance(bound, Le) else high
    return _within(low, high)  # type: ignore[arg-type]


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Item = Annotated[str, StringConstraints(pattern=r"^[^;\x00]+$", max_length=200)]
Items = Annotated[list[Item], Field(max_length=_MOST_ITEMS)]
GpId = Annotated[ShortText, Field(description="The id of the GP in this dossier.")]
Date = Annotated[ShortText, WithJsonSchema({"type": "string", "format": "date"})]
Clock = Annotated[ShortText, WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"})]
Instant = Annotated[
    ShortText,
    WithJsonSchema({"type": "string", "format": "date-time"}),
    Field(description="With UTC offset, or local time in Europe/Amsterdam without one. Not in the repeated hour."),
]
BurdenName = Annotated[ShortText, _one_of(Burden)]


def _example(**values: Any) -> ConfigDict:
    return ConfigDict(json_schema_extra={"example": values})


class Post(Row):
    """A GP post (huisartsenpost)."""

    model_config = _example(post_id="A", name="Huisartsenpost Merenstad", patients=200000)

    post_id: ShortText
    name: Text = ""
    patients: Annotated[Number, _within(0, MOST_PATIENTS, "integer")]


class ShiftType(Row):
    """A kind of shift; clocks are local, an end before the start lies on the next day."""

    model_config = _example(
        shift_type_id="A-consult-avond", post_id="A", role="consult", days=["weekday"], start="17:00", end="23:00",
        headcount=2, valid_from=None, valid_until=None,
    )  # fmt: skip

    shift_type_id: ShortText
    post_id: ShortText
    role: Annotated[ShortText, _one_of(Role)]
    days: Annotated[Items, _some_of(DAYS)]
    start: Clock
    end: Clock
    headcount: Annotated[Number, _within(1, MOST_POSITIONS, "integer")]
    valid_from: Date | None = None
    valid_until: Date | None = None


class Practice(Row):
    """A GP practice and its patients."""

    model_config = _example(practice_id="PR001", name="Huisartsenpraktijk De Linde", patients=2236)

    practice_id: ShortText
    name: Text = ""
    patients: Annotated[Number, _within(0, MOST_PATIENTS)]


class Gp(Row):
    """A doctor on the list of the HDS; a practice owner has a practice."""

    model_config = _example(
        gp_id="G0001", name="Thijs Dekker", contract="practice_owner", practice_id="PR001", trainer_gp_id=None,
        registered_until="2028-12-31",
    )  # fmt: skip

    gp_id: GpId
    name: Text = ""
    contract: Annotated[ShortText, _one_of(Contract)]
    practice_id: ShortText | None = None
    trainer_gp_id: ShortText | None = None
    registered_until: Date | None = None
    fte: Annotated[Number, _within(0, MOST_FTE)] | None = None


class Agreement(Row):
    """What a GP agreed with the HDS; without a contract of its own it has the one that the GP has now."""

    model_config = _example(
        gp_id="G0001", valid_from="2027-01-01", valid_until="2027-12-31", posts=["A", "B"],
        roles=["consult", "visit"], hours=None, nights=True, contract="practice_owner",
    )  # fmt: skip

    gp_id: GpId
    valid_from: Date
    valid_until: Date
    posts: Items
    roles: Annotated[Items, _some_of(Role)]
    hours: Annotated[Number, _within(0)] | None = None
    nights: Annotated[bool, Field(strict=True)]
    contract: Annotated[ShortText, _one_of(Contract)] | None = None
    share: Annotated[Number, _within(0, MOST_SHARE)] | None = None


class Absence(Row):
    """A GP is away."""

    model_config = _example(
        gp_id="G0001", start="2027-06-16T00:00:00+02:00", end="2027-06-19T00:00:00+02:00", reason="verlof"
    )

    gp_id: GpId
    start: Instant
    end: Instant
    reason: Text = ""


class WishOfGp(Row):
    """What a GP would rather do or not do; weight 1 (little) to 10 (much)."""

    model_config = _example(
        gp_id="G0001", start="2027-05-02T00:00:00+02:00", end="2027-05-04T00:00:00+02:00", wish="avoid", weight=6
    )

    gp_id: GpId
    start: Instant
    end: Instant
    wish: Annotated[ShortText, _one_of(WishKind)]
    weight: Annotated[Number, _as_in(Wish, "weight")]


class ClinicDays(Row):
    """The days on which a GP has a morning surgery."""

    model_config = _example(gp_id="G0001", weekdays=["mon", "tue", "thu"])

    gp_id: GpId
    weekdays: Annotated[Items, _some_of(WORKDAYS)]


class Balance(Row):
    """Hours carried over from the year before; positive: more than the share was done."""

    model_config = _example(gp_id="G0002", burden="night", hours=3)

    gp_id: GpId
    burden: BurdenName
    hours: Number


class OwnLimit(Row):
    """A GP's own ceiling in hours; the burden `total` is that of all hours that are no standby."""

    model_config = _example(gp_id="G0007", burden="night", max_hours=18)

    gp_id: GpId
    burden: Annotated[ShortText, _one_of([*Burden, TOTAL])]
    max_hours: Annotated[Number, _as_in(Limit, "max_hours")]


class OwnPreference(Row):
    """How much of a GP's total should be of one burden, against the average."""

    model_config = _example(gp_id="G0001", burden="night", factor=2)

    gp_id: GpId
    burden: BurdenName
    factor: Annotated[Number, _as_in(Preference, "factor")]


class PastHoliday(Row):
    """A holiday of the year before on which the GP worked."""

    model_config = _example(gp_id="G0001", date="2026-12-26")

    gp_id: GpId
    date: Date


class Lock(Row):
    """A shift that was given to a GP before the roster is made."""

    model_config = _example(shift_id="A-regie-avond/2027-08-13/1", gp_id="G0022")

    shift_id: Text
    gp_id: GpId


class Payee(Row):
    """Who receives the money for a GP's duties on and after `valid_from`."""

    model_config = _example(
        gp_id="G0001", valid_from="2027-01-01", payee_name="Huisartsenpraktijk De Linde",
        iban="NL56FICT8766523064", basis="self_employed",
    )  # fmt: skip

    gp_id: GpId
    valid_from: Date
    payee_name: Text = ""
    iban: ShortText = ""
    basis: Annotated[ShortText, _one_of(PayeeBasis)]
