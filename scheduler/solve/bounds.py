"""Lower bounds that need no search: what no roster of the dossier can undercut.

The bounds relax the rules that tie one day to another, so they hold for every legal roster; where a roster meets them
it is proven best in that respect without trust in any solver.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import linear_sum_assignment

from scheduler.domain.shift import Burden
from scheduler.solve.capacity import most_minutes
from scheduler.solve.eligibility_bound import eligibility_allows, rights
from scheduler.solve.problem import Bools, Floats, Problem
from scheduler.solve.whole_shifts import attainable, lengths_of, reachable_totals

PRECISION_SHIFTS = 1e-4


def deviation_bounds(problem: Problem, unfilled: int = 0, aside: Bools | None = None) -> dict[Burden, float]:
    """Per burden a bound on the largest deviation, in shifts, of any roster that leaves at most `unfilled` open.

    The deviations of the GPs in `aside` (rows) do not count.
    """
    free = np.zeros(len(problem.gp_ids), dtype=np.bool_) if aside is None else aside
    return {burden: _burden_bound(problem, index, unfilled, free) for index, burden in enumerate(problem.burdens)}


def _burden_bound(problem: Problem, burden: int, unfilled: int, aside: Bools) -> float:
    own = problem.burden == burden
    total, mean = int(problem.minutes[own].sum()), problem.mean[burden]
    lengths, groups = lengths_of(problem, burden), rights(problem, burden)
    target, most = problem.target[:, burden], most_minutes(problem, burden)
    slack = unfilled * int(problem.minutes[own].max())
    values = attainable(lengths.common, total + int(problem.minutes[own].max()))

    def possible(deviation: float) -> bool:
        least = np.where(aside, 0.0, np.maximum(0.0, target - deviation * mean))
        upper = np.where(aside, most, np.minimum(target + deviation * mean, most))
        totals = reachable_totals(lengths, values, least, upper)
        if totals is None or not totals[0] <= total <= totals[1] + slack:
            return False
        low, high = np.ceil(least - 1e-6).astype(np.int64), np.floor(upper + 1e-6).astype(np.int64)
        return eligibility_allows(groups, low, high, slack)

    return _smallest(possible)


def _smallest(possible: Callable[[float], bool]) -> float:
    low, high = 0.0, 1.0
    if possible(low):
        return 0.0
    while not possible(high):
        low, high = high, high * 2
        if high > 4096:
            return low
    while high - low > PRECISION_SHIFTS:
        middle = (low + high) / 2
        low, high = (low, middle) if possible(middle) else (middle, high)
    return low


def soft_cost_bound(problem: Problem) -> float:
    """A soft cost that no roster can undercut: wishes to work that cannot all be met, each shift having one GP.

    A maximum-weight matching of wishes and shifts; a wish that shares a shift with an earlier wish of the same GP
    counts as met for free, so that the bound stays valid.
    """
    prefer = problem.prefer
    free = 0.0
    touched_by_gp: dict[int, Bools] = {}
    rows: list[Floats] = []
    for wish, gp in enumerate(prefer.gp.tolist()):
        meets: Bools = prefer.met_by[wish][problem.slot] & problem.may[gp]
        if (touched_by_gp.get(gp, np.zeros(len(meets), dtype=np.bool_)) & meets).any():
            free += float(prefer.weight[wish])
            continue
        touched_by_gp[gp] = touched_by_gp.get(gp, np.zeros(len(meets), dtype=np.bool_)) | meets
        rows.append(np.where(meets, np.maximum(0.0, prefer.weight[wish] - problem.personal[gp][problem.slot]), 0.0))
    if not rows:
        return prefer.out_of_reach
    gain = np.array(rows)
    used = gain.any(axis=0)
    gain = np.concatenate([gain[:, used], np.zeros((len(rows), len(rows)))], axis=1)
    met = gain[linear_sum_assignment(gain, maximize=True)].sum()
    return prefer.out_of_reach + max(0.0, float(prefer.weight.sum() - free - met))
