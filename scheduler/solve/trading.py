"""The exchange of a whole run: alone to the letter, or with a helper on the other core."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scheduler.solve.clock import Clock
from scheduler.solve.exchange import exchange
from scheduler.solve.fair_cost import FairCost
from scheduler.solve.helper import Helper, Turn
from scheduler.solve.problem import Bools, Ints
from scheduler.solve.soft_cost import soft_cost
from scheduler.solve.state import NOBODY, State

SECONDS_A_CELL = 1.1e-7
SECONDS_A_KIND = 2e-3
PART_OF_LIMIT = 0.3
LONGEST_TURN = 4.0
SHORTEST_TURN = 0.1
STALE_TURNS = 8


@dataclass
class Trading:
    """Trades until time is up or nothing is gained any more; `helper` None means one process and no chance."""

    state: State
    movable: Bools
    fair: FairCost
    rng: np.random.Generator
    clock: Clock
    tell: Callable[[], None]

    def alone(self, time_limit: float) -> None:
        """Trade a number of rounds that depends on the dossier and `time_limit` only, so that runs repeat exactly.

        The number is such that it takes about a third of the limit on the machine of the benchmarks.
        """
        rounds = max(20, int(PART_OF_LIMIT * time_limit / self._seconds_a_round()))
        everyone = np.arange(len(self.state.problem.gp_ids))
        exchange(self.state, everyone, self.movable, self.rng, self.clock, self.fair, rounds, self.tell)

    def together(self, helper: Helper) -> None:
        """Trade in turns: each turn the GPs are split at random in two halves, one for each process."""
        problem, stale, best = self.state.problem, 0, soft_cost(self.state)
        turn = min(LONGEST_TURN, max(SHORTEST_TURN, 12 * self._seconds_a_round()))
        while not self.clock.over and stale < STALE_TURNS and best > 0:
            order = self.rng.permutation(len(problem.gp_ids))
            ours, theirs = np.sort(order[::2]), np.sort(order[1::2])
            seconds = min(turn, self.clock.left)
            if helper.lost:
                ours = np.arange(len(problem.gp_ids))
            else:
                helper.begin(self._turn(theirs, seconds))
            self._own_turn(ours, seconds)
            self._merge(theirs, None if helper.lost else helper.finish(self.clock.cancelled))
            found = soft_cost(self.state)
            stale = 0 if found < best - 1e-6 else stale + 1
            best = min(best, found)
            self.tell()
            turn = min(LONGEST_TURN, turn * 1.15)

    def _own_turn(self, among: Ints, seconds: float) -> None:
        exchange(self.state, among, self.movable, self.rng, self.clock.part(seconds), self.fair, 10**9)

    def _turn(self, among: Ints, seconds: float) -> Turn:
        seed = int(self.rng.integers(2**31))
        state = self.state
        return Turn(state.gp_of.copy(), state.keep, among, self.movable, self.fair.most, seconds, seed)

    def _merge(self, among: Ints, found: Ints | None) -> None:
        """Take over what the helper gave its GPs: their shifts are theirs in both, only dealt out otherwise."""
        if found is None:
            return
        theirs = np.isin(self.state.gp_of, among)
        self.state.become(np.where(theirs & (found != NOBODY), found, self.state.gp_of))

    def _seconds_a_round(self) -> float:
        problem = self.state.problem
        traders = (self.state.count > 0).sum(axis=0)
        return float((traders**2).sum()) * SECONDS_A_CELL + len(traders) * SECONDS_A_KIND + len(problem.gp_ids) * 1e-5
