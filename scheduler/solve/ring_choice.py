"""The exact choice among rings: most shifts moved, then the least cost, by CP-SAT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from scheduler.solve.ring_master import Rows
from scheduler.solve.ring_puzzle import Ring


@dataclass(frozen=True)
class Choice:
    """The rings taken (by place), whether that is proven to be best, and the most shifts that could be moved."""

    places: tuple[int, ...]
    proven: bool
    bound: int


def choose(
    rows: Rows,
    rings: Sequence[Ring],
    kept: Sequence[Ring],
    hint: frozenset[Ring],
    *,
    budget: float,
    seconds: float,
    seed: int,
) -> Choice | None:
    """The best of `rings` that fit together beside those `kept`; None where nothing was found in time.

    One worker, a fixed seed and a `budget` of the solver's own time: the same question has the same answer, unless
    `seconds` of the clock end it sooner.
    """
    model = cp_model.CpModel()
    take = [model.new_bool_var("") for _ in rings]
    _hold_rows(model, take, rows, rings, kept)
    costs = [int(rows.graph.cost[list(ring)].sum()) for ring in rings]
    a_shift = 1 + _widest(rows, rings)
    worth = [len(ring) * a_shift - price for ring, price in zip(rings, costs, strict=True)]
    model.maximize(cp_model.LinearExpr.weighted_sum(take, worth))
    for variable, ring in zip(take, rings, strict=True):
        model.add_hint(variable, ring in hint)
    solver = _solver(budget, seconds, seed)
    status = solver.solve(model)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None
    chosen = tuple(place for place, variable in enumerate(take) if solver.boolean_value(variable))
    # costs of any choice stay within half of what a shift counts for on either side, so rounding tells the shifts
    bound = round(solver.best_objective_bound / a_shift + 1e-9)
    return Choice(chosen, status == cp_model.OPTIMAL, bound)


def _hold_rows(
    model: cp_model.CpModel,
    take: Sequence[cp_model.IntVar],
    rows: Rows,
    rings: Sequence[Ring],
    kept: Sequence[Ring],
) -> None:
    """No row holds more of the rings taken than it has room for beside those kept."""
    room = rows.most - rows.used(kept)
    counts = rows.of(rings).tocsr()
    for row in np.flatnonzero(np.diff(counts.indptr)):
        here = slice(counts.indptr[row], counts.indptr[row + 1])
        those, values = [take[at] for at in counts.indices[here]], counts.data[here]
        if room[row] == 1 and (values == 1).all():
            model.add_at_most_one(those)
        else:
            model.add(cp_model.LinearExpr.weighted_sum(those, values.tolist()) <= int(room[row]))


def _solver(budget: float, seconds: float, seed: int) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.presolve_inclusion_work_limit = 0
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = budget
    solver.parameters.max_time_in_seconds = max(0.05, seconds)
    return solver


def _widest(rows: Rows, rings: Sequence[Ring]) -> int:
    """Twice the most that costs of any choice can add up to, either way: each node gives or takes once."""
    cost, tail = rows.graph.cost, rows.graph.tail
    arcs = np.array(sorted({arc for ring in rings for arc in ring}), np.int64)
    worst = np.zeros(rows.graph.size, np.int64)
    np.maximum.at(worst, tail[arcs], np.abs(cost[arcs]))
    return int(2 * worst.sum())
