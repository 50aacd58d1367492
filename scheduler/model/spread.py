"""Fairness of a few changes: the largest deviation and the squares, exact for every sum of hours that can come about.

`objective.fairness` serves whole rosters, with squares in quarter shifts; where only a handful of shifts move, each
GP can end with few different sums, and the squares can be told exactly.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, gcd

from ortools.sat.python import cp_model

from scheduler.domain.shift import Burden
from scheduler.model.duty import Duty
from scheduler.model.roster_model import RosterModel

SCALE = 10_000
"""Units of `Spread.squares` in one squared shift."""
_MOST_SUMS = 60
_ROUNDING = 1e-6

Expression = cp_model.LinearExprT


@dataclass(frozen=True)
class Cell:
    """One GP and burden that the window can change: `lacking` minutes before any of the `free` duties is taken.

    `mean` is the mean length of a shift of the burden, in minutes; `counts`: whether the largest deviation minds it.
    """

    gp_id: str
    free: Sequence[Duty]
    lacking: float
    mean: float
    counts: bool

    @property
    def tick(self) -> int:
        """The minutes of which every duty is a multiple."""
        return gcd(*(duty.minutes for duty in self.free)) or 1

    def deviation(self, minutes: float) -> float:
        """In shifts, when `minutes` of the free duties are taken."""
        return (minutes - self.lacking) / self.mean

    def taken(self) -> Expression:
        """The minutes of the free duties that are taken."""
        weights = [duty.minutes for duty in self.free]
        return cp_model.LinearExpr.weighted_sum([duty.taken for duty in self.free], weights)

    def minutes(self, gp_of: Mapping[str, str]) -> int:
        """The same when the shifts are these GPs'."""
        return sum(duty.minutes for duty in self.free if gp_of.get(duty.shift.id) == self.gp_id)

    def sums(self) -> list[int]:
        """The ticks that the free duties can add up to, in order; thinned out where they are very many."""
        reached = {0}
        for duty in self.free:
            reached |= {before + duty.minutes // self.tick for before in reached}
        found = sorted(reached)
        step = ceil(len(found) / _MOST_SUMS)
        return found if step <= 1 else [*found[:-1:step], found[-1]]


@dataclass(frozen=True)
class Spread:
    """The deviations that the window can change; `squares` differs from the sum of all by a constant."""

    cells: Sequence[Cell]
    squares: Expression

    def levels(self, least: float) -> list[float]:
        """`least` and every largest deviation above it that can come about, in shifts, smallest first."""
        found = {abs(cell.deviation(cell.tick * s)) for cell in self.cells if cell.counts for s in cell.sums()}
        return [least, *sorted(one for one in found if one > least)]

    def largest(self, gp_of: Mapping[str, str]) -> float:
        """The largest deviation, in shifts, when the shifts of the window are these GPs'."""
        found = (abs(cell.deviation(cell.minutes(gp_of))) for cell in self.cells if cell.counts)
        return max(found, default=0.0)

    def keep_within(self, most: float, model: cp_model.CpModel) -> None:
        """Add to `model`, the roster model's own or a clone of it, that no deviation is above `most` shifts."""
        for cell in self.cells:
            if cell.counts:
                room = most * cell.mean + _ROUNDING
                model.add_linear_constraint(cell.taken(), ceil(cell.lacking - room), floor(cell.lacking + room))

    def keep_hours(self, gp_of: Mapping[str, str], model: cp_model.CpModel) -> None:
        """Add to `model` that everybody has as many hours of each burden as with these GPs."""
        for cell in self.cells:
            model.add(cell.taken() == cell.minutes(gp_of))


def spread(
    roster_model: RosterModel,
    targets: Mapping[tuple[str, Burden], float],
    mean_hours: Mapping[Burden, float],
    aside: Collection[str] = (),
) -> Spread:
    """Add the deviations from `targets` (hours per GP and burden) to the model.

    `mean_hours` is of each burden over the whole demand. The deviations of the GPs in `aside` count in the squares
    only.
    """
    cells: list[Cell] = []
    for gp_id, duties in roster_model.duties.items():
        for burden, mean in mean_hours.items():
            mine = [duty for duty in duties if duty.shift.burden is burden]
            free = [duty for duty in mine if not duty.is_given]
            if free:
                lacking = targets.get((gp_id, burden), 0.0) * 60 - sum(duty.minutes for duty in mine if duty.is_given)
                cells.append(Cell(gp_id, free, lacking, mean * 60, gp_id not in aside))
    squares = [_squares(roster_model.model, cell) for cell in cells]
    return Spread(cells, cp_model.LinearExpr.sum(squares))


def _squares(model: cp_model.CpModel, cell: Cell) -> Expression:
    """The square of a deviation as steps from sum to sum, each dearer than the one before."""
    tick, sums = cell.tick, cell.sums()
    steps = [model.new_int_var(0, after - before, "") for before, after in pairwise(sums)]
    ticks = [duty.minutes // tick for duty in cell.free]
    taken = cp_model.LinearExpr.weighted_sum([duty.taken for duty in cell.free], ticks)
    model.add(taken == cp_model.LinearExpr.sum(steps))
    squares = [cell.deviation(tick * reached) ** 2 for reached in sums]
    slopes = [
        round(SCALE * (high - low) / (after - before))
        for (low, high), (before, after) in zip(pairwise(squares), pairwise(sums), strict=True)
    ]
    return cp_model.LinearExpr.weighted_sum(steps, slopes)
