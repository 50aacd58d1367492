"""May this GP take this shift? Asked of the same checks that judge a whole roster."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.rules import RULES
from scheduler.rules.violation import Violation


def broken_by(dossier: Dossier, roster: Roster, gp_id: str, shift: Shift) -> tuple[Violation, ...]:
    """The violations of this GP that are there with the shift and not without it; none: the GP may take it.

    Only the GP's own duties count: that the shift may be somebody else's now is no objection, and a trainee who stands
    beside a GP is not looked at.
    """
    own = tuple(duty for duty in roster.by_gp.get(gp_id, ()) if duty.id != shift.id)
    found = _violations(dossier, gp_id, (*own, shift))
    if not found:
        return ()
    before = _violations(dossier, gp_id, own)
    return tuple(violation for violation in found if violation not in before)


def broken_by_each(
    dossier: Dossier, roster: Roster, shift: Shift, gp_ids: Sequence[str] | None = None
) -> dict[str, tuple[Violation, ...]]:
    """`broken_by` for each of `gp_ids`, or for every doctor of the dossier; an empty tuple means: may take it."""
    asked = [gp.id for gp in dossier.gps] if gp_ids is None else gp_ids
    return {gp_id: broken_by(dossier, roster, gp_id, shift) for gp_id in asked}


def _violations(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> list[Violation]:
    alone = Roster(shifts=tuple(shifts), gp_of={shift.id: gp_id for shift in shifts})
    return [violation for rule in RULES for violation in rule.check(dossier, alone)]
