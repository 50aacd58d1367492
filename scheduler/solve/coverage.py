"""Coverage proved: how many shifts no roster can fill, found by CP-SAT on the dossier or on windows of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY
from scheduler.solve.clock import Clock
from scheduler.solve.exact import Question, Solver
from scheduler.solve.problem import Problem
from scheduler.solve.start import as_rows, to_roster
from scheduler.solve.state import NOBODY, State

WHOLE = 40_000
AROUND_DAYS = 10


def is_small(problem: Problem) -> bool:
    """Whether one exact model of the whole dossier can be solved in seconds."""
    return int(problem.may.sum()) <= WHOLE


def cover(state: State, solver: Solver, clock: Clock, budget: float, seed: int) -> int:
    """Fill what can still be filled; returns a number of shifts of which it is proven that no roster fills them.

    Dossiers small enough are one window and so exact. In larger ones every cluster of open shifts is a window of its
    own: solved beside the rest of the roster to fill it, and by itself, without the rest, for the proof. `budget` is in
    seconds of the solver's own time, so that runs repeat; the clock, which is for this alone, still rules.
    """
    if is_small(state.problem) and state.keep is None:
        return _solve(state, solver, state.problem.shifts, None, clock, budget, seed)
    proven = 0
    windows = _clusters(state)
    for number, shifts in enumerate(windows):
        if clock.over:
            break
        ids, before = {shift.id for shift in shifts}, to_roster(state)
        beside = before.replace(gp_of={sid: gp for sid, gp in before.gp_of.items() if sid not in ids})
        part, share = clock.left / (len(windows) - number) / 2, budget / len(windows) / 2
        _solve(state, solver, shifts, beside, clock.part(part), share, seed)
        proven += _solve(state, solver, shifts, None, clock.part(part), share, seed)
    return proven


def _clusters(state: State) -> list[tuple[Shift, ...]]:
    """Windows of shifts around the open ones; open shifts less than two windows apart share one."""
    problem = state.problem
    spans: list[tuple[date, date]] = []
    for day in sorted({problem.shifts[n].day for n in np.flatnonzero(state.gp_of == NOBODY).tolist()}):
        first, last = day - DAY * AROUND_DAYS, day + DAY * AROUND_DAYS
        if spans and first <= spans[-1][1]:
            first = spans.pop()[0]
        spans.append((first, last))
    return [tuple(s for s in problem.shifts if first <= s.day <= last) for first, last in spans]


def _solve(
    state: State, solver: Solver, shifts: Sequence[Shift], beside: Roster | None, clock: Clock, budget: float, seed: int
) -> int:
    """Ask for the fewest open shifts of the window; take the roster over where it fits the rest and fills more."""
    before = to_roster(state)
    question = Question(shifts, beside, before, state.problem.gp_ids, None, budget, clock.left, seed)
    found = solver.ask(question, clock)
    ids = {shift.id for shift in shifts}
    outside = {sid: gp for sid, gp in before.gp_of.items() if sid not in ids}
    fits = beside is not None or not outside
    if found.gp_of is not None and fits and len(found.gp_of) + len(outside) > len(before.gp_of):
        state.become(as_rows(state, outside | dict(found.gp_of)))
    return found.bound
