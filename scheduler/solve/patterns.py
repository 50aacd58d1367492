"""The whole numbers of shifts of each length that bring one GP near the target of a burden."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from scheduler.solve.problem import Bools, Floats, Ints

MOST_PATTERNS = 48
REACH = {1: 6, 2: 6, 3: 3}
SHORT_REACH = 2
RARE_PART = 0.02


@dataclass(frozen=True)
class Patterns:
    """All patterns of all GPs, one a row: whose it is, how many shifts of each length, the deviation in shifts."""

    gp: Ints
    counts: Ints
    deviation: Floats


def patterns_of(
    target: Floats, most: Floats, lengths: Ints, demand: Ints, may: Bools, mean: float, deviation: float
) -> Patterns:
    """Patterns within `deviation` shifts of each target and at most `most[i]` minutes; never none for a GP.

    `may[i, l]`: GP i may do shifts of length l, of which there are `demand[l]`; patterns lie around that mix.

    Who cannot come within `deviation` gets the patterns nearest to the target. Lengths of which there are few are
    offered to the GPs with the largest targets only, as they would multiply the patterns of all others for nothing.
    """
    total = demand.sum()
    rare = demand < max(2.0, RARE_PART * total)
    large = set(np.argsort(-np.minimum(target, most), kind="stable")[: 4 * int(demand[rare].sum())].tolist())
    owners, counts, deviations = [], [], []
    for gp, minutes in enumerate(target.tolist()):
        open_demand = demand * may[gp]
        mix = open_demand / max(1.0, float((open_demand * lengths).sum()))
        found = _around(minutes * mix, rare, open_demand, gp in large)
        hours = found @ lengths
        found, hours = found[hours <= most[gp] + 1e-6], hours[hours <= most[gp] + 1e-6]
        away = np.abs(hours - minutes) / mean
        near = np.flatnonzero(away <= max(deviation, float(away.min())) + 1e-6)
        from_mix = np.abs(found[near] - minutes * mix).sum(axis=1)
        chosen = near[_best_of_each(found[near][:, rare], np.round(away[near], 6), from_mix)]
        owners.append(np.full(len(chosen), gp))
        counts.append(found[chosen])
        deviations.append(away[chosen])
    return Patterns(np.concatenate(owners), np.concatenate(counts), np.concatenate(deviations))


def _best_of_each(rare: Ints, away: Floats, from_mix: Floats) -> Ints:
    """For each use of rare lengths, the patterns nearest to the target and to the mix of lengths."""
    order = np.lexsort((from_mix, away))
    kept = [
        order[(rare[order] == use).all(axis=1)][:MOST_PATTERNS]
        for use in np.unique(rare, axis=0)
    ]  # fmt: skip
    return np.concatenate(kept)


def _around(wanted: Floats, rare: Bools, demand: Ints, offer_rare: bool) -> Ints:
    reach = REACH.get(int((~rare).sum()), SHORT_REACH)
    ranges = [
        range(0, min(int(most), int(offer_rare)) + 1)
        if is_rare
        else range(max(0, int(w) - reach), min(int(most), int(np.ceil(w)) + reach) + 1)
        for w, is_rare, most in zip(wanted.tolist(), rare.tolist(), demand.tolist(), strict=True)
    ]
    grid = np.array(list(product(*ranges)), dtype=np.int64)
    few_rare = grid[:, rare].sum(axis=1) <= 1
    nothing = np.zeros((1, len(wanted)), dtype=np.int64)
    return np.concatenate([nothing, grid[few_rare & grid.any(axis=1)]])
