"""What a run begins from: locks, and an earlier roster that should change little."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from scheduler.domain.roster import Roster
from scheduler.solve.fair_cost import within_limits
from scheduler.solve.insertion import judge
from scheduler.solve.problem import Bools, Ints
from scheduler.solve.state import NOBODY, State


def as_rows(state: State, gp_of: Mapping[str, str]) -> Ints:
    """The row of the GP of each shift, `NOBODY` where it has none or one who is not on duty in this dossier."""
    row = {gp: n for n, gp in enumerate(state.problem.gp_ids)}
    return np.array([row.get(gp_of.get(shift.id, ""), NOBODY) for shift in state.problem.shifts], dtype=np.int64)


def load_locks(state: State) -> Bools:
    """Give the locked shifts to their GPs; returns which shifts may still move."""
    locks = {lock.shift_id: lock.gp_id for lock in state.problem.dossier.locks}
    rows = as_rows(state, locks)
    state.load_roster(rows)
    movable: Bools = rows == NOBODY
    return movable


def load_earlier(state: State, earlier: Roster) -> None:
    """Take over what is still legal of an earlier roster, and put a price on giving any of it to somebody else.

    Each GP's shifts are taken in order of start, one GP each at a time; the first of two that no longer go together
    stays. A shift that is locked to another GP, or is no part of the demand any more, is left out.
    """
    problem = state.problem
    rows = as_rows(state, earlier.gp_of)
    state.keep = rows
    waiting = [
        np.flatnonzero((rows == gp) & (state.gp_of == NOBODY)).tolist()[::-1] for gp in range(len(problem.gp_ids))
    ]
    while any(waiting):
        gps = np.array([gp for gp, shifts in enumerate(waiting) if shifts])
        shifts = np.array([waiting[gp].pop() for gp in gps])
        fits = (judge(state, gps, shifts).legal & within_limits(state, gps, shifts)).diagonal()
        state.add(gps[fits], shifts[fits])


def to_roster(state: State, gp_of: Ints | None = None) -> Roster:
    """The state, or another assignment of the same problem, as a roster without trainees."""
    problem, rows = state.problem, state.gp_of if gp_of is None else gp_of
    given = {s.id: problem.gp_ids[row] for s, row in zip(problem.shifts, rows.tolist(), strict=True) if row != NOBODY}
    return Roster(shifts=problem.shifts, gp_of=given)
