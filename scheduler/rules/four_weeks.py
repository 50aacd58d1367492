"""No more than a number of hours in any four weeks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules.duties import TOLERANCE, active, doctors
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "four_weeks"
WINDOW = timedelta(days=28)


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find 28 days in which non-standby shifts start of more than `max_hours_per_4_weeks` elapsed hours.

    A window begins on a day with a shift; of windows that end on the same shift only the first is told.
    """
    most = dossier.rules.max_hours_per_4_weeks
    for doctor, shifts in doctors(roster):
        worked, end, hours, told = active(shifts), 0, 0.0, 0
        for begin, first in enumerate(worked):
            while end < len(worked) and worked[end].day - first.day < WINDOW:
                hours += worked[end].hours
                end += 1
            if hours > most + TOLERANCE and end > told:
                ids, told = tuple(shift.id for shift in worked[begin:end]), end
                detail: dict[str, str | float] = {"from": str(first.day), "hours": round(hours, 6), "most": most}
                yield Violation(rule=NAME, gp_id=doctor, shift_ids=ids, detail=detail)
            hours -= first.hours
