"""Shifts in a time that the GP would rather have free."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.availability import WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.wishes.part import summed

NAME = "avoid_wish"


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The wish's own weight for each shift, of any role, that touches it; times the weight of this part."""
    wishes = (wish for wish in dossier.wishes_by_gp.get(gp_id, ()) if wish.wish is WishKind.AVOID)
    missed = sum(wish.weight * sum(shift.meets(wish) for shift in shifts) for wish in wishes)
    return dossier.weights.avoid_wish * missed
