"""Placing: the allocation's whole shifts get a day, one kind of shift after the other, many GPs at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scheduler.domain.shift import Burden
from scheduler.solve.clock import Clock
from scheduler.solve.fair_cost import FairCost, QuotaCost
from scheduler.solve.moves import reassign
from scheduler.solve.problem import Bools, Ints
from scheduler.solve.state import NOBODY, State

HARDEST_FIRST = (Burden.HOLIDAY, Burden.NIGHT, Burden.WEEKEND, Burden.EVENING, Burden.STANDBY)
SCARCE = 0.3
"""A shift is scarce when fewer GPs than this part of those for the easiest shift may do it."""
STALE_BATCHES = 3
SETTLE_ROUNDS = 60
STALE_ROUNDS = 12
MOST_AT_ONCE = 300


def place(state: State, cost: FairCost | QuotaCost, rng: np.random.Generator) -> None:
    """Give every open shift to somebody, as far as hard rules and what is placed already allow.

    Looks at no clock: it takes seconds at most, and without it there is nothing to keep.
    """
    everyone = np.arange(len(state.problem.gp_ids))
    nothing = np.full(len(everyone), NOBODY)
    for group in _hardest_first(state):
        open_shifts = rng.permutation(group[state.gp_of[group] == NOBODY])
        stale = 0
        while len(open_shifts) and stale < STALE_BATCHES:
            reassign(state, everyone, nothing, rng, open_shifts[: len(everyone)], cost)
            left = open_shifts[state.gp_of[open_shifts] == NOBODY]
            stale = stale + 1 if len(left) == len(open_shifts) else 0
            open_shifts = rng.permutation(left)


def _hardest_first(state: State) -> Iterator[Ints]:
    """The shifts that few GPs may do, then all others, each by burden.

    Who may do such shifts, like the few with the role of lead, is else full with what many others could do.
    """
    problem = state.problem
    able = problem.may.sum(axis=0)
    is_scarce = able < SCARCE * able.max(initial=0)
    for scarce in (is_scarce, ~is_scarce):
        for burden in HARDEST_FIRST:
            if burden in problem.burdens:
                yield np.flatnonzero(scarce & (problem.burden == problem.burdens.index(burden)))


def settle_quotas(state: State, cost: QuotaCost, movable: Bools, rng: np.random.Generator, clock: Clock) -> bool:
    """Move shifts of one kind at a time from GPs above their quota to GPs below it, through others where needed.

    Returns whether every quota is met and every shift filled.
    """
    stale, best = 0, _missing(state, cost)
    for _ in range(SETTLE_ROUNDS):
        for kind in np.flatnonzero(cost.missed(state)).tolist():
            if clock.over:
                return False
            _settle_kind(state, cost, kind, movable, rng)
        found = _missing(state, cost)
        stale, best = (0, found) if found < best else (stale + 1, best)
        if not best or stale >= STALE_ROUNDS:
            break
    return not best


def _missing(state: State, cost: QuotaCost) -> int:
    return int(cost.missed(state).sum()) + int((state.gp_of == NOBODY).sum())


def _settle_kind(state: State, cost: QuotaCost, kind: int, movable: Bools, rng: np.random.Generator) -> None:
    problem = state.problem
    put_in = one_each(state, np.flatnonzero((problem.kind == kind) & movable), rng)
    put_in[state.count[:, kind] < cost.quota[:, kind]] = NOBODY
    gps = some_gps(state.count[:, kind] != cost.quota[:, kind], rng)
    open_shifts = np.flatnonzero((problem.kind == kind) & (state.gp_of == NOBODY))[: len(gps)]
    reassign(state, gps, put_in[gps], rng, open_shifts, cost)


def some_gps(concerned: Bools, rng: np.random.Generator) -> Ints:
    """Those concerned and others drawn at random, as many as one assignment does quickly; in order."""
    order = rng.permutation(len(concerned))
    first = np.argsort(~concerned[order], kind="stable")
    return np.sort(order[first][:MOST_AT_ONCE])


def one_each(state: State, shifts: Ints, rng: np.random.Generator) -> Ints:
    """Per GP one of the given shifts that the GP has, drawn at random, or `NOBODY`."""
    put_in = np.full(len(state.problem.gp_ids), NOBODY, dtype=np.int64)
    held = rng.permutation(shifts[state.gp_of[shifts] != NOBODY])
    put_in[state.gp_of[held]] = held
    return put_in
