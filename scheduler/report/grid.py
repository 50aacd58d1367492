"""The roster as a planner hangs it on the wall: months, posts, days and who is on duty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from scheduler.domain.calendar import DayType
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift, ShiftType
from scheduler.messages import text
from scheduler.report.dutch import clock_span


@dataclass(frozen=True, slots=True)
class Seat:
    """One place to fill: the GP (None: open) and the trainee beside that GP."""

    gp_id: str | None
    gp_name: str
    trainee_id: str | None


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the grid; `seats` in the order of the columns, empty where the type has no shift that day."""

    day: date
    holiday: str
    is_weekend: bool
    seats: tuple[tuple[Seat, ...], ...]


@dataclass(frozen=True, slots=True)
class PostGrid:
    """One post in one month: a column for each shift type, a row for each day with shifts."""

    name: str
    columns: tuple[str, ...]
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the grid, by its first day."""

    first: date
    shifts: int
    unfilled: int
    posts: tuple[PostGrid, ...]


def months_of(dossier: Dossier, roster: Roster) -> Iterator[Month]:
    """Every month with shifts, in order."""
    cells: defaultdict[date, defaultdict[str, list[Shift]]] = defaultdict(lambda: defaultdict(list))
    for shift in sorted(roster.shifts, key=lambda shift: (shift.starts_at, shift.id)):
        cells[shift.day][_type_of(shift)].append(shift)
    for first in sorted({day.replace(day=1) for day in cells}):
        days = [day for day in sorted(cells) if day.replace(day=1) == first]
        shifts = [shift for day in days for those in cells[day].values() for shift in those]
        posts = tuple(_posts(dossier, roster, {day: cells[day] for day in days}))
        yield Month(first, len(shifts), sum(shift.id not in roster.gp_of for shift in shifts), posts)


def _posts(dossier: Dossier, roster: Roster, cells: Mapping[date, Mapping[str, list[Shift]]]) -> Iterator[PostGrid]:
    used = {type_id for of_day in cells.values() for type_id in of_day}
    for post in dossier.posts:
        types = [kind for kind in dossier.shift_types if kind.post_id == post.id and kind.id in used]
        if types:
            rows = (
                _day(dossier, roster, day, [of_day.get(kind.id, []) for kind in types]) for day, of_day in cells.items()
            )
            yield PostGrid(
                post.name, tuple(_label(kind) for kind in types), tuple(row for row in rows if any(row.seats))
            )


def _day(dossier: Dossier, roster: Roster, day: date, columns: list[list[Shift]]) -> Day:
    holiday = dossier.calendar.holidays(day.year).get(day, "")
    weekend = dossier.calendar.day_type(day) in (DayType.SATURDAY, DayType.SUNDAY)
    seats = tuple(tuple(_seat(dossier, roster, shift.id) for shift in those) for those in columns)
    return Day(day, holiday, weekend, seats)


def _seat(dossier: Dossier, roster: Roster, shift_id: str) -> Seat:
    gp_id = roster.gp_of.get(shift_id)
    gp = dossier.gp_by_id.get(gp_id) if gp_id else None
    return Seat(gp_id, gp.name if gp else "", roster.trainee_of.get(shift_id))


def _label(kind: ShiftType) -> str:
    span = clock_span(kind.start, kind.end)
    return text("report.grid.column", role=text(f"terms.role.{kind.role}"), span=span)


def _type_of(shift: Shift) -> str:
    """The shift type in a shift's id, `{shift_type_id}/{date}/{n}`."""
    return shift.id.rsplit("/", 2)[0]
