"""Christmas and the New Year after it both worked, where the HDS would avoid that and does not forbid it."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Shift
from scheduler.rules.christmas_and_new_year import both
from scheduler.wishes.part import summed

NAME = "christmas_and_new_year"


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The weight for each year of which both were worked; 0 where the dossier forbids or ignores it."""
    if dossier.rules.christmas_and_new_year is not Strictness.AVOID:
        return 0.0
    return dossier.weights.christmas_and_new_year * len(both(dossier, gp_id, shifts))
