"""Notices in Dutch: ids become names, days and times when the text is made, and stand nowhere before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from api.clock import local
from api.messages import repository
from api.messages.kinds import kinds
from scheduler.domain.people import Role
from scheduler.messages import text, texts
from scheduler.messages.dutch import clock_span, day_name, figure

About = Mapping[str, Any]
_ID = re.compile(r"(?:.*_)?(shift|gp)_ids?|(shift)s?")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\S*")


class Wording:
    """Puts events of one HDS into words; the names in all of them are looked up at once."""

    def __init__(self, session: Session, hds_id: str, abouts: Iterable[About]) -> None:
        found = [one for about in abouts for one in _ids(about)]
        shifts, gps = ({value for key, value in found if key == kind} for kind in ("shift", "gp"))
        self._shifts = repository.shifts(session, hds_id, shifts) if shifts else {}
        self._names = repository.names(session, hds_id, gps) if gps else {}

    def subject(self, kind: str, about: About) -> str:
        """The subject of a notice: one line; of a kind without a text, the kind."""
        if kind not in kinds():
            return kind
        return one_line(text(f"notices.{kind}.subject", **self._fields(kind, "subject", about)))

    def body(self, kind: str, about: About) -> str:
        """What a notice says: lines; nothing for a kind without a text."""
        if kind not in kinds():
            return ""
        return text(f"notices.{kind}.body", **self._fields(kind, "body", about)).strip()

    def _fields(self, kind: str, part: str, about: About) -> dict[str, str]:
        """The fields by name; one that `about` does not fill is shown as unknown, as a notice must reach its reader."""
        asked = dict.fromkeys(fields_of(text_of(kind, part)), text("messages.unknown"))
        return asked | {field_of(key): self._told(key, value) for key, value in about.items()}

    def _told(self, key: str, value: Any) -> str:
        if key == "moves":
            return "\n".join(self._move(one) for one in value)
        if isinstance(value, list):
            return ", ".join(self._told(key.removesuffix("s"), one) for one in value)
        if key == "shift" or key.endswith("shift_id"):
            return self._shift(value)
        if key.endswith("gp_id"):
            return text("messages.nobody") if value is None else one_line(self._names.get(value, str(value)))
        return plain(value)

    def _move(self, one: About) -> str:
        unknown = dict.fromkeys(("shift", "from_gp", "to_gp"), text("messages.unknown"))
        return text("messages.move", **unknown | {field_of(key): self._told(key, value) for key, value in one.items()})

    def _shift(self, shift_id: Any) -> str:
        row = self._shifts.get(shift_id)
        if row is None:
            return plain(shift_id)
        start, end = local(row.starts_at), local(row.ends_at)
        key = "standby" if row.role == Role.STANDBY else "shift"
        return text(
            f"messages.{key}", day=day_name(start.date()), hours=clock_span(start, end), post=one_line(row.post or "")
        )


def without_cause(about: About) -> dict[str, Any]:
    """What GPs are told something is about: not why, which may be the illness of a colleague."""
    return {key: value for key, value in about.items() if key != "cause"}


def text_of(kind: str, part: str) -> str:
    """The `subject` or `body` of a kind with its fields not filled in."""
    return texts("notices")[f"{kind}.{part}"]


def fields_of(template: str) -> list[str]:
    """The names of the fields of a text."""
    return re.findall(r"\{(\w+)", template)


def field_of(key: str) -> str:
    """The field that a member of `about` fills: `from_gp_id` that of `from_gp`, `shift_ids` that of `shifts`."""
    if key.endswith(("gp_ids", "shift_ids")):
        return key.removesuffix("_ids") + "s"
    return key.removesuffix("_id") if key.endswith(("gp_id", "shift_id")) else key


def plain(value: Any) -> str:
    """A JSON value for a reader: days and moments by the Dutch clock, fractions with a comma; lines stay lines."""
    if value is None:
        return text("messages.unknown")
    if isinstance(value, bool):
        return text("messages.yes" if value else "messages.no")
    if isinstance(value, float):
        return figure(value, 2)
    told = str(value)
    try:
        if _MOMENT.fullmatch(told):
            moment = local(datetime.fromisoformat(told))
            return text("messages.moment", day=day_name(moment.date()), clock=f"{moment:%H:%M}")
        if _DAY.fullmatch(told):
            return day_name(date.fromisoformat(told))
    except ValueError:
        pass
    return "\n".join(map(one_line, told.splitlines()))


def one_line(told: str) -> str:
    """A text without breaks and other signs that are not to be seen, so that it adds no line and no header."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in told).split())


def _ids(about: Any) -> Iterator[tuple[str, str]]:
    """Every id of a shift or GP in `about`, however deep."""
    for key, value in about.items():
        values = value if isinstance(value, list) else [value]
        for one in values:
            if isinstance(one, dict):
                yield from _ids(one)
            elif isinstance(one, str) and (found := _ID.fullmatch(key)):
                yield found[1] or found[2], one
