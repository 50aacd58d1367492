"""The second half of the fair shares: totals spread over shift groups by iterative proportional fitting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Burden, Shift, ShiftGroup
from scheduler.fair_shares.duty_days import Reach, compute_reach
from scheduler.fair_shares.totals import ShareSteps, capped, total_steps

Matrix = npt.NDArray[np.float64]
MOST_ROUNDS = 5000
CONVERGED_HOURS = 1e-7
SETTLED_HOURS = 1e-10
LEAST_BALANCE_FACTOR = 0.01


@dataclass(frozen=True)
class Pool:
    """Shares of the standby hours, or of all others: `hours[i, j]` are target hours of GP i in group j.

    `wanted[i]` is the total that GP i should reach (after balances and own limits), `share[i]` that total before
    them, `balance[i]` the hours carried over. Where nobody else may do the work, a row sums to more or less than that.
    """

    gp_ids: tuple[str, ...]
    groups: tuple[ShiftGroup, ...]
    hours: Matrix
    share: Matrix
    balance: Matrix
    wanted: Matrix

    @cached_property
    def imbalance(self) -> Matrix:
        """Hours that each GP gets above (positive) or below the total wanted, because of who may do what."""
        difference: Matrix = self.hours.sum(axis=1) - self.wanted
        return difference


@dataclass(frozen=True)
class FairShares:
    """The targets of every GP, in hours, with the reach that they go by and the steps that led to them."""

    reach: Reach
    steps: Mapping[str, ShareSteps]
    duty: Pool | None
    standby: Pool | None

    @cached_property
    def targets(self) -> Mapping[tuple[str, Burden], float]:
        """Target hours per GP and burden; a pair that is absent has a target of 0."""
        found: defaultdict[tuple[str, Burden], float] = defaultdict(float)
        for pool in (self.duty, self.standby):
            if pool is not None:
                for row, column in zip(*np.nonzero(pool.hours), strict=True):
                    found[pool.gp_ids[row], pool.groups[column].burden] += float(pool.hours[row, column])
        return dict(found)


def fair_shares(dossier: Dossier, shifts: Sequence[Shift]) -> FairShares:
    """Compute the fair shares of a dossier as its format defines them (`shifts`: the whole demand)."""
    reach = compute_reach(dossier, shifts)
    steps = total_steps(dossier, shifts, reach)
    pools = []
    for standby in (False, True):
        columns = [j for j, group in enumerate(reach.groups) if (group.burden is Burden.STANDBY) == standby]
        gp_ids = tuple(g for g, step in steps.items() if step.share > 0 and reach.hours[g][columns].any())
        pools.append(_Fit(dossier, steps, reach, columns, gp_ids).pool() if columns and gp_ids else None)
    return FairShares(reach, steps, *pools)


class _Fit:
    """One pool in the making: rows are GPs, columns are groups, entries are hours."""

    def __init__(
        self,
        dossier: Dossier,
        steps: Mapping[str, ShareSteps],
        reach: Reach,
        columns: Sequence[int],
        gp_ids: tuple[str, ...],
    ) -> None:
        self.gp_ids, self.groups = gp_ids, tuple(reach.groups[column] for column in columns)
        self.column = reach.demand[columns]
        self.total = float(self.column.sum())
        self.burdens = sorted({group.burden for group in self.groups})
        share = np.array([steps[gp].share for gp in gp_ids])
        self.share = share / share.sum() * self.total
        self.reach = np.array([reach.hours[gp][columns] for gp in gp_ids])
        self.of_burden = {burden: np.array([g.burden is burden for g in self.groups]) for burden in self.burdens}
        self._read(dossier)

    def _read(self, dossier: Dossier) -> None:
        row_of = {gp: row for row, gp in enumerate(self.gp_ids)}
        at = {burden: column for column, burden in enumerate(self.burdens)}
        standby = Burden.STANDBY in at
        # a burden that the dossier leaves out of the fairness has no part in totals and limits, only in the mix;
        # one that this period has no shifts of still comes off the total
        counted = {Burden.STANDBY} if standby else set(dossier.burdens) - {Burden.STANDBY}
        shape = (len(self.gp_ids), len(self.burdens))
        self.balances, self.carried, self.factor = np.zeros(shape), np.zeros(len(self.gp_ids)), np.ones(shape)
        self.limit, self.total_limit = np.full(shape, np.inf), np.full(len(self.gp_ids), np.inf)
        for balance in dossier.balances:
            row = row_of.get(balance.gp_id)
            if row is not None and balance.burden in counted:
                self.carried[row] += balance.hours
            if row is not None and balance.burden in at:
                self.balances[row, at[balance.burden]] += balance.hours
        for liking in dossier.preferences:
            if liking.gp_id in row_of and liking.burden in at:
                self.factor[row_of[liking.gp_id], at[liking.burden]] = liking.factor
        for limit in dossier.limits:
            row = row_of.get(limit.gp_id)
            if row is not None and limit.burden is None and not standby:
                self.total_limit[row] = limit.max_hours
            elif row is not None and limit.burden in at and limit.burden in counted:
                self.limit[row, at[limit.burden]] = limit.max_hours

    def pool(self) -> Pool:
        lowered = np.maximum(0.0, self.share - self.carried)
        if not lowered.any():  # balances that leave nobody any hours say nothing about who does the work
            lowered = self.share
        wanted = capped(lowered * self.total / lowered.sum(), self.total_limit, self.total)
        hours = self._within_limits(self._seed(wanted), wanted)
        return Pool(self.gp_ids, self.groups, hours, self.share, self.carried, wanted)

    def _seed(self, wanted: Matrix) -> Matrix:
        seed = np.zeros(self.reach.shape)
        for column, burden in enumerate(self.burdens):
            those = self.of_burden[burden]
            of_burden = self.share * self.column[those].sum() / self.total
            carried = np.maximum(LEAST_BALANCE_FACTOR, 1 - self.balances[:, column] / of_burden)
            seed[:, those] = (wanted * self.factor[:, column] * carried)[:, None] * self.reach[:, those]
        return seed

    def _within_limits(self, seed: Matrix, wanted: Matrix) -> Matrix:
        """Fit, freeze every target above an own limit at that limit, and fit the rest again, until none is above."""
        frozen: dict[tuple[int, int], Matrix] = {}
        while True:
            hours = self._fitted(seed, wanted, frozen)
            over = [
                (row, column)
                for column, burden in enumerate(self.burdens)
                for row in np.flatnonzero(
                    hours[:, self.of_burden[burden]].sum(axis=1) > self.limit[:, column] + 1e-6
                ).tolist()
                if (row, column) not in frozen
            ]
            if not over:
                return hours
            for row, column in over:
                part = hours[row] * self.of_burden[self.burdens[column]]
                frozen[row, column] = part * (self.limit[row, column] / part.sum())

    def _fitted(self, seed: Matrix, wanted: Matrix, frozen: Mapping[tuple[int, int], Matrix]) -> Matrix:
        matrix, rows, columns = seed.copy(), wanted.copy(), self.column.copy()
        for (row, column), part in frozen.items():
            matrix[row, self.of_burden[self.burdens[column]]] = 0
            rows[row] -= part.sum()
            columns -= part
        rows, found = np.maximum(rows, 0.0), matrix.sum(axis=1)
        for _ in range(MOST_ROUNDS):
            matrix *= _ratio(rows, found)[:, None]
            matrix *= _ratio(columns, matrix.sum(axis=0))
            before, found = found, matrix.sum(axis=1)
            # rows that cannot be reached come to rest elsewhere, and more rounds would change nothing
            if np.abs(found - rows).max() < CONVERGED_HOURS or np.abs(found - before).max() < SETTLED_HOURS:
                break
        for (row, _), part in frozen.items():
            matrix[row] += part
        return matrix


def _ratio(wanted: Matrix, found: Matrix) -> Matrix:
    return np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)
