"""The search for the fewest changes, in questions to the solver that grow only as far as they must.

First the vacated shifts alone, beside everything else as it is. Where some stay open and shifts of others may move, a
relaxed question follows: everything that can stand in the way may be let go, at the price of one change and without a
taker. Its answer is a bound for every roster. What it lets go joins the window, where it does need a taker, and the
question is asked again, until nothing is let go any more: then the answer is a roster, and the bound is met.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from scheduler.domain.shift import Shift
from scheduler.explain.candidates import Ledger
from scheduler.fairness import measure
from scheduler.mend.case import Case
from scheduler.mend.first import first_filling
from scheduler.mend.judge import breaks_more
from scheduler.mend.reach import in_the_way, loses_nothing
from scheduler.mend.result import MendStep
from scheduler.solve.clock import Clock
from scheduler.solve.mending import Answer, Asked, Gaps, Here, Mender, Question

BUDGET_PART = 0.12
BOUND_PART = 0.5
LAST_PART = 0.1

Tell = Callable[[MendStep, int, int], None]
"""Hears the step, how many vacated shifts have a GP and how many shifts of others change hands."""


@dataclass
class Found:
    """Who does what in the whole roster, and what is proven of it."""

    gp_of: Mapping[str, str]
    open_bound: int
    moved_bound: int = 0
    is_fairest: bool = False


def search(case: Case, clock: Clock, seed: int, tell: Tell, *, beside: bool = True) -> Found:
    """The best roster that is found before the clock is over; with `beside` the solver has a process of its own."""
    if not case.vacated:
        return Found(case.roster.gp_of, 0, is_fairest=True)
    run = _Search(case, clock, seed, tell, Mender if beside else Here)
    try:
        run.run()
    finally:
        run.close()
    return run.best


class _Search:
    """One run; `best` can be had at any moment."""

    def __init__(self, case: Case, clock: Clock, seed: int, tell: Tell, asked: Callable[[Gaps], Asked]) -> None:
        self._case, self._clock, self._tell = case, clock, tell
        self._seed, self._ready = seed, asked
        self._budget = BUDGET_PART * clock.limit
        self._step = MendStep.START
        self._least = 0, 0
        nobody = sum(not those for those in case.may(case.vacated).values())
        self.best = Found(case.roster.gp_of, nobody)
        self._mender: Asked | None = None

    def close(self) -> None:
        """End the process beside this one, if there is one."""
        if self._mender is not None:
            self._mender.close()

    def run(self) -> None:
        """Look for the best roster until it is found, time is up or the run is stopped."""
        case = self._case
        if len(case.vacated) == 1 and self._fill_one():
            return
        self._start()
        self._keep({**case.roster.gp_of, **first_filling(case)})
        self._tell_step(MendStep.FILL)
        found = self._ask((), (), fair=not case.movable)
        if not case.movable and found is not None:
            self.best.open_bound = max(self.best.open_bound, found.open_bound)
        if case.movable:
            short = len(self._open(self.best.gp_of)) > self.best.open_bound
            window = self._widened() if short else ()
            self._tell_step(MendStep.MOVE)
            self._ask(window, (), fair=True)

    def _fill_one(self) -> bool:
        """One shift needs no search: the cheapest of those who may take it, as in any list of takers."""
        (shift_id,), roster = self._case.vacated, self._case.roster
        ledger = Ledger(self._case.dossier, roster, self._case.targets)
        may = self._case.may((shift_id,))[shift_id]
        takers = [one for one in ledger.candidates(roster.shift_by_id[shift_id]).takers if one.gp_id in may]
        if takers:
            self._keep({**roster.gp_of, shift_id: takers[0].gp_id}, is_fairest=True)
        elif not self._case.movable:
            self.best.open_bound, self.best.is_fairest = 1, True
        return bool(takers) or not self._case.movable

    def _start(self) -> None:
        case = self._case
        gaps = Gaps(case.dossier, case.roster, case.vacated, case.targets, case.mean_hours, case.away)
        self._mender = self._ready(gaps)

    def _widened(self) -> tuple[str, ...]:
        """The shifts of others that have to move, as far as time allows to find them; bounds are proven on the way."""
        holds = loses_nothing(self._case.dossier.rules)
        window: set[str] = set()
        within = self._clock.part(BOUND_PART * self._left)
        self._tell_step(MendStep.BOUND)
        while not within.over:
            loose = self._loose(window)
            found = self._ask(tuple(sorted(window)), loose, seconds=within.left)
            if found is None or found.gp_of is None:
                break
            if holds:
                self._take_bounds(found)
            let_go = set(loose) - found.gp_of.keys()
            window |= let_go
            if not let_go:
                break
        return tuple(sorted(window))

    @property
    def _left(self) -> float:
        """Seconds that the solver may have: what is left but for the account at the end."""
        return max(0.0, self._clock.left - LAST_PART * self._clock.limit)

    def _ask(
        self, window: tuple[str, ...], loose: tuple[str, ...], *, fair: bool = False, seconds: float | None = None
    ) -> Answer | None:
        """Ask, unless the run is stopped; keep what is better, and return the last answer that came."""
        heard: list[Answer] = []
        if self._clock.cancelled():
            return None

        def hear(found: Answer) -> None:
            heard.append(found)
            if found.gp_of is not None and set(loose) <= found.gp_of.keys():
                kept = {one: gp for one, gp in self._case.roster.gp_of.items() if one not in window}
                self._keep({**kept, **found.gp_of}, found.is_fairest)

        asked = (*self._case.vacated, *window)
        may = self._case.may((*asked, *loose))
        question = Question(
            window=window,
            loose=loose,
            may=may,
            hint=self._hint(asked),
            fair=fair,
            floor=self._floor(asked, may),
            budget=self._budget,
            seconds=self._left if seconds is None else seconds,
            seed=self._seed,
        )
        assert self._mender is not None
        self._mender.ask(question, self._clock, hear)
        return heard[-1] if heard else None

    def _hint(self, asked: Iterable[str]) -> Mapping[str, str]:
        return {one: self.best.gp_of[one] for one in asked if one in self.best.gp_of}

    def _floor(self, asked: Iterable[str], may: Mapping[str, frozenset[str]]) -> float:
        """The largest deviation of those who cannot get any of these shifts, in shifts."""
        by_id, case = self._case.roster.shift_by_id, self._case
        free = {(gp, by_id[one].burden) for one in asked for gp in may[one]}
        return max(
            (
                abs(own.deviation)
                for burden, fairness in measure(case.dossier, case.roster, case.targets).items()
                for gp, own in fairness.per_gp.items()
                if gp not in case.away and (gp, burden) not in free
            ),
            default=0.0,
        )

    def _keep(self, gp_of: Mapping[str, str], is_fairest: bool = False) -> None:
        """Take over a roster that fills more, or as many with fewer changes, or is the fairest of those."""
        new, old = self._standing(gp_of), self._standing(self.best.gp_of)
        if (new < old or (new == old and (is_fairest or not self.best.is_fairest))) and not breaks_more(
            self._case, gp_of
        ):
            self.best.gp_of, self.best.is_fairest = gp_of, is_fairest
            self._settle()
            self._tell_step(self._step)

    def _take_bounds(self, found: Answer) -> None:
        """What a relaxed answer proves of every roster; its changes count only for rosters that fill as many."""
        self.best.open_bound = max(self.best.open_bound, found.open_bound)
        if found.is_fewest:
            self._least = found.open_bound, found.moved_bound
        self._settle()

    def _settle(self) -> None:
        still_open, moved = self._least
        self.best.moved_bound = moved if len(self._open(self.best.gp_of)) == still_open else 0

    def _standing(self, gp_of: Mapping[str, str]) -> tuple[int, int]:
        return len(self._open(gp_of)), len(self._moved(gp_of))

    def _open(self, gp_of: Mapping[str, str]) -> list[str]:
        return [one for one in self._case.vacated if one not in gp_of]

    def _moved(self, gp_of: Mapping[str, str]) -> list[str]:
        return [one for one, gp in self._case.roster.gp_of.items() if gp_of.get(one) != gp]

    def _loose(self, window: set[str]) -> tuple[str, ...]:
        """The movable shifts that can stand in the way of whoever may take a vacated shift or one of the window."""
        case, rules = self._case, self._case.dossier.rules
        may = case.may((*case.vacated, *window))
        wanted: defaultdict[str, list[Shift]] = defaultdict(list)
        for shift_id, gp_ids in may.items():
            for gp_id in gp_ids:
                wanted[gp_id].append(case.roster.shift_by_id[shift_id])
        return tuple(
            own.id
            for gp_id, others in sorted(wanted.items())
            for own in case.roster.by_gp.get(gp_id, ())
            if own.id in case.movable
            and own.id not in window
            and any(in_the_way(rules, case.dossier.limits_by_gp.get(gp_id, ()), own, other) for other in others)
        )

    def _tell_step(self, step: MendStep) -> None:
        self._step = step
        still_open, moved = self._standing(self.best.gp_of)
        self._tell(step, len(self._case.vacated) - still_open, moved)
