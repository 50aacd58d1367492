"""Swaps through the year: the verdict on a set of moves, who could take a shift, and rings of offers.

Nothing here loads the solver before `find_rings` is called, so that a service may import the room at its start.
"""

from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import SwapVerdict, is_legal, judge, judge_in

__all__ = ["Move", "Situation", "SwapVerdict", "is_legal", "judge", "judge_in"]
