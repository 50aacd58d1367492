"""How well taking and giving shifts suits a GP, as one number: decides between sets that move equally many shifts."""

from __future__ import annotations

from collections.abc import Sequence

from scheduler.domain.shift import Burden, Shift
from scheduler.swaps.situation import Situation
from scheduler.wishes import gain_of

SHIFT_OF_UNFAIRNESS = 10.0
"""What one squared shift of deviation weighs against the soft cost; ten is the most that a GP can give a wish."""


def dislike(situation: Situation, gp_id: str, taken: Sequence[str], given: Sequence[str]) -> float:
    """What the squares of the GP's deviations and the soft cost gain by this (less is better), all else as it is."""
    gets = [situation.shift(shift_id) for shift_id in taken]
    gives = [situation.shift(shift_id) for shift_id in given]
    soft = sum(gain_of(situation.dossier, gp_id, situation.duties(gp_id), gets, gives).values())
    return soft + SHIFT_OF_UNFAIRNESS * _squares(situation, gp_id, gets, gives)


def _squares(situation: Situation, gp_id: str, gets: Sequence[Shift], gives: Sequence[Shift]) -> float:
    change: dict[Burden, float] = {}
    for sign, shifts in ((1, gets), (-1, gives)):
        for shift in shifts:
            change[shift.burden] = change.get(shift.burden, 0.0) + sign * shift.hours
    total = 0.0
    for burden, hours in change.items():
        before = situation.deviation(gp_id, burden)
        total += (before + hours / situation.ground.mean_hours[burden]) ** 2 - before**2
    return total
