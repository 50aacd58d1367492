"""How far the demand is filled: per burden, per post and per month."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift


@dataclass(frozen=True)
class Filled:
    """Shifts of one kind: how many there are, how many hours, and how many stayed open."""

    shifts: int
    hours: float
    unfilled: int

    @property
    def filled(self) -> int:
        """Shifts with a GP."""
        return self.shifts - self.unfilled


@dataclass(frozen=True)
class CoverageRow:
    """A line of the table: in all, and per burden."""

    label: str
    total: Filled
    per_burden: dict[Burden, Filled]


def burdens_in(roster: Roster) -> tuple[Burden, ...]:
    """The burdens that occur in the roster, in their usual order."""
    present = {shift.burden for shift in roster.shifts}
    return tuple(burden for burden in Burden if burden in present)


def coverage_per_month(roster: Roster, name: Callable[[date], str]) -> list[CoverageRow]:
    """A row for each month of the period."""
    months = sorted({shift.day.replace(day=1) for shift in roster.shifts})
    return [_row(name(month), roster, lambda shift, m=month: shift.day.replace(day=1) == m) for month in months]  # type: ignore[misc]


def coverage_per_post(dossier: Dossier, roster: Roster) -> list[CoverageRow]:
    """A row for each post that has shifts."""
    rows = [_row(post.name, roster, lambda shift, p=post.id: shift.post_id == p) for post in dossier.posts]  # type: ignore[misc]
    return [row for row in rows if row.total.shifts]


def coverage_in_all(roster: Roster, label: str) -> CoverageRow:
    """One row for the whole roster."""
    return _row(label, roster, lambda _: True)


def _row(label: str, roster: Roster, belongs: Callable[[Shift], bool]) -> CoverageRow:
    those = [shift for shift in roster.shifts if belongs(shift)]
    per_burden = {
        burden: _filled(roster, (shift for shift in those if shift.burden is burden)) for burden in burdens_in(roster)
    }
    return CoverageRow(label, _filled(roster, those), per_burden)


def _filled(roster: Roster, shifts: Iterable[Shift]) -> Filled:
    those = tuple(shifts)
    return Filled(len(those), sum(s.hours for s in those), sum(s.id not in roster.gp_of for s in those))
