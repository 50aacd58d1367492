"""The one move of the solver: many GPs each put in at most one shift and get back the cheapest legal assignment.

As every cost belongs to one GP and each GP gets at most one shift, the assignment is exact for all of them together.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from scheduler.solve.fair_cost import FairCost, QuotaCost, within_limits
from scheduler.solve.insertion import judge
from scheduler.solve.problem import Floats, Ints
from scheduler.solve.state import NOBODY, State

ILLEGAL = 1e15
FILLED = 1e11
NOISE = 1e-4
MOVED = 2e10


def reassign(
    state: State,
    gps: Ints,
    put_in: Ints,
    rng: np.random.Generator,
    open_shifts: Ints,
    fair: FairCost | QuotaCost | None = None,
) -> bool:
    """Let each of `gps` put in `put_in[n]` (or `NOBODY`), add `open_shifts`, and give all back at least cost.

    Without `fair` every GP who put a shift in gets one of the same kind back, so quotas stay; with it a GP may also
    end with one shift more or less. Returns whether anything changed.
    """
    gave = put_in != NOBODY
    state.remove(gps[gave], put_in[gave])
    shifts = np.concatenate([put_in[gave], open_shifts])
    cost = _costs(state, gps, shifts, fair)
    own = np.cumsum(gave) - 1
    if fair is not None:
        cost = np.concatenate([cost, np.zeros((len(gps), len(gps)))], axis=1)
        own = np.where(gave, own, len(shifts) + np.arange(len(gps)))
    kept = np.arange(len(gps)), own
    noisy = cost + NOISE * rng.random(cost.shape)
    # a roster that came from outside may hold a shift against the rules; putting it back must stay possible
    noisy[kept] = np.minimum(noisy[kept], ILLEGAL / 2)
    rows, columns = linear_sum_assignment(noisy)
    if cost[rows, columns].sum() > cost[kept].sum() + 1e-6:
        rows, columns = kept
    taken = columns < len(shifts)
    state.add(gps[rows[taken]], shifts[columns[taken]])
    return bool((columns != own[rows]).any())


def _costs(state: State, gps: Ints, shifts: Ints, fair: FairCost | QuotaCost | None) -> Floats:
    judged = judge(state, gps, shifts)
    cost = judged.cost
    legal = judged.legal
    if fair is not None:
        cost = cost + fair.of_receiving(state, gps, shifts) - FILLED
        legal = legal & within_limits(state, gps, shifts)
    if state.keep is not None:
        cost = cost + MOVED * ((state.keep[shifts] != NOBODY) & (state.keep[shifts] != gps[:, None]))
    return np.where(legal, cost, ILLEGAL)
