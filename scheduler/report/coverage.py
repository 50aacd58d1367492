"""How far the demand is filled: per burden, per post and per month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.messages.dutch import month_name, short_month


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
    short: str
    total: Filled
    per_burden: dict[Burden, Filled]


def burdens_in(roster: Roster) -> tuple[Burden, ...]:
    """The burdens that occur in the roster, in their usual order."""
    present = {shift.burden for shift in roster.shifts}
    return tuple(burden for burden in Burden if burden in present)


def coverage_per_month(roster: Roster) -> list[CoverageRow]:
    """A row for each month of the period."""
    by_month: defaultdict[date, list[Shift]] = defaultdict(list)
    for shift in roster.shifts:
        by_month[shift.day.replace(day=1)].append(shift)
    return [_row(month_name(first), short_month(first), roster, by_month[first]) for first in sorted(by_month)]


def coverage_per_post(dossier: Dossier, roster: Roster) -> list[CoverageRow]:
    """A row for each post that has shifts."""
    by_post: defaultdict[str, list[Shift]] = defaultdict(list)
    for shift in roster.shifts:
        by_post[shift.post_id].append(shift)
    return [_row(post.name, post.id, roster, by_post[post.id]) for post in dossier.posts if post.id in by_post]


def coverage_in_all(roster: Roster, label: str) -> CoverageRow:
    """One row for the whole roster."""
    return _row(label, label, roster, roster.shifts)


def _row(label: str, short: str, roster: Roster, shifts: Sequence[Shift]) -> CoverageRow:
    per_burden = {
        burden: _filled(roster, [shift for shift in shifts if shift.burden is burden]) for burden in burdens_in(roster)
    }
    return CoverageRow(label, short, _filled(roster, shifts), per_burden)


def _filled(roster: Roster, shifts: Sequence[Shift]) -> Filled:
    return Filled(len(shifts), sum(s.hours for s in shifts), sum(s.id not in roster.gp_of for s in shifts))
