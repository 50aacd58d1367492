"""The second process: it trades among the GPs it is given, and its loss is no disaster."""

from __future__ import annotations

from datetime import date

import numpy as np

from scheduler.demand import shifts_of
from scheduler.domain.time import Period
from scheduler.generate import generate
from scheduler.solve import solve
from scheduler.solve.helper import Helper, Opening, Turn
from scheduler.solve.problem import build_problem
from scheduler.solve.start import as_rows
from scheduler.solve.state import State


def test_a_turn_moves_shifts_only_among_those_who_trade_and_a_lost_helper_says_so() -> None:
    """One turn for half of the GPs; then the process is killed, and the next turn brings nothing."""
    of = generate(gps=30, posts=1, seed=2).replace(period=Period(start=date(2027, 9, 1), end=date(2027, 10, 15)))
    made = solve(of, time_limit=2, workers=1)
    shifts = shifts_of(of)
    state = State(build_problem(of, shifts, made.targets))
    rows = as_rows(state, made.roster.gp_of)
    among = np.arange(0, len(state.problem.gp_ids), 2)
    turn = Turn(rows, None, among, np.ones(len(shifts), dtype=np.bool_), np.ones(state.problem.target.shape), 0.5, 1)
    helper = Helper(Opening(of, shifts, made.targets))
    try:
        helper.begin(turn)
        found = helper.finish()
        assert found is not None
        others = ~np.isin(rows, among)
        np.testing.assert_array_equal(found[others], rows[others])
        assert np.isin(found[~others], among).all()
    finally:
        helper.close()
    helper.begin(turn)
    assert helper.finish() is None
    assert helper.lost
