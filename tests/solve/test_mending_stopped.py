"""A solver that mends is stopped while it works."""

from __future__ import annotations

from random import Random

from ortools.sat.python import cp_model

from scheduler.solve.mending import stopped_when


def test_a_solver_is_stopped_while_it_works() -> None:
    """Six sums that are to come out exactly take a solver hours; told to stop, it knows nothing yet."""
    random, model = Random(1), cp_model.CpModel()
    chosen = [model.new_bool_var("") for _ in range(50)]
    for _ in range(6):
        prices = [random.randrange(1, 100) for _ in chosen]
        model.add(cp_model.LinearExpr.weighted_sum(chosen, prices) == sum(prices) // 2)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    with stopped_when(solver, lambda: True):
        assert solver.solve(model) == cp_model.UNKNOWN
