"""The soft cost of a whole state, for progress and for comparing states; the wishes' own `cost` has the last word."""

from __future__ import annotations

import numpy as np

from scheduler.domain.settings import Strictness
from scheduler.solve.problem import Bools
from scheduler.solve.state import NOBODY, State

SPACED = 7


def soft_cost(state: State) -> float:
    """Sum of all soft parts, in the unit of the weights."""
    problem, weights, rules = state.problem, state.problem.dossier.weights, state.problem.dossier.rules
    given = np.flatnonzero(state.gp_of != NOBODY)
    cost = float(problem.personal[state.gp_of[given], problem.slot[given]].sum(dtype=np.float64))
    cost += float(problem.prefer.weight[state.met == 0].sum()) + problem.prefer.out_of_reach
    work, nights = state.work > 0, state.nights > 0
    cost += float(problem.again[work].sum(dtype=np.float64))
    cost += weights.spacing * _too_close(work, nights)
    if rules.saturday_and_sunday is Strictness.AVOID:
        pairs = problem.days.saturday[problem.days.sunday < problem.days.count]
        pairs = pairs[pairs < problem.days.count]
        cost += weights.saturday_and_sunday * float((work[:, pairs] & work[:, problem.days.partner[pairs]]).sum())
    padded = np.pad(nights, ((0, 0), (1, 1)))
    cost += weights.single_night * float((nights & ~padded[:, :-2] & ~padded[:, 2:]).sum())
    if rules.christmas_and_new_year is Strictness.AVOID:
        for year in problem.christmases:
            before = year.worked | work[:, year.christmas].any(axis=1)
            cost += weights.christmas_and_new_year * float((before & work[:, year.new_year].any(axis=1)).sum())
    return cost


def _too_close(work: Bools, nights: Bools) -> float:
    gps, days = np.nonzero(work)
    gap = np.diff(days)
    series = (gap == 1) & nights[gps[1:], days[1:]] & nights[gps[:-1], days[:-1]]
    counted = (np.diff(gps) == 0) & ~series
    return float(np.clip(SPACED - gap[counted], 0, None).sum())
