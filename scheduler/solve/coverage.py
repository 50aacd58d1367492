"""Coverage proved: how many shifts no roster can fill, found by CP-SAT on the dossier or on windows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY
from scheduler.model.build import build
from scheduler.model.objective import open_shifts
from scheduler.model.roster_model import RosterModel
from scheduler.solve.clock import Clock
from scheduler.solve.start import as_rows, to_roster
from scheduler.solve.state import NOBODY, State

WHOLE = 40_000
AROUND_DAYS = 10
PART_OF_TIME = 0.7
DETERMINISTIC_PER_SECOND = 0.5


@dataclass(frozen=True)
class Covered:
    """What a solve of a window found: who does what, if better, and a bound on the shifts that stay open."""

    gp_of: dict[str, str] | None
    bound: int


def cover(state: State, clock: Clock, budget: float, seed: int) -> int:
    """Fill what can still be filled; returns a number of shifts of which it is proven that no roster fills them.

    Dossiers small enough are one window and so exact. In larger ones every cluster of open shifts is a window of its
    own: solved beside the rest of the roster to fill it, and by itself, without the rest, for the proof. `budget` is in
    seconds of the solver's own time, so that runs repeat; the clock still rules.
    """
    problem = state.problem
    if int(problem.may.sum()) <= WHOLE:
        return _cover_window(state, problem.shifts, clock, budget, seed, whole=True)
    proven = 0
    windows = _clusters(state)
    for number, shifts in enumerate(windows):
        if clock.over:
            break
        part = clock.part(PART_OF_TIME * clock.left / (len(windows) - number))
        proven += _cover_window(state, shifts, part, budget / len(windows), seed, whole=False)
    return proven


def _clusters(state: State) -> list[tuple[Shift, ...]]:
    """Windows of shifts around the open ones; open shifts less than two windows apart share one."""
    problem = state.problem
    days = sorted({problem.shifts[n].day for n in np.flatnonzero(state.gp_of == NOBODY).tolist()})
    spans: list[list[object]] = []
    for day in days:
        first, last = day - DAY * AROUND_DAYS, day + DAY * AROUND_DAYS
        if spans and first <= spans[-1][1]:  # type: ignore[operator]
            spans[-1][1] = last
        else:
            spans.append([first, last])
    return [tuple(s for s in problem.shifts if first <= s.day <= last) for first, last in spans]  # type: ignore[operator]


def _cover_window(state: State, shifts: Sequence[Shift], clock: Clock, budget: float, seed: int, *, whole: bool) -> int:
    before = to_roster(state)
    ids = {shift.id for shift in shifts}
    beside = None if whole else before.replace(gp_of={sid: gp for sid, gp in before.gp_of.items() if sid not in ids})
    model = build(state.problem.dossier, shifts, beside, state.problem.gp_ids)
    model.hint(before)
    found = _fewest_open(model, clock if whole else clock.part(clock.left / 2), budget, seed)
    if found.gp_of is not None and len(found.gp_of) > sum(1 for sid in before.gp_of if sid in ids):
        outside = {} if beside is None else dict(beside.gp_of)
        state.become(as_rows(state, outside | found.gp_of))
    if whole or clock.over:
        return found.bound if whole else 0
    alone = build(state.problem.dossier, shifts, None, state.problem.gp_ids)
    return _fewest_open(alone, clock, budget, seed).bound


def _fewest_open(model: RosterModel, clock: Clock, budget: float, seed: int) -> Covered:
    """Minimise the open shifts; one worker with a strong relaxation proves this quicker than a portfolio would."""
    model.model.minimize(open_shifts(model))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.1, clock.left)
    solver.parameters.max_deterministic_time = budget * DETERMINISTIC_PER_SECOND
    status = solver.solve(model.model, _StopWhenOver(clock))
    bound = max(0, round(solver.best_objective_bound - 1e-6)) if status != cp_model.UNKNOWN else 0
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Covered(None, bound)
    return Covered(dict(model.roster(solver.boolean_value).gp_of), bound)


class _StopWhenOver(cp_model.CpSolverSolutionCallback):
    """Ends the search at the first solution after a wish to stop."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def on_solution_callback(self) -> None:
        """Look at the clock."""
        if self._clock.over:
            self.stop_search()
