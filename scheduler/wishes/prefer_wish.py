"""Times in which a GP would like to work and has no shift."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.availability import WishKind
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.wishes.part import summed

NAME = "prefer_wish"


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster, GPs without any shift included."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The wish's own weight where no shift, of any role, touches it; times the weight of this part."""
    wishes = (wish for wish in dossier.wishes_by_gp.get(gp_id, ()) if wish.wish is WishKind.PREFER)
    missed = sum(wish.weight for wish in wishes if not any(shift.meets(wish) for shift in shifts))
    return dossier.weights.prefer_wish * missed
