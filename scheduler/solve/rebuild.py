"""Rebuilding: part of a small, tight roster is taken out and placed anew, the hardest shifts first, and kept if better.

Repair moves one shift a GP at a time. Where a GP would have to give two shifts away to take an open one it finds
nothing, and this does.
"""

from __future__ import annotations

import numpy as np

from scheduler.solve.clock import Clock
from scheduler.solve.fair_cost import FairCost
from scheduler.solve.moves import reassign
from scheduler.solve.problem import Bools, Ints
from scheduler.solve.repair import repair
from scheduler.solve.state import NOBODY, State

REPAIR_ROUNDS = 3
ROUNDS_A_REBUILD = 8
"""Rounds of repair that take about as long as one rebuild."""
MOST_DAYS = 4
WIDER = 3
OTHERS = 4
MOST_SHIFTS = 60
OPEN_PART = 0.7


def rebuild(state: State, cost: FairCost, movable: Bools, rng: np.random.Generator, clock: Clock, rounds: int) -> None:
    """Rebuild around an open shift or an unfair share, `rounds` times at most; ends with the best that was found.

    Fewer open shifts are better, then a lower cost.
    """
    best, kept = _value(state, cost), state.gp_of.copy()
    for _ in range(rounds):
        if clock.over or not _is_worth_it(state, cost):
            return
        _take_out(state, _around(state, cost, movable, rng))
        _refill(state, cost, rng)
        repair(state, cost, movable, rng, clock, REPAIR_ROUNDS)
        found = _value(state, cost)
        if found <= best:
            best, kept = found, state.gp_of.copy()
        else:
            state.become(kept)


def _value(state: State, cost: FairCost) -> tuple[int, float]:
    return int((state.gp_of == NOBODY).sum()), cost.total(state)


def _is_worth_it(state: State, cost: FairCost) -> bool:
    return bool((state.gp_of == NOBODY).any()) or bool(cost.excess(state).any())


def _around(state: State, cost: FairCost, movable: Bools, rng: np.random.Generator) -> Ints:
    """Given shifts to take out: those near an open shift of GPs who may do it, or some of who is furthest off."""
    problem, day = state.problem, state.problem.slots.day[state.problem.slot]
    open_shifts = np.flatnonzero(state.gp_of == NOBODY)
    if len(open_shifts) and rng.random() < OPEN_PART:
        middle = int(rng.choice(open_shifts))
        gps, centre, width = problem.may[:, middle], day[middle], rng.integers(1, MOST_DAYS)
    else:
        gps = np.zeros(len(problem.gp_ids), dtype=np.bool_)
        gps[rng.choice(len(gps), size=min(len(gps), OTHERS), replace=False)] = True
        gps[int(np.argmax(cost.excess(state).max(axis=1) * rng.random(len(gps))))] = True
        centre, width = rng.integers(problem.days.count), rng.integers(MOST_DAYS, WIDER * MOST_DAYS)
    given = np.flatnonzero(movable & (state.gp_of != NOBODY) & (np.abs(day - centre) <= width))
    given = given[gps[state.gp_of[given]]]
    return given if len(given) <= MOST_SHIFTS else rng.choice(given, MOST_SHIFTS, replace=False)


def _take_out(state: State, shifts: Ints) -> None:
    """Leave these open, in batches in which each GP appears once."""
    while len(shifts):
        gps, first = np.unique(state.gp_of[shifts], return_index=True)
        state.remove(gps, shifts[first])
        shifts = np.delete(shifts, first)


def _refill(state: State, cost: FairCost, rng: np.random.Generator) -> None:
    """Give open shifts out, those that the fewest GPs may do first, until nobody can take any of the rest."""
    everyone = np.arange(len(state.problem.gp_ids))
    nothing = np.full(len(everyone), NOBODY)
    left = np.flatnonzero(state.gp_of == NOBODY)
    able = state.problem.may[:, left].sum(axis=0)
    left = left[np.argsort(able + WIDER * rng.random(len(left)), kind="stable")]
    before = len(left) + 1
    while 0 < len(left) < before:
        reassign(state, everyone, nothing, rng, left[: len(everyone)], cost)
        before, left = len(left), left[state.gp_of[left] == NOBODY]
