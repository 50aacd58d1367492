"""The fairest roster of a small, tight dossier: where time itself stands in the way of fairness, CP-SAT halves it.

Moves from GP to GP get stuck there, as every legal change of one roster needs several GPs to change several shifts.
"""

from __future__ import annotations

import numpy as np

from scheduler.domain.shift import Burden
from scheduler.solve.clock import Clock
from scheduler.solve.exact import Question, Solver, Within
from scheduler.solve.fair_cost import deviations
from scheduler.solve.nearness import MINUTE
from scheduler.solve.problem import Bools
from scheduler.solve.start import as_rows, to_roster
from scheduler.solve.state import NOBODY, State

NEAR_ENOUGH = 0.1
STEP = 0.5


def narrow(state: State, solver: Solver, bound: float, clock: Clock, budget: float, seed: int, aside: Bools) -> None:
    """Bring the largest deviation nearer to `bound` (shifts), with no more shifts open than there are.

    The GPs in `aside` (rows) cannot come near their targets: no deviation of theirs grows, and none counts here.
    `budget`: seconds that this may take, in the solver's own time where it can, so that runs repeat. What is given in
    locks stays, as the model holds that rule too.
    """
    problem = state.problem
    least, most = bound, _largest(state, aside)
    means = {burden: problem.mean[n] / MINUTE for n, burden in enumerate(problem.burdens)}
    while most - least > NEAR_ENOUGH and budget > 0 and not clock.over:
        aim = least + STEP * (most - least)
        open_shifts = int((state.gp_of == NOBODY).sum())
        within = Within(_targets(state), means, aim, open_shifts, _deviations(state, aside))
        hint = to_roster(state)
        question = Question(problem.shifts, None, hint, problem.gp_ids, within, budget, clock.left, seed)
        found = solver.ask(question, clock)
        budget -= max(found.used, NEAR_ENOUGH)
        if found.gp_of is None:
            least = aim
        else:
            state.become(as_rows(state, found.gp_of))
            most = _largest(state, aside)


def _largest(state: State, aside: Bools) -> float:
    return float(deviations(state)[~aside].max(initial=0.0))


def _deviations(state: State, rows: Bools) -> dict[tuple[str, Burden], float]:
    problem, off = state.problem, deviations(state)
    return {
        (problem.gp_ids[row], burden): float(off[row, column])
        for row in np.flatnonzero(rows).tolist()
        for column, burden in enumerate(problem.burdens)
    }


def _targets(state: State) -> dict[tuple[str, Burden], float]:
    problem = state.problem
    return {
        (gp_id, burden): float(problem.target[row, column] / MINUTE)
        for row, gp_id in enumerate(problem.gp_ids)
        for column, burden in enumerate(problem.burdens)
    }
