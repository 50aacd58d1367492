"""One run of the engine, from a checked dossier to a roster with what is proven of it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.result import EndedBy, Phase, Progress, RosterResult
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.fair_shares import fair_shares
from scheduler.shortfall import find_shortfalls
from scheduler.solve.allocate import allocate, wished_kinds
from scheduler.solve.bounds import deviation_bounds, soft_cost_bound
from scheduler.solve.clock import Clock
from scheduler.solve.coverage import cover, is_small
from scheduler.solve.exact import Solver
from scheduler.solve.fair_cost import NO_QUOTA, FairCost, QuotaCost, deviations
from scheduler.solve.fairest import narrow
from scheduler.solve.helper import Helper, Opening
from scheduler.solve.place import place, settle_quotas
from scheduler.solve.problem import Floats, Ints, build_problem
from scheduler.solve.rebuild import ROUNDS_A_REBUILD, rebuild
from scheduler.solve.repair import repair, seconds_a_round
from scheduler.solve.soft_cost import soft_cost
from scheduler.solve.start import load_earlier, load_locks, to_roster
from scheduler.solve.state import NOBODY, State
from scheduler.solve.trading import Trading
from scheduler.trainees import couple_trainees
from scheduler.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

FIRST_SECONDS = 20.0
"""What a first roster may take, repaired, whatever the time limit: a guard, for it is made by counted work."""
ALLOCATION_SECONDS = 20.0
FIRST_REPAIR_ROUNDS = 60
FIRST_REBUILDS = 20
REPAIR_PART = 0.15
REBUILD_PART = 0.1
COVER_PART = 0.4
NARROW_PART = 0.25
NARROW_CLOCK = 0.6
PROVE_SECONDS_A_SHIFT = 5e-5


def solve(
    dossier: Dossier,
    *,
    time_limit: float = 60.0,
    clock_limit: float | None = None,
    workers: int = 2,
    seed: int = 1,
    start: Roster | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: threading.Event | None = None,
    spent: float = 0.0,
) -> RosterResult:
    """Make the roster of a dossier: complete if it can be, legal, as fair as whole shifts allow, wishes met.

    `time_limit` in seconds, of which `spent` are gone already; a first roster, repaired, is made whatever it is.
    `start`: an earlier roster of which as much as possible is kept. With one worker `time_limit` chooses an amount of
    work, and the result depends on dossier, time limit, seed and version only, unless the clock ends the run before
    that: `ended_by` of the result says so. It does so after `clock_limit` seconds (default: the time limit). After
    `cancel` the best roster so far comes back.
    """
    run = _Run(dossier, time_limit, clock_limit or time_limit, workers, seed, spent, progress, cancel)
    try:
        return run.result(start)
    finally:
        run.close()


class _Run:
    """The state of one run; each method is a phase."""

    def __init__(
        self,
        dossier: Dossier,
        time_limit: float,
        clock_limit: float,
        workers: int,
        seed: int,
        spent: float,
        progress: Callable[[Progress], None] | None,
        cancel: threading.Event | None,
    ) -> None:
        self.dossier, self.time_limit, self.workers, self.seed = dossier, time_limit, workers, seed
        self.progress = progress or (lambda _: None)
        self.cancel = cancel or threading.Event()
        self.seconds: dict[Phase, float] = {}
        self.unfilled_bound = 0
        self.settled = False
        self.was_cut = False
        self.clock = Clock(max(0.2, clock_limit - spent), self.cancel.is_set)
        self.first = Clock(FIRST_SECONDS, self.cancel.is_set)
        self.rng = np.random.default_rng(seed)
        self.helper: Helper | None = None
        self.solver: Solver | None = None
        with self._phase(Phase.SHARES):
            self.shifts = shifts_of(dossier)
            self.targets = fair_shares(dossier, self.shifts).targets
            if workers > 1:
                self.helper = Helper(Opening(dossier, self.shifts, self.targets))
            self.problem = build_problem(dossier, self.shifts, self.targets)
            self.state = State(self.problem)
            self.movable = load_locks(self.state)
            short = {one.gp_id for one in find_shortfalls(dossier, self.shifts, self.targets)}
            self.aside = np.array([gp_id in short for gp_id in self.problem.gp_ids], dtype=np.bool_)
        self.clock.limit = max(0.2, self.clock.limit - PROVE_SECONDS_A_SHIFT * len(self.shifts))
        self.first.limit = max(self.first.limit, self.clock.limit)

    def close(self) -> None:
        """End the processes beside this one."""
        if self.helper is not None:
            self.helper.close()
        if self.solver is not None:
            self.solver.close()

    def result(self, start: Roster | None) -> RosterResult:
        """Go through the phases in order; where no doctor may be on duty at all, every shift is left open."""
        if not self.problem.gp_ids:
            self.bounds = self.bounds_within_reach = dict.fromkeys(self.problem.burdens, 0.0)
            self.unfilled_bound = len(self.shifts)
            return self._proven()
        with self._phase(Phase.BOUNDS):
            self.bounds = deviation_bounds(self.problem)
            self.bounds_within_reach = self._bounds_within_reach()
        self.fair = FairCost(self.problem, self._most_from_bounds())
        if start is None:
            self._make()
        else:
            self._mend(start)
        if not self.settled:
            with self._phase(Phase.REPAIR):
                self._repair()
        with self._phase(Phase.EXCHANGE):
            self._exchange()
        self.was_cut = self._was_cut()
        with self._phase(Phase.PROVE):
            return self._proven()

    def _make(self) -> None:
        with self._phase(Phase.ALLOCATE):
            quota = self._allocation()
        with self._phase(Phase.PLACE):
            cost = QuotaCost(quota, self.fair)
            place(self.state, cost, self.rng)
            met = settle_quotas(self.state, cost, self.movable, self.rng, self.first)
            self.settled = met and bool((quota != NO_QUOTA).all())

    def _mend(self, start: Roster) -> None:
        with self._phase(Phase.PLACE):
            load_earlier(self.state, start)
            place(self.state, self.fair, self.rng)

    def _allocation(self) -> Ints:
        """The quotas of all burdens; what an allocation cannot do better than becomes the most a deviation may be."""
        quota: Ints = np.zeros_like(self.state.count)
        most: Floats = self.fair.most.copy()
        wished = wished_kinds(self.problem)
        for burden, bound in enumerate(self.bounds_within_reach.values()):
            clock = self.first.part(max(1.0, min(ALLOCATION_SECONDS, self.first.left / 3)))
            part = allocate(self.problem, burden, bound, clock.limit, wished)
            self.was_cut = self.was_cut or clock.over
            if part is None:
                quota[:, np.unique(self.problem.kind[self.problem.burden == burden])] = NO_QUOTA
                continue
            quota += part
            minutes = (part * _minutes_of_kind(self.problem.kind, self.problem.minutes)).sum(axis=1)
            off = np.abs(minutes - self.problem.target[:, burden]) / self.problem.mean[burden]
            near = off[~self.aside].max(initial=bound)
            most[:, burden] = np.where(self.aside, np.maximum(most[:, burden], off), near)
        self.fair = FairCost(self.problem, most)
        return quota

    def _bounds_within_reach(self, unfilled: int = 0) -> dict[Burden, float]:
        """The bounds of those whose targets are within reach; others count in the bounds of all."""
        return deviation_bounds(self.problem, unfilled, self.aside) if self.aside.any() else self.bounds

    def _most_from_bounds(self) -> Floats:
        bounds, within_reach = (np.array(list(b.values())) for b in (self.bounds, self.bounds_within_reach))
        return np.where(self.aside[:, None], bounds, within_reach)

    def _most_at_least_now(self) -> Floats:
        """What deviations may be at most after a search for the fairest: not less than those that it left."""
        off = deviations(self.state)
        near = off[~self.aside].max(axis=0, initial=0.0)
        return np.maximum(self.fair.most, np.where(self.aside[:, None], off, near))

    def _repair(self) -> None:
        """Repair the roster; an earlier one stays as it was where that gains nothing."""
        before, shortcomings = self.state.gp_of.copy(), self._shortcomings()
        self._repair_by_steps()
        if self.state.keep is not None and self._shortcomings() >= shortcomings:
            self.state.become(before)

    def _shortcomings(self) -> tuple[int, float]:
        """Number of open shifts and the cost of deviations."""
        return int((self.state.gp_of == NOBODY).sum()), round(self.fair.total(self.state), 6)

    def _repair_by_steps(self) -> None:
        # an exact model would change an earlier roster all over
        small = is_small(self.problem) and self.state.keep is None
        repair(self.state, self.fair, self.movable, self.rng, self.first, FIRST_REPAIR_ROUNDS)
        if small:
            # its process starts meanwhile
            self._exact()
            if self._has_open():
                rebuild(self.state, self.fair, self.movable, self.rng, self.first, FIRST_REBUILDS)
        else:
            self._repair_rounds()
        if self._has_open() and not self.clock.over:
            within = self._part(COVER_PART)
            self.unfilled_bound = cover(self.state, self._exact(), within, COVER_PART * self.time_limit, self.seed)
            self._repair_rounds()
        if small and not self.clock.over:
            self._rebuild_rounds()
            self._narrow()
            self.fair = FairCost(self.problem, self._most_at_least_now())
            self._repair_rounds()

    def _narrow(self) -> None:
        """Bring the largest deviation of all down, then that of those whose targets are within reach."""
        nobody = np.zeros_like(self.aside)
        turns = [nobody, self.aside] if self.aside.any() else [nobody]
        for aside in turns:
            budget = NARROW_PART * self.time_limit / len(turns)
            within = self._part(NARROW_CLOCK / len(turns))
            bound = float(self.fair.most[~aside].max(initial=0.0))
            narrow(self.state, self._exact(), bound, within, budget, self.seed, aside)

    def _repair_rounds(self) -> None:
        rounds = max(FIRST_REPAIR_ROUNDS, int(REPAIR_PART * self.time_limit / seconds_a_round(self.problem)))
        repair(self.state, self.fair, self.movable, self.rng, self._part(2 * REPAIR_PART), rounds)

    def _rebuild_rounds(self) -> None:
        rounds = int(REBUILD_PART * self.time_limit / (seconds_a_round(self.problem) * ROUNDS_A_REBUILD))
        rebuild(self.state, self.fair, self.movable, self.rng, self._part(2 * REBUILD_PART), rounds)

    def _has_open(self) -> bool:
        return bool((self.state.gp_of == NOBODY).any())

    def _part(self, part: float) -> Clock:
        """A clock for a part of what is left; alone, the whole limit, so that runs repeat on a busy machine."""
        return self.clock if self.helper is None else self.clock.part(part * self.clock.left)

    def _exact(self) -> Solver:
        """The process for exact questions, started at the first call."""
        if self.solver is None:
            self.solver = Solver(self.dossier)
        return self.solver

    def _exchange(self) -> None:
        trading = Trading(self.state, self.movable, self.fair, self.rng, self.clock, lambda: self._tell(Phase.EXCHANGE))
        if self.helper is None:
            trading.alone(self.time_limit)
        else:
            trading.together(self.helper)

    def _proven(self) -> RosterResult:
        unfilled = int((self.state.gp_of == NOBODY).sum())
        if unfilled and self.problem.gp_ids:
            self.bounds = deviation_bounds(self.problem, unfilled)
            self.bounds_within_reach = self._bounds_within_reach(unfilled)
            self.unfilled_bound = max(self.unfilled_bound, int((~self.problem.may.any(axis=0)).sum()))
        return RosterResult(
            roster=couple_trainees(self.dossier, to_roster(self.state)),
            targets=self.targets,
            deviation_bound=self.bounds,
            deviation_bound_within_reach=self.bounds_within_reach,
            unfilled_bound=self.unfilled_bound,
            soft_cost_bound=soft_cost_bound(self.problem),
            seconds=self.seconds,
            seed=self.seed,
            workers=self.workers,
            engine_version=__version__,
            ended_by=self._ended_by(),
        )

    def _ended_by(self) -> EndedBy:
        if self.cancel.is_set():
            return EndedBy.CANCEL
        return EndedBy.CLOCK if self.was_cut else EndedBy.WORK

    def _was_cut(self) -> bool:
        return self.was_cut or self.clock.over or (self.solver is not None and self.solver.was_cut)

    @contextmanager
    def _phase(self, phase: Phase) -> Iterator[None]:
        began = self.clock.seconds
        if phase is not Phase.SHARES:
            self._tell(phase)
        yield
        self.seconds[phase] = round(self.clock.seconds - began, 3)

    def _tell(self, phase: Phase) -> None:
        state = self.state
        placed = phase in {Phase.REPAIR, Phase.EXCHANGE, Phase.PROVE}
        self.progress(
            Progress(
                phase=phase,
                seconds=self.clock.seconds,
                shifts=len(self.shifts),
                filled=int((state.gp_of != NOBODY).sum()),
                largest_deviation=float(deviations(state).max()) if placed else None,
                lower_bound=max(self.bounds.values()) if placed else None,
                soft_cost=soft_cost(state) if placed else None,
            )
        )


def _minutes_of_kind(kind: Ints, minutes: Ints) -> Ints:
    found: Ints = np.zeros(int(kind.max()) + 1, dtype=np.int64)
    found[kind] = minutes
    return found
