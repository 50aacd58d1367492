"""After a night shift there is a longer rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules.duties import TOLERANCE, active, doctors, gap_hours
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "rest_after_night"


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find non-standby shifts that start within `rest_after_night_hours` elapsed hours after a night shift."""
    needed = dossier.rules.rest_after_night_hours
    for doctor, shifts in doctors(roster):
        for night, later in pairwise(active(shifts)):
            gap = gap_hours(night, later)
            if night.is_night and gap < needed - TOLERANCE:
                detail = {"hours": gap, "needed": needed}
                yield Violation(rule=NAME, gp_id=doctor, shift_ids=(night.id, later.id), detail=detail)
