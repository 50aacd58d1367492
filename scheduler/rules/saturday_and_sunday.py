"""Not both days of one weekend, where the HDS forbids that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY
from scheduler.rules.duties import active
from scheduler.rules.violation import Violation

NAME = "saturday_and_sunday"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find weekends of which a GP has a non-standby shift on both days; only where the dossier says `forbid`."""
    if dossier.rules.saturday_and_sunday is not Strictness.FORBID:
        return
    for gp_id, shifts in roster.by_gp.items():
        for saturday in full_weekends(shifts):
            ids = tuple(shift.id for shift in active(shifts) if shift.day in (saturday, saturday + DAY))
            yield Violation(rule=NAME, gp_id=gp_id, shift_ids=ids, detail={"day": str(saturday)})


def full_weekends(shifts: Sequence[Shift]) -> list[date]:
    """The Saturdays of the weekends with non-standby shifts that start on both days."""
    days = {shift.day for shift in active(shifts) if shift.day.weekday() >= 5}
    return sorted(day for day in days if day + DAY in days)
