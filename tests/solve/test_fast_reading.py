"""The fast reading of rules and wishes says what the rules' own checks and the wishes' own costs say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.time import Period
from scheduler.rules.verdict import broken_by
from scheduler.solve.fair_cost import FairCost, within_limits
from scheduler.solve.insertion import judge
from scheduler.solve.problem import build_problem
from scheduler.solve.soft_cost import soft_cost
from scheduler.solve.start import to_roster
from scheduler.solve.state import NOBODY, State
from scheduler.wishes import parts_of, total
from tests.duty_builders import a_dossier, a_gp, a_shift_type, an_agreement
from tests.strategies import dossiers, rosters

QUIET = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def _legal_state(dossier: Dossier, roster: Roster) -> State | None:
    """A state with those shifts of `roster` that, one after the other, break no rule by the rules' own checks."""
    shifts = shifts_of(dossier)
    if not shifts:
        return None
    state = State(build_problem(dossier, shifts, {}))
    kept = Roster(shifts=shifts)
    row = {gp: n for n, gp in enumerate(state.problem.gp_ids)}
    for index, shift in enumerate(shifts):
        gp_id = roster.gp_of.get(shift.id)
        if gp_id in row and not broken_by(dossier, kept, gp_id, shift):
            kept = kept.with_gp(shift.id, gp_id)
            state.add(np.array([row[gp_id]]), np.array([index]))
    return state


@QUIET
@given(st.data())
def test_a_gp_may_take_a_shift_by_the_fast_reading_exactly_when_no_rule_would_be_broken(data: st.DataObject) -> None:
    """Every open shift against every GP, limits at the edge, beside a legal roster."""
    dossier = data.draw(dossiers())
    state = _legal_state(dossier, data.draw(rosters(dossier, able=True)))
    if state is None:
        return
    problem = state.problem
    open_shifts = np.flatnonzero(state.gp_of == NOBODY)[:40]
    gps = np.arange(len(problem.gp_ids))
    fast = judge(state, gps, open_shifts).legal & within_limits(state, gps, open_shifts)
    roster = to_roster(state)
    for row, gp_id in enumerate(problem.gp_ids):
        for column, index in enumerate(open_shifts.tolist()):
            broken = broken_by(dossier, roster, gp_id, problem.shifts[index])
            assert fast[row, column] == (not broken), (gp_id, problem.shifts[index].id, broken)


@QUIET
@given(st.data())
def test_the_soft_cost_a_shift_adds_by_the_fast_reading_is_what_the_wishes_say(data: st.DataObject) -> None:
    """The cost of a GP's shifts with the shift, less the cost without it."""
    dossier = data.draw(dossiers())
    state = _legal_state(dossier, data.draw(rosters(dossier, able=True)))
    if state is None:
        return
    problem, roster = state.problem, to_roster(state)
    open_shifts = np.flatnonzero(state.gp_of == NOBODY)[:40]
    judged = judge(state, np.arange(len(problem.gp_ids)), open_shifts)
    for row, gp_id in enumerate(problem.gp_ids):
        own = roster.by_gp.get(gp_id, ())
        before = sum(parts_of(dossier, gp_id, own).values())
        for column, index in enumerate(open_shifts.tolist()):
            if judged.legal[row, column]:
                more = sorted((*own, problem.shifts[index]), key=lambda shift: (shift.starts_at, shift.id))
                after = sum(parts_of(dossier, gp_id, more).values())
                assert judged.cost[row, column] == pytest.approx(after - before, abs=1e-3)


@QUIET
@given(st.data())
def test_the_soft_cost_of_a_state_is_that_of_its_roster(data: st.DataObject) -> None:
    """All parts together, wishes of doctors who are never on duty included."""
    dossier = data.draw(dossiers())
    state = _legal_state(dossier, data.draw(rosters(dossier, able=True)))
    if state is not None:
        assert soft_cost(state) == pytest.approx(total(dossier, to_roster(state)), abs=1e-2)


