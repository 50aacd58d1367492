"""Exchange: GPs trade shifts of one kind by linear assignment until wishes are met as well as can be.

Every hard rule is kept. Trading within a kind leaves every quota as it was, so that the soft cost only falls; trading
over kinds may also find a fairer roster, which comes before wishes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.solve.clock import Clock
from scheduler.solve.fair_cost import FairCost
from scheduler.solve.moves import reassign
from scheduler.solve.place import one_each
from scheduler.solve.problem import Bools, Ints
from scheduler.solve.soft_cost import soft_cost
from scheduler.solve.state import NOBODY, State

STALE_ROUNDS = 250
MIXED_EVERY = 4
NONE_OPEN = np.zeros(0, dtype=np.int64)


def exchange_round(
    state: State, among: Ints, movable: Bools, rng: np.random.Generator, clock: Clock, fair: FairCost | None = None
) -> None:
    """Let the GPs `among` trade shifts of every kind once, and then, with `fair`, shifts of all kinds together.

    Trading over kinds raises neither an excess nor the sum of squares: their prices in `fair` are above any wish.
    """
    problem = state.problem
    member = np.zeros(len(problem.gp_ids), dtype=np.bool_)
    member[among] = True
    for kind in rng.permutation(int(problem.kind.max()) + 1).tolist():
        if clock.over:
            return
        put_in = one_each(state, np.flatnonzero((problem.kind == kind) & movable), rng)
        traders = np.flatnonzero((put_in != NOBODY) & member)
        if len(traders) > 1:
            reassign(state, traders, put_in[traders], rng, NONE_OPEN)
    if fair is not None and not clock.over:
        put_in = one_each(state, np.flatnonzero(movable), rng)
        reassign(state, among, put_in[among], rng, NONE_OPEN, fair)


def exchange(
    state: State,
    among: Ints,
    movable: Bools,
    rng: np.random.Generator,
    clock: Clock,
    fair: FairCost,
    rounds: int,
    tell: Callable[[], None] = lambda: None,
) -> None:
    """Trade among the GPs `among` for `rounds` rounds, until time is up, or until nothing is gained any more."""
    best, stale = soft_cost(state), 0
    for number in range(rounds):
        if clock.over or best == 0 or stale >= STALE_ROUNDS:
            return
        exchange_round(state, among, movable, rng, clock, fair if number % MIXED_EVERY == 0 else None)
        found = soft_cost(state)
        stale = 0 if found < best - 1e-6 else stale + 1
        best = min(best, found)
        tell()
