"""A peer: one CP-SAT model of the whole dossier, rules and wishes and all, one goal after the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from ortools.sat.python import cp_model

from benchmarks.peer import Options, main
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.fair_shares import fair_shares
from scheduler.fairness import mean_hours
from scheduler.model import RosterModel, build
from scheduler.model.objective import fairness, open_shifts, soft_cost

SOLVED = (cp_model.OPTIMAL, cp_model.FEASIBLE)


def make(dossier: Dossier, options: Options) -> Roster | None:
    """Open shifts, then the largest deviation, squares and soft cost; None: nothing found in time.

    Each goal gets half of the time that is left, begins with the roster of the one before and may not undo it.
    """
    stop = time.monotonic() + options.time_limit
    found = build(dossier, shifts_of(dossier))
    best: Roster | None = None
    for goal in _goals(found):
        solver = _solver(options, (stop - time.monotonic()) / 2)
        found.model.minimize(goal)
        if solver.solve(found.model) not in SOLVED:
            break
        best = found.roster(solver.boolean_value)
        found.model.add(goal <= round(solver.objective_value))
        _begin_with(found, best)
    return best


def _goals(found: RosterModel) -> Iterator[cp_model.LinearExprT]:
    """What to minimise, each put into the model when its turn comes."""
    yield open_shifts(found)
    targets = fair_shares(found.dossier, found.shifts).targets
    fair = fairness(found, targets, mean_hours(found.shifts))
    yield fair.worst
    yield fair.squares
    yield soft_cost(found)


def _solver(options: Options, seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    solver.parameters.num_workers = options.workers
    solver.parameters.random_seed = options.seed
    if options.work_limit is not None:
        solver.parameters.max_deterministic_time = options.work_limit
    return solver


def _begin_with(found: RosterModel, roster: Roster) -> None:
    found.model.clear_hints()  # type: ignore[no-untyped-call]
    found.hint(roster)


if __name__ == "__main__":
    main(make, Path(__file__).stem)