@QUIET
@given(st.data())
def test_taking_shifts_back_leaves_no_trace(data: st.DataObject) -> None:
    """After adding and removing, every array of the state is as it was."""
    dossier = data.draw(dossiers())
    state = _legal_state(dossier, data.draw(rosters(dossier, able=True)))
    if state is None:
        return
    before = {name: np.copy(value) for name, value in vars(state).items() if isinstance(value, np.ndarray)}
    given_shifts = np.flatnonzero(state.gp_of != NOBODY)
    _, first = np.unique(state.gp_of[given_shifts], return_index=True)
    one_each = given_shifts[first]
    holders = state.gp_of[one_each].copy()
    state.remove(holders, one_each)
    state.add(holders, one_each)
    for name, value in before.items():
        np.testing.assert_allclose(getattr(state, name), value, atol=1e-4, err_msg=name)


@QUIET
@given(st.data())
def test_the_fairness_cost_of_receiving_a_shift_is_the_difference_it_makes_to_the_total(data: st.DataObject) -> None:
    """Priced before, and counted after the shift was given."""
    dossier = data.draw(dossiers())
    shifts = shifts_of(dossier)
    if not shifts:
        return
    target = data.draw(st.floats(0, 30))
    targets = {(gp.id, burden): target for gp in dossier.gps for burden in Burden}
    problem = build_problem(dossier, shifts, targets)
    state, fair = State(problem), FairCost(problem, np.full(problem.target.shape, 0.5))
    shift = data.draw(st.integers(0, len(shifts) - 1))
    gp = np.array([data.draw(st.integers(0, len(problem.gp_ids) - 1))])
    before, priced = fair.total(state), fair.of_receiving(state, gp, np.array([shift]))[0, 0]
    state.add(gp, np.array([shift]))
    assert fair.total(state) - before == pytest.approx(priced, rel=1e-6, abs=1e-3)


def _nights_dossier(rest: float, longest: int) -> Dossier:
    """One GP, ten days with a night, an evening and a day shift each; only the rules on nights can be broken."""
    rules = {
        "min_rest_hours": 0,
        "rest_after_night_hours": 9,
        "max_consecutive_nights": longest,
        "rest_after_night_series_hours": rest,
        "max_shifts_per_week": 21,
        "max_hours_per_4_weeks": 600,
        "max_weekends_in_5": 5,
    }
    kinds = tuple(a_shift_type(name) for name in ("night", "evening", "day"))
    gp = a_gp("G1", Contract.LOCUM)
    period = Period(start=date(2027, 6, 7), end=date(2027, 6, 16))
    return a_dossier(
        gp, agreements=(an_agreement("G1", Contract.LOCUM),), period=period, rules=rules, shift_types=kinds
    )


@settings(QUIET, max_examples=120)
@given(
    st.sets(st.integers(0, 29), max_size=12),
    st.sampled_from((9.0, 15.0, 15.25, 23.75, 24.0, 33.0, 33.25, 39.0, 39.25, 48.0, 57.0)),
    st.integers(2, 5),
)
def test_series_of_nights_read_alike(wanted: set[int], rest: float, longest: int) -> None:
    """Rest before and after three or more nights in a row, at gaps of exactly what is needed."""
    dossier = _nights_dossier(rest, longest)
    shifts = shifts_of(dossier)
    nights_first = sorted(wanted & set(range(len(shifts))), key=lambda index: (not shifts[index].is_night, index))
    state, kept = State(build_problem(dossier, shifts, {})), Roster(shifts=shifts)
    for index in nights_first:
        if not broken_by(dossier, kept, "G1", shifts[index]):
            kept = kept.with_gp(shifts[index].id, "G1")
            state.add(np.array([0]), np.array([index]))
    open_shifts = np.flatnonzero(state.gp_of == NOBODY)
    fast = judge(state, np.array([0]), open_shifts).legal[0]
    for column, index in enumerate(open_shifts.tolist()):
        assert fast[column] == (not broken_by(dossier, kept, "G1", shifts[index])), shifts[index].id
