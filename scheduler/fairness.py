"""How evenly a roster spreads each burden, measured against the targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.value import Value

_NO_SHARE = 1e-6
"""Hours of target below which nothing can be said in proportion to it."""

Cell = tuple[str, Burden]


class GpFairness(Value):
    """One GP's part of one burden: hours meant and given, and how far apart in shifts (positive: did more)."""

    target: float
    assigned: float
    deviation: float


class BurdenFairness(Value):
    """How evenly one burden is spread.

    `mean_hours` is the mean length of its shifts, by which hours become shifts; `largest` and `rms` are of the
    deviations, in shifts. `gini` and `spread` are of what each GP did in proportion to the share (1: exactly the
    share): Gini weighs GPs by their share (0: all alike), spread is the largest minus the smallest proportion among
    GPs whose share is at least one shift, since less than that cannot be in proportion. `per_gp` holds everyone with
    a target or a shift, so also who has a share and no shift at all.
    """

    mean_hours: float
    largest: float
    rms: float
    gini: float
    spread: float
    per_gp: Mapping[str, GpFairness]


def measure(dossier: Dossier, roster: Roster, targets: Mapping[Cell, float]) -> dict[Burden, BurdenFairness]:
    """Measure each burden that the roster's shifts have; `targets` are hours per GP and burden."""
    assigned: defaultdict[Cell, float] = defaultdict(float)
    for shift in roster.shifts:
        if shift.id in roster.gp_of:
            assigned[roster.gp_of[shift.id], shift.burden] += shift.hours
    meant = {cell: hours for cell, hours in targets.items() if hours > 0}
    return {burden: _of_burden(burden, mean, meant, assigned) for burden, mean in mean_hours(roster.shifts).items()}


def mean_hours(shifts: Iterable[Shift]) -> dict[Burden, float]:
    """The mean length in hours of the shifts of each burden that has any: what one shift stands for in a deviation."""
    lengths: defaultdict[Burden, list[float]] = defaultdict(list)
    for shift in shifts:
        lengths[shift.burden].append(shift.hours)
    return {burden: sum(lengths[burden]) / len(lengths[burden]) for burden in Burden if burden in lengths}


def _of_burden(
    burden: Burden, mean_hours: float, targets: Mapping[Cell, float], assigned: Mapping[Cell, float]
) -> BurdenFairness:
    gp_ids = sorted({gp_id for gp_id, of in (*targets, *assigned) if of is burden})
    target = np.array([targets.get((gp_id, burden), 0.0) for gp_id in gp_ids])
    given = np.array([assigned.get((gp_id, burden), 0.0) for gp_id in gp_ids])
    deviation = (given - target) / mean_hours
    shared = target > _NO_SHARE
    proportion = given[shared] / target[shared]
    whole = proportion[target[shared] >= mean_hours]
    return BurdenFairness(
        mean_hours=mean_hours,
        largest=float(np.abs(deviation).max(initial=0.0)),
        rms=float(np.sqrt(np.mean(deviation**2))) if gp_ids else 0.0,
        gini=gini(proportion.tolist(), target[shared].tolist()),
        spread=float(np.ptp(whole)) if whole.size else 0.0,
        per_gp={
            gp_id: GpFairness(target=t, assigned=a, deviation=d)
            for gp_id, t, a, d in zip(gp_ids, target.tolist(), given.tolist(), deviation.tolist(), strict=True)
        },
    )


def gini(values: Sequence[float], weights: Sequence[float]) -> float:
    """Gini coefficient of non-negative `values` that count for `weights`: 0 all alike, towards 1 all with one.

    Half the mean absolute difference of two draws, over the mean: read off the Lorenz curve.
    """
    value, weight = np.asarray(values, float), np.asarray(weights, float)
    whole = float(value @ weight)
    if whole <= 0:
        return 0.0
    order = np.argsort(value)
    people = weight[order] / weight.sum()
    reached = np.cumsum(value[order] * weight[order]) / whole
    before = np.concatenate(([0.0], reached[:-1]))
    return float(max(0.0, 1.0 - people @ (reached + before)))
