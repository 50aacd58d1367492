"""Questions to CP-SAT about a roster with gaps: who fills them, with the fewest shifts of others changing hands.

Answered in a process of its own, as those of `exact.py` are and for the same reasons. What stays in place is given;
the model holds only the gaps, the shifts of others that may go to anybody (`window`) and those that may only be let go
(`loose`).
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol, cast

from ortools.sat.python import cp_model

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.model.build import build
from scheduler.model.objective import soft_cost
from scheduler.model.spread import Spread, spread
from scheduler.solve.child import Child, answer, messages
from scheduler.solve.clock import Clock
from scheduler.solve.exact import DETERMINISTIC_PER_SECOND, GRACE_SECONDS

LEAST_SECONDS = 0.1
LOOK_SECONDS = 0.1
GO_ON = "go on"


@dataclass(frozen=True)
class Gaps:
    """What a mender starts from: the roster without those who fall out, and the shifts that so need somebody.

    `targets` in hours per GP and burden; `mean_hours` the mean length of a shift of each burden over the whole demand;
    `away` those who fall out, whose deviation nobody can help.
    """

    dossier: Dossier
    roster: Roster
    vacated: tuple[str, ...]
    targets: Mapping[tuple[str, Burden], float]
    mean_hours: Mapping[Burden, float]
    away: frozenset[str]


@dataclass(frozen=True)
class Question:
    """Fill the gaps; shifts of `window` may go from their GP to another, those of `loose` may be let go by theirs.

    `may` says, per shift of gaps and window, who may get it. A loose shift that is let go counts as one that changes
    hands and needs nobody: so the answer is a bound for every wider window. With `fair`, which goes without loose
    shifts, fairness and wishes decide among the answers with the fewest changes. `floor` is the largest deviation, in
    shifts, of those who cannot get any. `budget` is in seconds of the solver's own, deterministic time, for each goal;
    `seconds` of the clock.
    """

    window: tuple[str, ...]
    loose: tuple[str, ...]
    may: Mapping[str, frozenset[str]]
    hint: Mapping[str, str]
    fair: bool
    floor: float
    budget: float
    seconds: float
    seed: int


@dataclass(frozen=True)
class Answer:
    """Who has the shifts of gaps, window and loose (left out: nobody).

    `open_bound` holds for all answers to the question, `moved_bound` for those with no more open shifts;
    `is_fewest` and `is_fairest` say that open shifts and changes, or fairness and wishes too, are at their best.
    """

    gp_of: Mapping[str, str] | None
    open_bound: int
    moved_bound: int
    is_fewest: bool
    is_fairest: bool
    is_last: bool


class Asked(Protocol):
    """Who answers a mender's questions."""

    def ask(self, question: Question, clock: Clock, heard: Callable[[Answer], None]) -> None:
        """Let `heard` have each answer as it comes, each better than the one before; the last may stay out."""

    def close(self) -> None:
        """Have done with it."""


class Here:
    """Answers in this process: soonest for small rosters."""

    def __init__(self, gaps: Gaps) -> None:
        self._gaps = gaps

    def ask(self, question: Question, clock: Clock, heard: Callable[[Answer], None]) -> None:
        """Let `heard` have each answer, unless the clock is over; a solver that is at work is stopped with the run."""
        for found in answers(self._gaps, question, clock.cancelled):
            heard(found)
            if clock.over:
                return

    def close(self) -> None:
        """Nothing is left behind."""


class Mender:
    """The main process's end of the process that mends."""

    def __init__(self, gaps: Gaps) -> None:
        self._child = Child(__name__, gaps)

    def ask(self, question: Question, clock: Clock, heard: Callable[[Answer], None]) -> None:
        """Let `heard` have each answer as it comes, each better than the one before; the last may stay out."""
        self._child.send(question)
        patience = Clock(question.seconds + GRACE_SECONDS, clock.cancelled)
        is_last = False
        while not is_last:
            found = cast("Answer | None", self._child.receive(lambda: patience.over))
            if found is None:
                return
            heard(found)
            is_last = found.is_last
            if not is_last:
                self._child.send(GO_ON)

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._child.close()


def main() -> None:
    """Answer questions until the input ends."""
    incoming = messages()
    gaps = cast("Gaps", next(incoming))
    for question in cast("Iterator[Question]", incoming):
        for found in answers(gaps, question):
            answer(found)
            if not found.is_last:
                # one answer at a time: of two in the pipe the main process would see the first only
                next(incoming)


def answers(gaps: Gaps, question: Question, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Answer]:
    """The answers to one question: one with the fewest changes, then, where asked for, the fairest of those.

    Once `cancelled` says so each is the best so far.
    """
    search = _Search(gaps, question, cancelled)
    open_bound = search.least(search.unfilled())
    moved_bound = search.least(search.moved()) if search.is_best else 0
    is_fewest = search.is_best
    yield Answer(search.gp_of, open_bound, moved_bound, is_fewest, False, False)
    if question.loose and is_fewest:
        search.least(search.scarcity())
    if question.fair and search.gp_of:
        search.make_fair()
    yield Answer(search.gp_of, open_bound, moved_bound, is_fewest, question.fair and search.is_best, True)


