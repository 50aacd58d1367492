"""Questions to CP-SAT about a window of shifts, answered in a process of their own.

The solver has crashed others and cannot always be stopped from outside (google/or-tools #5003, #5025); here a crash
costs an answer, never a roster. What it claims is kept modest: coefficients stay small, the presolve step behind a
wrong optimum (#5293) is off, and every roster it finds is judged again by the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

from ortools.sat.python import cp_model

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.model.build import build
from scheduler.model.objective import keep_within, open_shifts
from scheduler.model.roster_model import RosterModel
from scheduler.solve.child import Child, answer, messages
from scheduler.solve.clock import Clock

DETERMINISTIC_PER_SECOND = 0.5
GRACE_SECONDS = 2.0
NEARLY = 0.99
READY = "ready"


@dataclass(frozen=True)
class Within:
    """Keep every deviation at or under `most` shifts (`own_most` where that has it), at most `open_shifts` open."""

    targets: Mapping[tuple[str, Burden], float]
    mean_hours: Mapping[Burden, float]
    most: float
    open_shifts: int
    own_most: Mapping[tuple[str, Burden], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """Who can do `shifts` beside what is given, with the fewest open, or within limits of fairness if these are set.

    `budget` is in seconds of the solver's own, deterministic time; `seconds` of the clock, building the model included.
    """

    shifts: Sequence[Shift]
    beside: Roster | None
    hint: Roster
    gp_ids: Sequence[str]
    within: Within | None
    budget: float
    seconds: float
    seed: int


@dataclass(frozen=True)
class Answer:
    """Who does what (None: nothing found), a bound on the shifts that stay open, and how much budget it took.

    `is_cut`: the clock ended the search before its budget was used.
    """

    gp_of: Mapping[str, str] | None
    bound: int
    used: float
    is_cut: bool = False


NOTHING = Answer(None, 0, 0.0, is_cut=True)


class Solver:
    """The main process's end of the process that holds CP-SAT."""

    def __init__(self, dossier: Dossier) -> None:
        self._child = Child(__name__, dossier)
        self._is_ready = False
        self.was_cut = False

    def ask(self, question: Question, clock: Clock) -> Answer:
        """The answer, and keep in mind whether the clock cut any short."""
        found = self._ask(question, clock)
        self.was_cut = self.was_cut or found.is_cut
        return found

    def _ask(self, question: Question, clock: Clock) -> Answer:
        """The answer; nothing when the solver is lost, or overdue, or the run is stopped.

        The time that the process takes to start, on a busy machine longer than many an answer, is the question's too.
        """
        patience = Clock(question.seconds, clock.cancelled)
        if not self._is_ready:
            if not self._child.wait(lambda: patience.over):
                return NOTHING
            self._is_ready = self._child.receive() == READY
        self._child.send(replace(question, seconds=patience.left))
        overdue = Clock(patience.left + GRACE_SECONDS, clock.cancelled)
        return cast("Answer | None", self._child.receive(lambda: overdue.over)) or NOTHING

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._child.close()


def main() -> None:
    """Answer questions until the input ends."""
    incoming = messages()
    dossier = cast("Dossier", next(incoming))
    answer(READY)
    for question in cast("Sequence[Question]", incoming):
        answer(solve_question(dossier, question))


def solve_question(dossier: Dossier, question: Question) -> Answer:
    """Build the model and solve it, with one worker and a strong relaxation: that proves these models soonest."""
    clock = Clock(question.seconds)
    model = build(dossier, question.shifts, question.beside, question.gp_ids)
    model.hint(question.hint)
    if question.within is None:
        model.model.minimize(open_shifts(model))
    else:
        within = question.within
        model.model.add(open_shifts(model) <= within.open_shifts)
        most = dict.fromkeys(within.mean_hours, within.most)
        keep_within(model, within.targets, within.mean_hours, most, within.own_most)
    return _solved(model, question, clock)


def _solved(model: RosterModel, question: Question, clock: Clock) -> Answer:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.presolve_inclusion_work_limit = 0
    solver.parameters.random_seed = question.seed
    solver.parameters.max_time_in_seconds = max(0.1, clock.left)
    deterministic = max(0.1, question.budget * DETERMINISTIC_PER_SECOND)
    solver.parameters.max_deterministic_time = deterministic
    status = solver.solve(model.model)
    used = solver.response_proto.deterministic_time / DETERMINISTIC_PER_SECOND
    bound = 0 if status == cp_model.UNKNOWN else max(0, round(solver.best_objective_bound - 1e-6))
    is_open = status in {cp_model.UNKNOWN, cp_model.FEASIBLE}
    is_cut = is_open and solver.response_proto.deterministic_time < NEARLY * deterministic
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return Answer(None, bound, used, is_cut)
    return Answer(dict(model.roster(solver.boolean_value).gp_of), bound, used, is_cut)
