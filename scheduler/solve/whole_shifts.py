"""How near to their targets GPs can come when duties are whole shifts: exact where one length dominates.

Nearly all night shifts last nine hours, but the two nights on which the clock changes last eight and ten. A bound that
let everybody use those would be too low, one that forbade them would be wrong: so they are counted out one by one.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product
from math import gcd

import numpy as np

from scheduler.solve.problem import Floats, Ints, Problem

COMMON_PART = 0.9
MOST_STATES = 200
IMPOSSIBLE = -(10**12)


@dataclass(frozen=True)
class Lengths:
    """The lengths (minutes) of a burden's shifts: `common` is free to use, of `rare[n]` there are `count[n]`."""

    common: tuple[int, ...]
    rare: tuple[int, ...]
    count: tuple[int, ...]


def lengths_of(problem: Problem, burden: int) -> Lengths:
    """Split the lengths of a burden's shifts into common and rare ones; none is rare unless one dominates."""
    counts = Counter(problem.minutes[problem.burden == burden].tolist())
    main, often = counts.most_common(1)[0]
    rare = tuple(sorted(length for length in counts if length != main))
    states = int(np.prod([counts[length] + 1 for length in rare], dtype=np.int64))
    if often < COMMON_PART * counts.total() or states > MOST_STATES:
        return Lengths(tuple(sorted(counts)), (), ())
    return Lengths((main,), rare, tuple(counts[length] for length in rare))


def attainable(common: tuple[int, ...], top: int) -> Ints:
    """All minutes up to `top` that whole shifts of the common lengths add up to, in order, 0 included."""
    unit = gcd(*common)
    lengths = [length // unit for length in common]
    reached = np.zeros(top // unit + 1, dtype=np.bool_)
    reached[0] = True
    for units in range(min(lengths), len(reached)):
        reached[units] = any(units >= length and reached[units - length] for length in lengths)
    return np.flatnonzero(reached) * unit


def extremes(values: Ints, least: Floats, most: Floats) -> tuple[Ints, Ints]:
    """Per GP the smallest and largest of `values` in `[least, most]`; the first exceeds the second where none is."""
    low = values[np.minimum(np.searchsorted(values, least - 1e-6), len(values) - 1)]
    below = np.searchsorted(values, most + 1e-6, side="right") - 1
    return low, np.where(below >= 0, values[np.maximum(below, 0)], -1)


def reachable_totals(lengths: Lengths, values: Ints, least: Floats, most: Floats) -> tuple[int, int] | None:
    """Smallest and largest total when every GP has `least[i]` to `most[i]` minutes and all rare shifts are used.

    None when somebody cannot. `values` are the attainable minutes of the common lengths.
    """
    if not lengths.rare:
        low, high = extremes(values, least, most)
        return None if (low > high).any() else (int(low.sum()), int(high.sum()))
    used = list(product(*(range(count + 1) for count in lengths.count)))
    offsets = [sum(n * length for n, length in zip(use, lengths.rare, strict=True)) for use in used]
    options = [extremes(values, least - offset, most - offset) for offset in offsets]
    largest = _best_total(used, [np.where(low <= high, high, IMPOSSIBLE) for low, high in options])
    smallest = _best_total(used, [np.where(low <= high, -low, IMPOSSIBLE) for low, high in options])
    if largest < IMPOSSIBLE // 2 or smallest < IMPOSSIBLE // 2:
        return None
    return offsets[-1] - smallest, offsets[-1] + largest


def _best_total(used: list[tuple[int, ...]], gain: list[Ints]) -> int:
    """Largest sum of gains over GPs when the rare shifts that they use add up to all there are."""
    index = {use: n for n, use in enumerate(used)}
    moves = [
        (before, option, index[tuple(a + b for a, b in zip(used[before], used[option], strict=True))])
        for before in range(len(used))
        for option in range(len(used))
        if tuple(a + b for a, b in zip(used[before], used[option], strict=True)) in index
    ]
    best = [0] + [IMPOSSIBLE] * (len(used) - 1)
    for gp in range(len(gain[0])):
        following = [IMPOSSIBLE] * len(used)
        for before, option, after in moves:
            following[after] = max(following[after], best[before] + int(gain[option][gp]))
        best = [max(value, IMPOSSIBLE) for value in following]
    return best[-1]
