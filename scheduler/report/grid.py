"""The roster as a planner hangs it on the wall: months, posts, days and who is on duty."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from scheduler.domain.calendar import DayType
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift, ShiftType
from scheduler.messages import text
from scheduler.messages.dutch import clock_span

Cells = Mapping[date, Mapping[str, list[Shift]]]
"""The shifts of each day by shift type."""

DAY_STARTS, EVENING_STARTS, NIGHT_STARTS = time(5), time(14), time(20)
"""From when a column is a day, evening or night column; only to lay out the page, no rule hangs on it."""

NIGHT = 2


@dataclass(frozen=True, slots=True)
class Seat:
    """One place to fill: the GP (None: open) and the trainee beside that GP."""

    gp_id: str | None
    gp_name: str
    trainee_id: str | None


@dataclass(frozen=True, slots=True)
class Field:
    """What stands in one column on one day; `label` names role and hours where there is no column head to read."""

    label: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A row of the grid; `fields` in the order of the columns, None where no type has a shift that day."""

    day: date
    holiday: str
    is_weekend: bool
    fields: tuple[Field | None, ...]


@dataclass(frozen=True, slots=True)
class PostGrid:
    """One post in one month: columns as (role, hours), a row for each day with shifts."""

    name: str
    columns: tuple[tuple[str, str], ...]
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


def _posts(dossier: Dossier, roster: Roster, cells: Cells) -> Iterator[PostGrid]:
    for post in dossier.posts:
        types = [kind for kind in dossier.shift_types if kind.post_id == post.id]
        columns = _columns(types, cells)
        if columns:
            rows = (_day(dossier, roster, day, columns, of_day) for day, of_day in cells.items())
            labels = tuple(_label(column) for column in columns)
            yield PostGrid(post.name, labels, tuple(row for row in rows if any(row.fields)))


def _columns(types: Sequence[ShiftType], cells: Cells) -> list[list[ShiftType]]:
    """Types of one role and part of the day share a column where no day has both.

    So do a day and an evening column of a role that has no others: those of weekdays and weekends, mostly.
    """
    used = {kind.id: {day for day, of_day in cells.items() if kind.id in of_day} for kind in types}
    ordered = sorted(types, key=lambda kind: (list(Role).index(kind.role), _part_of_day(kind.start), kind.start))
    columns = [_Column([kind], used[kind.id]) for kind in ordered if used[kind.id]]
    by_part = _joined(columns, lambda column: column.slot)
    by_day = Counter(column.role for column in by_part if column.part != NIGHT)
    return [
        column.types
        for column in _joined(
            by_part, lambda column: column.role if column.part != NIGHT and by_day[column.role] == 2 else column.slot
        )
    ]


@dataclass(slots=True)
class _Column:
    types: list[ShiftType]
    days: set[date]

    @property
    def role(self) -> Role:
        return self.types[0].role

    @property
    def part(self) -> int:
        return _part_of_day(self.types[0].start)

    @property
    def slot(self) -> tuple[Role, int]:
        return self.role, self.part


def _joined(columns: Sequence[_Column], alike: Callable[[_Column], object]) -> list[_Column]:
    joined: list[_Column] = []
    for column in columns:
        host = next((one for one in joined if alike(one) == alike(column) and one.days.isdisjoint(column.days)), None)
        if host is None:
            joined.append(column)
        else:
            host.types.extend(column.types)
            host.days.update(column.days)
    return joined


def _part_of_day(start: time) -> int:
    """0 day, 1 evening, 2 night, by the clock hour at which a shift starts."""
    if not DAY_STARTS <= start < NIGHT_STARTS:
        return NIGHT
    return int(start >= EVENING_STARTS)


def _day(
    dossier: Dossier,
    roster: Roster,
    day: date,
    columns: Sequence[Sequence[ShiftType]],
    of_day: Mapping[str, list[Shift]],
) -> Day:
    holiday = dossier.calendar.holidays(day.year).get(day, "")
    weekend = dossier.calendar.day_type(day) in (DayType.SATURDAY, DayType.SUNDAY)
    fields = tuple(_field(dossier, roster, column, of_day) for column in columns)
    return Day(day, holiday, weekend, fields)


def _field(
    dossier: Dossier, roster: Roster, column: Sequence[ShiftType], of_day: Mapping[str, list[Shift]]
) -> Field | None:
    present = [kind for kind in column if kind.id in of_day]
    seats = tuple(_seat(dossier, roster, shift.id) for kind in present for shift in of_day[kind.id])
    return Field(" ".join(_label(present)), seats) if seats else None


def _seat(dossier: Dossier, roster: Roster, shift_id: str) -> Seat:
    gp_id = roster.gp_of.get(shift_id)
    gp = dossier.gp_by_id.get(gp_id) if gp_id else None
    return Seat(gp_id, gp.name if gp else "", roster.trainee_of.get(shift_id))


def _label(column: Sequence[ShiftType]) -> tuple[str, str]:
    """Role, and the hours of each type in the column."""
    spans = dict.fromkeys(clock_span(kind.start, kind.end) for kind in column)
    return text(f"terms.role.{column[0].role}"), text("report.grid.or").join(spans)


def _type_of(shift: Shift) -> str:
    """The shift type in a shift's id, `{shift_type_id}/{date}/{n}`."""
    return shift.id.rsplit("/", 2)[0]
