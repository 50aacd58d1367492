"""Fairness as a cost that adds up over GPs, so that one assignment can weigh it for many GPs at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scheduler.solve.problem import Bools, Floats, Ints, Problem
from scheduler.solve.state import State

SQUARE = 1e5
EXCESS = 1e8
QUOTA = 1e7
NO_QUOTA = -1


def deviations(state: State) -> Floats:
    """Deviation in shifts per GP (row) and burden (column)."""
    off: Floats = np.abs(state.hours - state.problem.target) / state.problem.mean
    return off


@dataclass(frozen=True)
class FairCost:
    """Squared deviations in shifts, and a far larger price on every part of a deviation above `most[gp, b]` shifts.

    The weights keep the order of the dossier format: no gain in wishes can outweigh the smallest loss in squares.
    """

    problem: Problem
    most: Floats

    def of(self, minutes: npt.NDArray[np.float64], gps: Ints, burden: Ints) -> Floats:
        """Cost of these GPs having these minutes of these burdens, elementwise."""
        deviation = np.abs(minutes - self.problem.target[gps, burden]) / self.problem.mean[burden]
        excess = np.maximum(0.0, deviation - self.most[gps, burden] - 1e-6)
        cost: Floats = SQUARE * deviation**2 + EXCESS * excess
        return cost

    def of_receiving(self, state: State, gps: Ints, shifts: Ints) -> Floats:
        """Change in cost when GP i (row) receives shift j (column), on top of what the GP has in `state`."""
        burden, minutes = self.problem.burden[shifts], self.problem.minutes[shifts]
        rows = gps[:, None]
        has = state.hours[rows, burden].astype(np.float64)
        return self.of(has + minutes, rows, burden) - self.of(has, rows, burden)

    def excess(self, state: State) -> Floats:
        """Per GP and burden, by how many shifts a deviation is above `most`."""
        over: Floats = np.maximum(0.0, deviations(state) - self.most - 1e-6)
        return over

    def total(self, state: State) -> float:
        """Cost of the whole state."""
        gps, burden = np.indices(state.hours.shape)
        return float(self.of(state.hours.astype(np.float64), gps, burden).sum())


@dataclass(frozen=True)
class QuotaCost:
    """Distance from the allocation: a price on every shift of a kind above or below a GP's quota.

    A burden without allocation has quotas of `NO_QUOTA`; there the fairness itself is the price.
    """

    quota: Ints
    fair: FairCost

    def of_receiving(self, state: State, gps: Ints, shifts: Ints) -> Floats:
        """Change in cost when GP i (row) receives shift j (column): less below the quota, more at or above it."""
        kind = state.problem.kind[shifts]
        quota = self.quota[gps[:, None], kind]
        by_quota = np.where(quota > state.count[gps[:, None], kind], -QUOTA, QUOTA)
        if (quota != NO_QUOTA).all():
            return by_quota
        return np.where(quota != NO_QUOTA, by_quota, self.fair.of_receiving(state, gps, shifts))

    def missed(self, state: State) -> Ints:
        """Per kind, by how many shifts all GPs together miss their quotas."""
        missed: Ints = np.where(self.quota != NO_QUOTA, np.abs(state.count - self.quota), 0).sum(axis=0)
        return missed


def within_limits(state: State, gps: Ints, shifts: Ints) -> Bools:
    """Whether GP i stays at or under every own limit with shift j on top of what the GP has."""
    problem = state.problem
    burden, minutes = problem.burden[shifts], problem.minutes[shifts]
    has = state.hours[gps]
    duty = ~problem.slots.standby[problem.slot[shifts]]
    standing = np.array([b.value == "standby" for b in problem.burdens])
    total = has[:, ~standing].sum(axis=1)
    limit = problem.limit[gps]
    fits: Bools = has[:, burden] + minutes <= limit[:, burden] + 1e-6
    fits &= ~duty | (total[:, None] + minutes <= limit[:, -1:] + 1e-6)
    return fits