class _Search:
    """One model, solved for one goal after the other; each goal, once reached, binds the next."""

    def __init__(self, gaps: Gaps, question: Question, cancelled: Callable[[], bool]) -> None:
        self._gaps, self._question = gaps, question
        self._clock = Clock(question.seconds, cancelled)
        ids = (*gaps.vacated, *question.window, *question.loose)
        allowed: defaultdict[str, set[str]] = defaultdict(set)
        for shift_id in (*gaps.vacated, *question.window):
            for gp_id in question.may[shift_id]:
                allowed[gp_id].add(shift_id)
        for shift_id in question.loose:
            allowed[gaps.roster.gp_of[shift_id]].add(shift_id)
        self._model = build(
            gaps.dossier,
            [gaps.roster.shift_by_id[shift_id] for shift_id in ids],
            gaps.roster,
            sorted(allowed),
            allowed={gp_id: frozenset(those) for gp_id, those in allowed.items()},
        )
        for shift_id in question.window:
            self._model.model.add(self._model.unfilled[shift_id] == 0)
        self.gp_of: Mapping[str, str] | None = None
        self.is_best = True
        self._hint({**{i: gaps.roster.gp_of[i] for i in ids if i in gaps.roster.gp_of}, **question.hint})

    def unfilled(self) -> cp_model.LinearExprT:
        """The number of gaps that stay open."""
        return cp_model.LinearExpr.sum([self._model.unfilled[shift_id] for shift_id in self._gaps.vacated])

    def moved(self) -> cp_model.LinearExprT:
        """The number of shifts of others that change hands."""
        owner, x = self._gaps.roster.gp_of, self._model.x
        gone = [~x[shift_id, owner[shift_id]] for shift_id in self._question.window]
        return cp_model.LinearExpr.sum([*gone, *(self._model.unfilled[i] for i in self._question.loose)])

    def scarcity(self) -> cp_model.LinearExprT:
        """How many loose shifts are let go, those that few can take over counting for more."""
        loose, may = self._question.loose, self._question.may
        prices = [1 + 100 // (1 + len(may.get(shift_id, ()))) for shift_id in loose]
        return cp_model.LinearExpr.weighted_sum([self._model.unfilled[i] for i in loose], prices)

    def make_fair(self) -> None:
        """Bring down the largest deviation, then the squares, then the wishes."""
        gaps = self._gaps
        found = spread(self._model, gaps.targets, gaps.mean_hours, gaps.away)
        self._narrow(found)
        self.least(found.squares)
        # who does how much is settled now: wishes decide who does what, which is a far smaller question
        found.keep_hours(self.gp_of or {}, self._model.model)
        self.least(soft_cost(self._model))

    def _narrow(self, found: Spread) -> None:
        """Halve the deviations that can come about: plain limits on sums are answered far sooner than a minimum."""
        levels, low = found.levels(self._question.floor), 0
        high, middle = len(levels) - 1, 0
        while low < high:
            trial = self._model.model.clone()
            trial.clear_objective()  # type: ignore[no-untyped-call]
            found.keep_within(levels[middle], trial)
            solver, status = self._solve(trial)
            if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
                self._take(solver)
                high = bisect_left(levels, found.largest(self.gp_of or {}) - 1e-9, low, middle)
            else:
                self.is_best = self.is_best and status == cp_model.INFEASIBLE
                low = middle + 1
            middle = (low + high) // 2
        found.keep_within(levels[high], self._model.model)

    def least(self, goal: cp_model.LinearExprT) -> int:
        """Bring `goal` down as far as it goes and keep it there; returns a bound that no answer undercuts."""
        model = self._model.model
        model.minimize(goal)
        solver, status = self._solve(model)
        self.is_best = self.is_best and status == cp_model.OPTIMAL
        if status in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            self._take(solver)
            model.add(goal <= round(solver.objective_value))
        return 0 if status == cp_model.UNKNOWN else max(0, round(solver.best_objective_bound - 1e-6))

    def _solve(self, model: cp_model.CpModel) -> tuple[cp_model.CpSolver, cp_model.CpSolverStatus]:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.linearization_level = 2
        solver.parameters.presolve_inclusion_work_limit = 0
        solver.parameters.random_seed = self._question.seed
        solver.parameters.max_time_in_seconds = max(LEAST_SECONDS, self._clock.left / 2)
        budget = self._question.budget * DETERMINISTIC_PER_SECOND
        solver.parameters.max_deterministic_time = max(LEAST_SECONDS, budget)
        with stopped_when(solver, self._clock.cancelled):
            return solver, solver.solve(model)

    def _take(self, solver: cp_model.CpSolver) -> None:
        self.gp_of = dict(self._model.roster(solver.boolean_value).gp_of)
        self._hint(self.gp_of)

    def _hint(self, gp_of: Mapping[str, str]) -> None:
        self._model.hint(Roster(shifts=self._model.shifts, gp_of=gp_of))


@contextmanager
def stopped_when(solver: cp_model.CpSolver, cancelled: Callable[[], bool]) -> Iterator[None]:
    """Stop what a solver does meanwhile, soon after `cancelled` says so."""
    done = threading.Event()

    def watch() -> None:
        while not done.wait(LOOK_SECONDS):
            if cancelled():
                solver.stop_search()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()
