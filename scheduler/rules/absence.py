"""A shift does not touch an absence of its GP or trainee."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules.duties import doctors
from scheduler.rules.lineup import Lineup
from scheduler.rules.violation import Violation

NAME = "absence"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find each shift, standby included, that touches an absence `[start, end)`."""
    for doctor, shifts in doctors(roster):
        for absence in dossier.absences_by_gp.get(doctor, ()):
            start, end = absence.interval
            for shift in shifts:
                if shift.starts_at < end and start < shift.ends_at:
                    detail = {"start": f"{absence.start:%Y-%m-%d %H:%M}", "end": f"{absence.end:%Y-%m-%d %H:%M}"}
                    yield Violation(rule=NAME, gp_id=doctor, shift_ids=(shift.id,), detail=detail)


def mask(dossier: Dossier, gp_id: str, lineup: Lineup) -> list[bool]:
    """For each shift of the line-up whether it keeps clear of the doctor's absences."""
    free = [True] * len(lineup)
    for absence in dossier.absences_by_gp.get(gp_id, ()):
        for place in lineup.touching(*absence.interval):
            free[place] = False
    return free
