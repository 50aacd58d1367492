"""Why totals cannot be reached: GPs and shift groups fall apart into blocks that share work only among themselves.

For a set A of groups and N(A), the GPs who may do any of them, the GPs of N(A) together do at least the hours of A,
whatever anyone else would take over. The set with the most hours per hour wanted is cut off first, then the most
loaded set of what is left, and so on; the rest of the GPs and groups forms the last block. This is also where
iterative proportional fitting ends up: within a block every GP gets the same multiple of the total wanted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

UNITS_PER_HOUR = 1000
SMALLEST_SURPLUS_HOURS = 0.05
_MOST_ROUNDS = 50
_LEAST_HOURS = 1e-6


@dataclass(frozen=True)
class Block:
    """Groups (columns) and GPs (rows) that have only each other; `load` is hours per hour wanted."""

    groups: tuple[int, ...]
    gps: tuple[int, ...]
    hours: float
    wanted: float

    @property
    def load(self) -> float:
        """What the block's GPs do as a multiple of what they should do."""
        return self.hours / max(self.wanted, _LEAST_HOURS)


def blocks(may: np.typing.NDArray[np.bool_], wanted: Sequence[float], hours: Sequence[float]) -> tuple[Block, ...]:
    """Cut GPs and groups into blocks, the most loaded first.

    `may[i, j]`: GP i may do group j; `wanted[i]` hours that GP i should reach; `hours[j]` hours of group j. Groups that
    nobody may do, and GPs who may do none, are in no block.
    """
    rows = [frozenset(np.flatnonzero(row).tolist()) for row in may]
    left_gps = {i for i, row in enumerate(rows) if row}
    left_groups = {j for j in frozenset().union(*rows) if hours[j] > _LEAST_HOURS}
    found = []
    while left_groups and left_gps:
        groups = _most_loaded(rows, wanted, hours, left_gps, left_groups)
        gps = {i for i in left_gps if rows[i] & groups} if groups < left_groups else set(left_gps)
        found.append(_block(groups, gps, wanted, hours))
        left_groups -= groups
        left_gps -= gps
    return tuple(found)


def _block(groups: Iterable[int], gps: Iterable[int], wanted: Sequence[float], hours: Sequence[float]) -> Block:
    groups, gps = tuple(sorted(groups)), tuple(sorted(gps))
    return Block(groups, gps, float(sum(hours[j] for j in groups)), float(sum(wanted[i] for i in gps)))


def _most_loaded(
    rows: Sequence[frozenset[int]],
    wanted: Sequence[float],
    hours: Sequence[float],
    gps: set[int],
    groups: set[int],
) -> set[int]:
    """The groups with the most hours per hour wanted of those who may do them (Dinkelbach's iteration on min cuts)."""
    classes: defaultdict[frozenset[int], float] = defaultdict(float)
    for i in gps:
        classes[rows[i] & groups] += wanted[i]
    best = set(groups)
    for _ in range(_MOST_ROUNDS):
        load = _hours(best, hours) / max(_wanted(best, classes), _LEAST_HOURS)
        heavier = _heavier(classes, hours, groups, load)
        surplus = _hours(heavier, hours) - load * _wanted(heavier, classes)
        if not heavier or surplus <= SMALLEST_SURPLUS_HOURS:
            break
        best = heavier
    return best


def _hours(groups: Iterable[int], hours: Sequence[float]) -> float:
    return float(sum(hours[j] for j in groups))


def _wanted(groups: set[int], classes: Mapping[frozenset[int], float]) -> float:
    return sum(those for allowed, those in classes.items() if allowed & groups)


def _heavier(
    classes: Mapping[frozenset[int], float], hours: Sequence[float], groups: set[int], load: float
) -> set[int]:
    """The groups with the largest surplus of hours over `load` times the totals wanted: one side of a minimum cut."""
    # takes a third of a second to load, and the service that judges swaps never asks this
    from scipy.sparse import csr_array  # noqa: PLC0415
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow  # noqa: PLC0415

    columns, whole = sorted(groups), UNITS_PER_HOUR
    source, first_class = 0, 1 + len(columns)
    sink = first_class + len(classes)
    endless = int(_hours(columns, hours) * whole) + 1
    capacity = np.zeros((sink + 1, sink + 1), dtype=np.int32)
    for at, j in enumerate(columns, start=1):
        capacity[source, at] = round(hours[j] * whole)
    for at, (allowed, those) in enumerate(classes.items(), start=first_class):
        capacity[at, sink] = min(endless, round(those * load * whole))
        for column, j in enumerate(columns, start=1):
            capacity[column, at] = endless if j in allowed else 0
    flow = maximum_flow(csr_array(capacity), source, sink).flow.toarray()
    reached = breadth_first_order((capacity - flow > 0).astype(np.int32), source, return_predecessors=False)
    return {columns[node - 1] for node in reached.tolist() if 0 < node < first_class}
