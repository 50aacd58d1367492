"""Who may do how much of what: one pool of the fair shares, read as supply and demand."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden, Shift, ShiftGroup
from scheduler.explain.blocks import Block, blocks
from scheduler.fair_shares import FairShares, Pool
from scheduler.fair_shares.totals import may_do

# Smaller differences are no more than whole shifts bring about anyway.
LEAST_PART = 0.01
LEAST_SHIFTS = 0.5
SAME_HOURS = 1e-6

Hours = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Side(StrEnum):
    """Which way an imbalance leans: too few GPs for the work, or too little work for the GPs."""

    SCARCE = "scarce"
    SURPLUS = "surplus"


@dataclass(frozen=True)
class Supply:
    """Rows are GPs, columns are groups; `wanted` hours per GP, `hours` per group, `mean_shift` in hours.

    What own limits fix beforehand is taken out: the GP's part of that burden, its hours and the GP's total.
    """

    gp_ids: tuple[str, ...]
    groups: tuple[ShiftGroup, ...]
    may: Flags
    wanted: Hours
    hours: Hours
    mean_shift: float

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks of this supply, the most loaded first.

        What nobody may do comes before them by post and role, without GPs; GPs for whom own limits leave nothing to do
        come after them, without groups.
        """
        nobody: defaultdict[tuple[str, Role], list[int]] = defaultdict(list)
        for column in np.flatnonzero(~self.may.any(axis=0) & (self.hours > SAME_HOURS)).tolist():
            nobody[self.groups[column].post_id, self.groups[column].role].append(column)
        undone = (Block(tuple(those), (), float(self.hours[those].sum()), 0.0) for those in nobody.values())
        idle = np.flatnonzero(~self.may.any(axis=1) & (self.wanted > SAME_HOURS))
        rest = [Block((), tuple(idle.tolist()), 0.0, float(self.wanted[idle].sum()))] if idle.size else []
        return (*undone, *blocks(self.may, self.wanted.tolist(), self.hours.tolist()), *rest)

    @cached_property
    def reached(self) -> Hours:
        """The hours that each GP comes to: within a block everyone does the same multiple of the total wanted."""
        found = np.zeros(len(self.gp_ids))
        for block in self.blocks:
            rows = list(block.gps)
            found[rows] = self.wanted[rows] * block.load
        return found

    @cached_property
    def level(self) -> float:
        """What the GP in the middle does of the total, GPs weighing as much as their totals."""
        loads = sorted((block.load, block.wanted) for block in self.blocks if block.gps and block.groups)
        half, passed = sum(wanted for _, wanted in loads) / 2, 0.0
        for load, wanted in loads:
            passed += wanted
            if passed >= half:
                return load
        return 1.0

    def overload(self, asked: Callable[[ShiftGroup], bool]) -> float:
        """Hours above the level of the GPs in the middle, in the blocks that hold any of the groups asked for."""
        those = (block for block in self.blocks if any(asked(self.groups[column]) for column in block.groups))
        return sum((max(0.0, block.hours - self.level * block.wanted) for block in those), 0.0)

    def underload(self, asked: Callable[[str], bool]) -> float:
        """Hours below the level of the GPs in the middle, of the GPs asked for."""
        below = np.maximum(0.0, self.level * self.wanted - self.reached).tolist()
        return float(sum(hours for gp_id, hours in zip(self.gp_ids, below, strict=True) if asked(gp_id)))

    def threshold(self, block: Block) -> float:
        """Hours under which an imbalance of this block is not worth telling."""
        return max(LEAST_PART * block.hours, LEAST_SHIFTS * self.mean_shift)

    def uneven(self) -> list[tuple[Block, Side]]:
        """The blocks whose GPs are off their totals; the block of most hours wanted only carries what others leave."""
        shared = (block for block in self.blocks if block.gps and block.groups)
        main = max(shared, key=lambda block: block.wanted, default=None)
        return [
            (block, Side.SCARCE if block.hours > block.wanted else Side.SURPLUS)
            for block in self.blocks
            if block is not main and abs(block.hours - block.wanted) > self.threshold(block)
        ]


def supply_of(dossier: Dossier, shares: FairShares, shifts: Sequence[Shift], *, standby: bool) -> Supply:
    """The supply for the standby shifts, or for all others, of the whole demand `shifts`."""
    those = [shift for shift in shifts if shift.is_standby == standby]
    counted: Counter[ShiftGroup] = Counter()
    for shift in those:
        counted[shift.group] += shift.hours  # type: ignore[assignment]
    groups = tuple(sorted(counted))
    hours = np.array([counted[group] for group in groups], dtype=float)
    mean_shift = float(hours.sum() / len(those)) if those else 0.0
    pool = shares.standby if standby else shares.duty
    if pool is None:
        return Supply((), groups, np.zeros((0, len(groups)), dtype=bool), np.zeros(0), hours, mean_shift)
    allowed = may_do(shares.reach, groups)
    may = np.array([[group in allowed[gp_id] for group in groups] for gp_id in pool.gp_ids])
    frozen = _frozen(dossier, pool)
    fixed = np.where(frozen, pool.hours, 0.0)
    wanted = np.maximum(0.0, pool.wanted - fixed.sum(axis=1))
    return Supply(pool.gp_ids, groups, may & ~frozen, wanted, hours - fixed.sum(axis=0), mean_shift)


def _frozen(dossier: Dossier, pool: Pool) -> Flags:
    """For each GP and group whether the GP's own limit on that burden decides the target."""
    frozen = np.zeros(pool.hours.shape, dtype=bool)
    row_of = {gp_id: row for row, gp_id in enumerate(pool.gp_ids)}
    for limit in dossier.limits:
        row = row_of.get(limit.gp_id)
        if row is not None and limit.burden is not None:
            those = _of_burden(pool.groups, limit.burden)
            if those.any() and pool.hours[row, those].sum() >= limit.max_hours - SAME_HOURS:
                frozen[row] |= those
    return frozen


def _of_burden(groups: Sequence[ShiftGroup], burden: Burden) -> Flags:
    return np.array([group.burden is burden for group in groups])
