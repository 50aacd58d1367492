"""No two shifts of one doctor overlap, standby included."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules.duties import doctors
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "no_overlap"


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find each shift that starts before an earlier one has ended; the earlier one that ends last is named."""
    for doctor, shifts in doctors(roster):
        longest = None
        for shift in shifts:
            if longest is not None and shift.starts_at < longest.ends_at:
                yield Violation(rule=NAME, gp_id=doctor, shift_ids=(longest.id, shift.id))
            if longest is None or shift.ends_at > longest.ends_at:
                longest = shift
