"""No more than a few shifts in one week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import first_monday_of_week
from scheduler.rules.duties import active, doctors
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "week"


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find ISO weeks in which more than `max_shifts_per_week` non-standby shifts start."""
    most = dossier.rules.max_shifts_per_week
    for doctor, shifts in doctors(roster):
        weeks: defaultdict[date, list[str]] = defaultdict(list)
        for shift in active(shifts):
            weeks[first_monday_of_week(shift.day)].append(shift.id)
        for monday, ids in weeks.items():
            if len(ids) > most:
                detail: dict[str, str | float] = {"week": f"{monday:%G-W%V}", "shifts_in_week": len(ids), "most": most}
                yield Violation(rule=NAME, gp_id=doctor, shift_ids=tuple(ids), detail=detail)
