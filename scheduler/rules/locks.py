"""What was fixed before solving stays as given."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules.lineup import Lineup
from scheduler.rules.violation import Violation

NAME = "locks"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find each locked shift that is open or has another GP; locks on shifts outside the roster say nothing."""
    if not dossier.locks:
        return
    for lock in dossier.locks:
        found = roster.gp_of.get(lock.shift_id)
        if found != lock.gp_id and lock.shift_id in roster.shift_by_id:
            detail: dict[str, str | float] = {"locked": lock.gp_id, "reason": "other_gp" if found else "open"}
            yield Violation(rule=NAME, gp_id=found, shift_ids=(lock.shift_id,), detail=detail)


def mask(dossier: Dossier, gp_id: str, lineup: Lineup) -> list[bool]:
    """For each shift whether no lock gives it to another GP."""
    elsewhere = {lock.shift_id for lock in dossier.locks if lock.gp_id != gp_id}
    if not elsewhere:
        return [True] * len(lineup)
    return [shift.id not in elsewhere for shift in lineup.shifts]
