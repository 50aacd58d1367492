"""Deviations in the model: exactly those that `scheduler.fairness` measures."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ortools.sat.python import cp_model

from scheduler.demand import shifts_of
from scheduler.domain.roster import Roster
from scheduler.fair_shares import fair_shares
from scheduler.fairness import mean_hours, measure
from scheduler.model.build import build
from scheduler.model.spread import SCALE, spread
from tests.strategies import dossiers, rosters


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_largest_and_squares_are_as_measured(data: st.DataObject) -> None:
    """Of any two fillings of the same gaps the difference in squares is the measured one, and so is the largest."""
    of = data.draw(dossiers().filter(lambda one: bool(shifts_of(one))))
    shifts = shifts_of(of)
    window = data.draw(st.lists(st.sampled_from(shifts), min_size=1, max_size=5, unique_by=lambda shift: shift.id))
    ids = {shift.id for shift in window}
    targets, mean = fair_shares(of, shifts).targets, mean_hours(shifts)
    rest = {one: gp for one, gp in data.draw(rosters(of, able=True)).gp_of.items() if one not in ids}
    found, told = [], []
    for _ in range(2):
        roster_model = build(of, window, Roster(shifts=shifts, gp_of=rest), rules=("may_work",))
        able = {one: sorted(gp for sid, gp in roster_model.x if sid == one) for one in ids}
        drawn = {one: data.draw(st.sampled_from([None, *able[one]])) for one in sorted(ids)}
        filling = {one: gp for one, gp in drawn.items() if gp is not None}
        spreading = spread(roster_model, targets, mean)
        roster_model.fix(filling)
        roster_model.model.minimize(spreading.squares)
        solver = cp_model.CpSolver()
        assert solver.solve(roster_model.model) == cp_model.OPTIMAL
        found.append((solver.objective_value / SCALE, spreading.largest(filling)))
        measured = measure(of, Roster(shifts=shifts, gp_of=rest | filling), targets)
        touched = {(cell.gp_id, cell.free[0].shift.burden) for cell in spreading.cells}
        off = {(gp, burden): own.deviation for burden, part in measured.items() for gp, own in part.per_gp.items()}
        told.append((sum(d * d for d in off.values()), max((abs(off.get(t, 0.0)) for t in touched), default=0.0)))
    assert found[0][0] - found[1][0] == pytest.approx(told[0][0] - told[1][0], abs=2e-2)
    assert [largest for _, largest in found] == pytest.approx([largest for _, largest in told])


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_limit_on_deviations_holds_at_the_deviation_and_not_under_it(data: st.DataObject) -> None:
    """A filling is allowed at its own largest deviation, and no longer just below it."""
    of = data.draw(dossiers().filter(lambda one: bool(shifts_of(one))))
    shifts = shifts_of(of)
    window = data.draw(st.lists(st.sampled_from(shifts), min_size=1, max_size=4, unique_by=lambda shift: shift.id))
    targets, mean = fair_shares(of, shifts).targets, mean_hours(shifts)
    roster_model = build(of, window, rules=("may_work",))
    roster_model.fix({})
    spreading = spread(roster_model, targets, mean)
    largest = spreading.largest({})
    for most, status in ((largest, cp_model.OPTIMAL), (largest - 0.01, cp_model.INFEASIBLE)):
        trial = roster_model.model.clone()
        spreading.keep_within(most, trial)
        bound = any(cell.counts for cell in spreading.cells)
        assert cp_model.CpSolver().solve(trial) == (status if bound else cp_model.OPTIMAL)
    assert largest in spreading.levels(0.0) or largest == 0
