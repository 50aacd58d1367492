"""The third, fast reading of the rules: may each of many GPs take each of many shifts, and what would it cost?

All is judged against the state as it stands, for every pair at once. `tests/solve` plays it against the rules' own
`check` and the wishes' own `cost`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d

from scheduler.domain.settings import Strictness
from scheduler.solve.elsewhere import NEVER, Elsewhere
from scheduler.solve.nearness import MINUTE
from scheduler.solve.problem import Bools, Ints
from scheduler.solve.state import State

Costs = npt.NDArray[np.float64]
Grid = npt.NDArray[np.int16]
CostGrid = npt.NDArray[np.float32]
Scalar = TypeVar("Scalar", bound=np.generic)
FOUR_WEEKS = 28
WEEKENDS = 5
SERIES = 3
FAR = 1000
SPACED = 7


@dataclass(frozen=True)
class Insertion:
    """For GP i (row) and shift j (column): whether the hard rules but own limits allow it, and the soft cost added."""

    legal: Bools
    cost: Costs


def judge(state: State, gps: Ints, shifts: Ints) -> Insertion:
    """Judge giving each of `shifts` to each of `gps`, one pair at a time, to the state as it stands."""
    problem, slots = state.problem, state.problem.slots
    k = problem.slot[shifts]
    legal = problem.may[gps[:, None], shifts] & (state.blocked[gps[:, None], k] == 0)
    cost = state.gain[gps[:, None], k].astype(np.float64)
    duty = np.flatnonzero(~slots.standby[k])
    if len(duty):
        grids = _Grids(state, gps)
        rows = np.arange(len(gps))[:, None]
        kd = k[duty]
        night, day = slots.night[kd].astype(np.int64), slots.day[kd]
        allowed = grids.allowed[night, rows, day]
        allowed &= grids.fullest[rows, day] + slots.minutes[kd] <= grids.most_minutes
        allowed &= grids.series_allows(rows, kd)
        legal[:, duty] &= allowed
        cost[:, duty] += grids.cost[night, rows, day]
    return Insertion(legal, cost)


class _Grids:
    """What only depends on GP, day and night or not; index 0 of `allowed` and `cost` is a day shift, 1 a night."""

    def __init__(self, state: State, gps: Ints) -> None:
        self.problem = state.problem
        self.own_work, self.own_nights = state.work[gps], state.nights[gps]
        self.work, self.nights, self.load = self.own_work, self.own_nights, state.load[gps]
        self.first_start, self.night_end = state.first_start[gps], state.night_end[gps]
        if state.problem.elsewhere is not None:
            self._count_elsewhere(state.problem.elsewhere, gps)
        self.rules = state.problem.dossier.rules
        self.most_minutes = self.rules.max_hours_per_4_weeks * MINUTE + 1e-6
        self.fullest = self._fullest_four_weeks(self.load)
        self._series()
        day_ok = self._week_allows() & self._weekends_allow()
        self.allowed = np.stack([day_ok, day_ok & (self.run <= self.rules.max_consecutive_nights)])
        self.cost = self._spacing() + self._other_costs(state.problem.again[gps])
        self._add_christmases(gps)

    def _count_elsewhere(self, elsewhere: Elsewhere, gps: Ints) -> None:
        """Duties at other HDSs count for the rules; what is own stays apart, for the wishes."""
        ends = np.where(self.own_nights > 0, self.night_end, -NEVER)
        self.work = self.own_work + elsewhere.work[gps]
        self.nights = self.own_nights + elsewhere.nights[gps]
        self.load = self.load + elsewhere.load[gps]
        self.first_start = np.minimum(self.first_start, elsewhere.first_start[gps])
        self.night_end = np.where(self.nights > 0, np.maximum(ends, elsewhere.night_end[gps]), self.night_end)

    def _fullest_four_weeks(self, load: npt.NDArray[np.int32]) -> npt.NDArray[np.int32]:
        """Minutes in the fullest run of 28 days that holds each day."""
        days = load.shape[1]
        total = np.zeros((len(load), days + 1), dtype=np.int32)
        np.cumsum(load, axis=1, out=total[:, 1:])
        starts = max(1, days - FOUR_WEEKS + 1)
        windows = np.zeros_like(load)
        windows[:, :starts] = total[:, np.minimum(np.arange(starts) + FOUR_WEEKS, days)] - total[:, :starts]
        return _latest_maximum(windows, FOUR_WEEKS)

    def _week_allows(self) -> Bools:
        days = self.problem.days
        counts = np.add.reduceat(self.work, days.week_starts, axis=1)
        allows: Bools = (counts < self.rules.max_shifts_per_week)[:, days.weeks.week]
        return allows

    def _weekends_allow(self) -> Bools:
        days = self.problem.days
        allows = np.ones(self.work.shape, dtype=np.bool_)
        if not len(days.saturday):
            return allows
        padded = np.pad(self.work, ((0, 0), (0, 1)))
        taken = (padded[:, days.saturday] + padded[:, days.sunday]) > 0
        total = np.zeros((len(taken), taken.shape[1] + 1), dtype=np.int32)
        np.cumsum(taken, axis=1, out=total[:, 1:])
        starts = max(1, taken.shape[1] - WEEKENDS + 1)
        windows = np.zeros(taken.shape, dtype=np.int32)
        last = np.minimum(np.arange(starts) + WEEKENDS, taken.shape[1])
        windows[:, :starts] = total[:, last] - total[:, :starts]
        free = taken | (_latest_maximum(windows, WEEKENDS) < self.rules.max_weekends_in_5)
        inside = days.weeks.weekend >= 0
        allows[:, inside] = free[:, days.weeks.weekend[inside]]
        return allows

    def _series(self) -> None:
        """Length of the night series that a night on each day would make, and what a long series demands after it."""
        on = self.nights > 0
        days = np.arange(on.shape[1], dtype=np.int16)
        last_off = np.maximum.accumulate(np.where(on, np.int16(-1), days), axis=1)
        next_off = np.minimum.accumulate(np.where(on, np.int16(len(days)), days)[:, ::-1], axis=1)[:, ::-1]
        left = _shifted(days - last_off, 1)
        right = _shifted(next_off - days, -1)
        self.run = left + right + 1
        self.right = right
        rest = round(self.rules.rest_after_night_series_hours * MINUTE)
        ends_long = on & ~_shifted(on, -1) & (days - last_off >= SERIES)
        until = np.where(ends_long, self.night_end + rest, -1)
        self.busy_until = np.maximum.accumulate(until, axis=1)
        following = np.minimum.accumulate(self.first_start[:, ::-1], axis=1)[:, ::-1]
        self.next_start = _shifted(following, -1, fill=NEVER)
        self.rest = rest
        self.left = left
        # a shift of the day after each night that starts too soon if that night belongs to a long series
        soon = on & (_shifted(self.first_start, -1, fill=NEVER) < self.night_end + rest)
        between = soon & (_shifted(self.work - (self.nights > 0), -1) > 0)
        self.between = np.zeros((len(on), on.shape[1] + 1), dtype=np.int16)
        np.cumsum(between, axis=1, out=self.between[:, 1:])

    def series_allows(self, rows: Ints, k: Ints) -> Bools:
        """Rest after three or more nights in a row: before the slot that would be added, after it, and within."""
        slots = self.problem.slots
        start, end, night, day = slots.start[k], slots.end[k], slots.night[k], slots.day[k]
        run, left, right = self.run[rows, day], self.left[rows, day], self.right[rows, day]
        continues = night & (left > 0)
        before = day - 1 - continues
        busy = np.where(before >= 0, self.busy_until[rows, np.maximum(before, 0)], -1)
        held = ~night & (left >= SERIES)
        within = np.where(held, self.night_end[rows, np.maximum(day - 1, 0)] + self.rest, -1)
        allows = (start >= busy) & (start >= within)
        long = night & (run >= SERIES)
        if long.any():
            last = day + right
            ends = np.where(last > day, self.night_end[rows, last], end)
            kept = self.next_start[rows, last] >= ends + self.rest
            third = np.minimum(np.maximum(day + 1, day - left + SERIES - 1), last)
            kept &= self.between[rows, last] == self.between[rows, third]
            following = np.minimum(day + 1, last)
            soon = (right > 0) & (self.first_start[rows, following] < end + self.rest)
            kept &= ~(soon & (left + 1 >= SERIES) & (self.work[rows, following] > 1))
            allows &= ~long | kept
        result: Bools = allows
        return result

    def _spacing(self) -> CostGrid:
        """Added cost of working days less than seven apart, two nights of one series excepted."""
        weight = self.problem.dossier.weights.spacing
        shape = self.own_work.shape
        if not weight:
            return np.zeros((2, *shape), dtype=np.float32)
        on, night = self.own_work > 0, self.own_nights > 0
        days = np.arange(shape[1], dtype=np.int16)
        before = _shifted(np.maximum.accumulate(np.where(on, days, np.int16(-FAR)), axis=1), 1, fill=-FAR)
        ahead = np.where(on, days, np.int16(shape[1] + FAR))[:, ::-1]
        after = _shifted(np.minimum.accumulate(ahead, axis=1)[:, ::-1], -1, fill=shape[1] + FAR)
        to_before, to_after = _short(days - before), _short(after - days)
        night_before, night_after = _shifted(night, 1), _shifted(night, -1)
        with_day = to_before * ~(night & night_before) + to_after * ~(night & night_after)
        with_night = to_before * ~night_before + to_after * ~night_after
        without = np.where(on, with_day, _short(after - before))
        added: CostGrid = (weight * np.stack([with_day - without, with_night - without])).astype(np.float32)
        return added

    def _other_costs(self, again: CostGrid) -> CostGrid:
        """Both weekend days, the same holiday again, a single night, Christmas and New Year where to be avoided."""
        weights, days = self.problem.dossier.weights, self.problem.days
        fresh = self.own_work == 0
        cost = np.where(fresh, again, np.float32(0))
        if self.rules.saturday_and_sunday is Strictness.AVOID and weights.saturday_and_sunday:
            padded = np.pad(self.own_work, ((0, 0), (0, 1)))
            cost += weights.saturday_and_sunday * (fresh & (padded[:, days.partner] > 0))
        single = np.zeros_like(cost)
        if weights.single_night:
            on = self.own_nights > 0
            left, right = _shifted(on, 1), _shifted(on, -1)
            lone = (~left & ~right).astype(np.int8)
            lone -= (left & ~_shifted(on, 2)).astype(np.int8)
            lone -= (right & ~_shifted(on, -2)).astype(np.int8)
            single = (weights.single_night * (~on * lone)).astype(np.float32)
        return np.stack([cost, cost + single]).astype(np.float32)

    def _add_christmases(self, gps: Ints) -> None:
        """Working both Christmas and the New Year after it, where that is a wish."""
        weight = self.problem.dossier.weights.christmas_and_new_year
        if self.rules.christmas_and_new_year is not Strictness.AVOID or not weight:
            return
        for year in self.problem.christmases:
            before = year.worked[gps] | (self.own_work[:, year.christmas] > 0).any(axis=1)
            after = (self.own_work[:, year.new_year] > 0).any(axis=1)
            self.cost[:, :, year.christmas] += weight * (after & ~before)[None, :, None]
            self.cost[:, :, year.new_year] += weight * (before & ~after)[None, :, None]


def _short(gap: Grid) -> Grid:
    """By how many days a gap falls short of a week."""
    return np.clip(SPACED - gap, 0, SPACED).astype(np.int16)


def _shifted(grid: npt.NDArray[Scalar], by: int, fill: int = 0) -> npt.NDArray[Scalar]:
    """The grid moved `by` days later (negative: earlier), so that a day sees its neighbour's value."""
    moved = np.full_like(grid, fill)
    if by > 0:
        moved[:, by:] = grid[:, :-by]
    else:
        moved[:, :by] = grid[:, -by:]
    return moved


def _latest_maximum(windows: npt.NDArray[np.int32], size: int) -> npt.NDArray[np.int32]:
    """Per position the largest of the `size` windows that start on it or before and still hold it."""
    origin = size // 2 - 1 if size % 2 == 0 else size // 2
    largest: npt.NDArray[np.int32] = maximum_filter1d(windows, size, axis=1, origin=origin, mode="constant", cval=0)
    return largest
