"""Swaps through the year: the verdict on a set of moves, who could take a shift, and rings of offers.

What stands here loads neither the solver nor pandas, so that a service may import it at its start; `find_rings` is in
`scheduler.swaps.rings`, which comes with the solver.
"""

from scheduler.swaps.candidates import Ranking, rank
from scheduler.swaps.moves import Move
from scheduler.swaps.offers import Market, Offer, Want, Wanted
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import SwapVerdict, is_legal, judge, judge_in

__all__ = [
    "Market",
    "Move",
    "Offer",
    "Ranking",
    "Situation",
    "SwapVerdict",
    "Want",
    "Wanted",
    "is_legal",
    "judge",
    "judge_in",
    "rank",
]
