"""Between two shifts there are hours of rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules.duties import TOLERANCE, active, doctors, gap_hours
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "rest"


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find successive non-standby shifts with less than `min_rest_hours` elapsed hours between them."""
    needed = dossier.rules.min_rest_hours
    for doctor, shifts in doctors(roster):
        for earlier, later in pairwise(active(shifts)):
            gap = gap_hours(earlier, later)
            if gap < needed - TOLERANCE:
                detail = {"hours": gap, "needed": needed}
                yield Violation(rule=NAME, gp_id=doctor, shift_ids=(earlier.id, later.id), detail=detail)
