"""Nights before a morning surgery, where the HDS would avoid them."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Shift
from scheduler.rules.night_before_clinic import ends_before_clinic
from scheduler.wishes.part import summed

NAME = "night_before_clinic"


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The weight for each non-standby night that ends on a clinic day; 0 where the dossier forbids or ignores it."""
    if dossier.rules.night_before_clinic is not Strictness.AVOID:
        return 0.0
    return dossier.weights.night_before_clinic * sum(ends_before_clinic(dossier, gp_id, shift) for shift in shifts)
