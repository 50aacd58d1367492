"""Weekends of which a GP works both days, where the HDS would avoid that."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Shift
from scheduler.rules.saturday_and_sunday import full_weekends
from scheduler.wishes.part import summed

NAME = "saturday_and_sunday"


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The weight for each weekend with non-standby shifts on both days; 0 where the dossier forbids or ignores it."""
    if dossier.rules.saturday_and_sunday is not Strictness.AVOID:
        return 0.0
    return dossier.weights.saturday_and_sunday * len(full_weekends(shifts))
