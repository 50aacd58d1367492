"""What a model may minimise, in order: open shifts, the largest deviation, the squares, the soft cost.

Each is linear with small whole coefficients. Minimise one, add it with `<=` its best value, and go on to the next:

    roster_model = build(dossier, shifts)
    goal = open_shifts(roster_model)
    roster_model.model.minimize(goal)
    # solve, then
    roster_model.model.add(goal <= found)
    fair = fairness(roster_model, targets, mean_hours(shifts))
    roster_model.model.minimize(fair.worst)

For the largest deviation of a whole dossier `keep_within` and halving is the quicker way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, gcd
from types import MappingProxyType

from ortools.sat.python import cp_model

from scheduler.domain.shift import Burden
from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes import TERMS
from scheduler.rules.duties import TOLERANCE

COST_SCALE = 100
"""Units of `soft_cost` in one unit of the weights."""
SHIFT_SCALE = 1000
"""Units of `Fairness.largest` and `Fairness.worst` in one shift."""
SQUARE_SCALE = 160_000
"""Units of `Fairness.squares` in one squared shift."""
_FINE = 100
_STEPS_A_SHIFT = 4
_STEP_SCALE = SQUARE_SCALE // _STEPS_A_SHIFT**2
_MOST_STEPS = 6 * _STEPS_A_SHIFT

Expression = cp_model.LinearExprT


@dataclass(frozen=True)
class Fairness:
    """Deviations in the model, of the GPs in it, given duties included.

    `largest[burden]` and `worst` (over all burdens) are bounds from above in 1/1000 shift, which minimising brings down
    to the largest deviation; `squares` is the sum of squares in 1/160000 squared shift, exact at each quarter of a
    shift and a straight line in between, up to six shifts.
    """

    largest: Mapping[Burden, cp_model.IntVar]
    worst: cp_model.IntVar
    squares: Expression


def open_shifts(roster_model: RosterModel) -> Expression:
    """The number of shifts of the window that stay open."""
    return cp_model.LinearExpr.sum(list(roster_model.unfilled.values()))


def soft_cost(roster_model: RosterModel, parts: Sequence[str] = tuple(TERMS)) -> Expression:
    """The cost of `parts` for the GPs in the model, in 1/100 of the unit of the weights, given duties included.

    Only the spacing between days that the window cannot change is left out.
    """
    terms = [term for part in parts for term in TERMS[part](roster_model) if term.cost]
    weights = [round(term.cost * COST_SCALE) for term in terms]
    return cp_model.LinearExpr.weighted_sum([term.literal for term in terms], weights)


def fairness(
    roster_model: RosterModel, targets: Mapping[tuple[str, Burden], float], mean_hours: Mapping[Burden, float]
) -> Fairness:
    """Add the deviations from `targets` (hours per GP and burden) to the model.

    `mean_hours` is the mean length of a shift of each burden over the whole demand, not over the window.
    """
    model = roster_model.model
    tick = gcd(*(duty.minutes for duties in roster_model.duties.values() for duty in duties)) or 60
    top = _ceiling(roster_model, targets, mean_hours)
    largest, squares = {}, []
    for burden, mean in mean_hours.items():
        largest[burden] = model.new_int_var(0, top, f"largest {burden}")
        a_shift = mean * 60 / tick * _FINE
        for gp_id in roster_model.gp_ids:
            mine = [duty for duty in roster_model.duties[gp_id] if duty.shift.burden is burden]
            target = targets.get((gp_id, burden), 0.0) * 60 / tick * _FINE
            if mine or target > 0:
                weights = [duty.minutes // tick * _FINE for duty in mine]
                most = max(round(target), sum(weights))
                assigned = cp_model.LinearExpr.weighted_sum([duty.taken for duty in mine], weights)
                off = _distance(model, assigned, round(target), most)
                model.add(SHIFT_SCALE * off <= round(a_shift) * largest[burden])
                squares.append(_square(model, off, most, round(a_shift)))
    worst = model.new_int_var(0, top, "worst")
    for bound in largest.values():
        model.add(bound <= worst)
    return Fairness(largest, worst, cp_model.LinearExpr.sum(squares))


def keep_within(
    roster_model: RosterModel,
    targets: Mapping[tuple[str, Burden], float],
    mean_hours: Mapping[Burden, float],
    most: Mapping[Burden, float],
    own_most: Mapping[tuple[str, Burden], float] = MappingProxyType({}),
) -> None:
    """Allow no deviation above `most[burden]` shifts; a burden that is not in `most` is left free.

    `own_most` holds instead for the GPs and burdens in it.
    Halving `most` until it is infeasible finds and proves the least largest deviation far quicker than minimising
    `Fairness.worst`: plain bounds on sums propagate.
    """
    for gp_id in roster_model.gp_ids:
        for burden, limit in most.items():
            mine = [duty for duty in roster_model.duties[gp_id] if duty.shift.burden is burden]
            own_limit = own_most.get((gp_id, burden), limit)
            target, room = targets.get((gp_id, burden), 0.0) * 60, own_limit * mean_hours[burden] * 60
            if mine or target > 0:
                minutes = cp_model.LinearExpr.weighted_sum([d.taken for d in mine], [d.minutes for d in mine])
                least = max(0, ceil(target - room - TOLERANCE))
                roster_model.model.add_linear_constraint(minutes, least, max(0, floor(target + room + TOLERANCE)))


def _ceiling(
    roster_model: RosterModel, targets: Mapping[tuple[str, Burden], float], mean_hours: Mapping[Burden, float]
) -> int:
    """A deviation, in 1/1000 shift, that nobody can exceed."""
    most = max((sum(duty.shift.hours for duty in duties) for duties in roster_model.duties.values()), default=0.0)
    least_mean = min(mean_hours.values(), default=1.0)
    return int((most + max(targets.values(), default=0.0)) / least_mean * SHIFT_SCALE) + 2 * SHIFT_SCALE


def _distance(model: cp_model.CpModel, assigned: Expression, target: int, most: int) -> cp_model.IntVar:
    """A bound on the distance, at most `most`, between what is assigned and the target; all in 1/100 tick."""
    off: cp_model.IntVar = model.new_int_var(0, most, "")
    model.add(assigned - target <= off)
    model.add(target - assigned <= off)
    return off


def _square(model: cp_model.CpModel, off: cp_model.IntVar, most: int, a_shift: int) -> Expression:
    """The square of a deviation as steps, each dearer than the one before."""
    width = max(1, a_shift // _STEPS_A_SHIFT)
    count = min(_MOST_STEPS, most // width + 1)
    steps = [model.new_int_var(0, width, "") for _ in range(count - 1)] + [model.new_int_var(0, most, "")]
    model.add(cp_model.LinearExpr.sum(steps) >= off)
    prices = [round((2 * number + 1) * _STEP_SCALE / width) for number in range(count)]
    return cp_model.LinearExpr.weighted_sum(steps, prices)
