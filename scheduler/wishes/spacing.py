"""Working days that follow each other within a week."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.rules.duties import active, night_days
from scheduler.wishes.part import summed

NAME = "spacing"
FULL_GAP = 7
"""Days between two working days from which nothing is felt."""


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The weight times the days that each gap between successive working days is short of seven.

    A working day is one on which a non-standby shift starts; two nights of one series are no gap.
    """
    days, nights = sorted({shift.day for shift in active(shifts)}), night_days(shifts)
    short = 0
    for day, following in pairwise(days):
        apart = (following - day).days
        if apart < FULL_GAP and not (apart == 1 and day in nights and following in nights):
            short += FULL_GAP - apart
    return dossier.weights.spacing * short
