"""Nights that stand alone, where the HDS would rather have them in series."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY
from scheduler.rules.duties import night_days
from scheduler.wishes.part import summed

NAME = "single_night"


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The weight for each day with a non-standby night and none of the same GP on the day before or after."""
    if not dossier.weights.single_night:
        return 0.0
    nights = night_days(shifts)
    alone = sum(day - DAY not in nights and day + DAY not in nights for day in nights)
    return dossier.weights.single_night * alone
