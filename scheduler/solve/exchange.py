"""Exchange: GPs trade shifts of one kind by linear assignment until wishes are met as well as can be.

Every quota stays as it was and every hard rule is kept; the soft cost only falls.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from scheduler.solve.clock import Clock
from scheduler.solve.moves import reassign
from scheduler.solve.place import one_each
from scheduler.solve.problem import Bools, Ints
from scheduler.solve.state import NOBODY, State

NONE_OPEN = np.zeros(0, dtype=np.int64)


def exchange(
    state: State,
    among: Ints,
    movable: Bools,
    rng: np.random.Generator,
    clock: Clock,
    rounds: int,
    tell: Callable[[], None] = lambda: None,
) -> None:
    """Trade shifts of every kind among the GPs `among`, `rounds` times or until time is up."""
    problem = state.problem
    member = np.zeros(len(problem.gp_ids), dtype=np.bool_)
    member[among] = True
    kinds = [np.flatnonzero((problem.kind == kind) & movable) for kind in range(int(problem.kind.max()) + 1)]
    for _ in range(rounds):
        for shifts in kinds:
            if clock.over:
                return
            put_in = one_each(state, shifts, rng)
            traders = np.flatnonzero((put_in != NOBODY) & member)
            if len(traders) > 1:
                reassign(state, traders, put_in[traders], rng, NONE_OPEN)
        tell()
