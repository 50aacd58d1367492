"""The fairest roster of a small, tight dossier: where time itself stands in the way of fairness, CP-SAT halves it.

Moves from GP to GP get stuck there, as every legal change of one roster needs several GPs to change several shifts.
"""

from __future__ import annotations

from ortools.sat.python import cp_model

from scheduler.domain.shift import Burden
from scheduler.model.build import build
from scheduler.model.objective import keep_within, open_shifts
from scheduler.solve.clock import Clock
from scheduler.solve.fair_cost import deviations
from scheduler.solve.problem import MINUTE
from scheduler.solve.start import as_rows, to_roster
from scheduler.solve.state import NOBODY, State

NEAR_ENOUGH = 0.1
STEP = 0.5
DETERMINISTIC_PER_SECOND = 0.5


def narrow(state: State, bound: float, clock: Clock, budget: float, seed: int) -> None:
    """Bring the largest deviation nearer to `bound` (shifts), with no more shifts open than there are.

    `budget`: seconds that this may take, in the solver's own time where it can, so that runs repeat. What is given in
    locks stays, as the model holds that rule too.
    """
    least, most = bound, float(deviations(state).max())
    while most - least > NEAR_ENOUGH and budget > 0 and not clock.over:
        aim = least + STEP * (most - least)
        found, used = _solve(state, aim, clock, budget, seed)
        budget -= used
        if found is None:
            least = aim
        else:
            state.become(as_rows(state, found))
            most = float(deviations(state).max())


def _solve(state: State, aim: float, clock: Clock, budget: float, seed: int) -> tuple[dict[str, str] | None, float]:
    """A roster with every deviation at or under `aim`, if one is found, and the seconds of the budget it took."""
    problem = state.problem
    model = build(problem.dossier, problem.shifts, None, problem.gp_ids)
    model.hint(to_roster(state))
    model.model.add(open_shifts(model) <= int((state.gp_of == NOBODY).sum()))
    means = {burden: problem.mean[n] / MINUTE for n, burden in enumerate(problem.burdens)}
    keep_within(model, _targets(state), means, dict.fromkeys(problem.burdens, aim))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.1, clock.left)
    solver.parameters.max_deterministic_time = budget * DETERMINISTIC_PER_SECOND
    status = solver.solve(model.model)
    used = solver.response_proto.deterministic_time / DETERMINISTIC_PER_SECOND
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return None, used
    return dict(model.roster(solver.boolean_value).gp_of), used


def _targets(state: State) -> dict[tuple[str, Burden], float]:
    problem = state.problem
    return {
        (gp_id, burden): float(problem.target[row, column] / MINUTE)
        for row, gp_id in enumerate(problem.gp_ids)
        for column, burden in enumerate(problem.burdens)
    }
