"""Repair: what the allocation could not place, or placed against fairness, through chains of moves over all kinds."""

from __future__ import annotations

import numpy as np

from scheduler.solve.clock import Clock
from scheduler.solve.fair_cost import FairCost
from scheduler.solve.insertion import FOUR_WEEKS, judge
from scheduler.solve.moves import reassign
from scheduler.solve.place import MOST_AT_ONCE, one_each, some_gps
from scheduler.solve.problem import Bools, Floats, Ints, Problem
from scheduler.solve.state import NOBODY, State

FREE_PART = 0.3
STALE_ROUNDS = 120
MOST_TO_FILL = 8
MOST_TO_EASE = 30
SECONDS_A_CELL = 2.5e-7
SECONDS_A_CALL = 4e-3


def repair(state: State, cost: FairCost, movable: Bools, rng: np.random.Generator, clock: Clock, rounds: int) -> None:
    """Fill open shifts and lower deviations until `rounds` are done, nothing more is gained, or time is up.

    Every round each GP puts in a shift or nothing; who could take an open shift but for one own shift puts in that
    one, so that open shifts travel along chains. Squares and excess only fall, open shifts only become fewer.
    """
    stale, best = 0, (int((state.gp_of == NOBODY).sum()), cost.total(state))
    for number in range(rounds):
        if clock.over or stale >= STALE_ROUNDS:
            return
        put_in, concerned = _offers(state, number, movable, cost.most, rng)
        gps = some_gps(concerned, rng)
        open_shifts = rng.permutation(np.flatnonzero(state.gp_of == NOBODY))[: len(gps)]
        reassign(state, gps, put_in[gps], rng, open_shifts, cost)
        found = (int((state.gp_of == NOBODY).sum()), cost.total(state))
        better = found[0] < best[0] or found[1] < best[1] - 1.0
        stale, best = (0, found) if better else (stale + 1, best)


def seconds_a_round(problem: Problem) -> float:
    """About how long a round takes on the machine of the benchmarks; only ever used to choose a number of rounds."""
    return SECONDS_A_CALL + SECONDS_A_CELL * min(len(problem.gp_ids), MOST_AT_ONCE) ** 2


def _offers(state: State, number: int, movable: Bools, most: Floats, rng: np.random.Generator) -> tuple[Ints, Bools]:
    """What each GP puts in, and whom it concerns: by turns any shift, or one of a burden so that many can trade it.

    Who has far too much of the burden always puts in a shift of it, who has far too little never does.
    """
    problem = state.problem
    burden = number % (len(problem.burdens) + 1)
    every = burden == len(problem.burdens)
    put_in = one_each(state, np.flatnonzero(movable if every else movable & (problem.burden == burden)), rng)
    free, concerned = rng.random(len(put_in)) < FREE_PART, np.zeros(len(put_in), dtype=np.bool_)
    if not every:
        off = (state.hours[:, burden] - problem.target[:, burden]) / problem.mean[burden]
        free = np.where(off > most[:, burden], False, free | (off < -most[:, burden]))
        concerned = np.abs(off) > most[:, burden]
    put_in[free] = NOBODY
    open_shifts = rng.permutation(np.flatnonzero(state.gp_of == NOBODY))[:MOST_TO_FILL]
    if len(open_shifts):
        rows = np.sort(rng.permutation(len(put_in))[:MOST_AT_ONCE])
        legal = np.zeros((len(put_in), len(open_shifts)), dtype=np.bool_)
        legal[rows] = judge(state, rows, open_shifts).legal
        for column, shift in enumerate(open_shifts.tolist()):
            concerned[_make_room(state, shift, legal[:, column], movable, put_in, rng)] = True
    return put_in, concerned


def _make_room(
    state: State, shift: int, legal: Bools, movable: Bools, put_in: Ints, rng: np.random.Generator
) -> Ints:  # fmt: skip
    """Let GPs whom a single own shift keeps from `shift` put in that one; returns who could take it then.

    That is the one in conflict with it, or where there is none, one that counts with it for a week or four weeks.
    """
    problem, slot = state.problem, int(state.problem.slot[shift])
    could = np.flatnonzero(problem.may[:, shift] & (state.blocked[:, slot] <= 1))
    blocked = state.blocked[could, slot] == 1
    near = could[blocked]
    for gp in rng.permutation(near)[: max(4, len(near) // 2)].tolist():
        for own in state.own[gp]:
            if problem.slots.conflict[problem.slot[own], slot] and movable[own]:
                put_in[gp] = own
    full = could[~blocked & ~legal[could]]
    for gp in rng.permutation(full)[:MOST_TO_EASE].tolist():
        if len(easing := _easing(state, gp, slot, movable)):
            put_in[gp] = rng.choice(easing)
    return could


def _easing(state: State, gp: int, slot: int, movable: Bools) -> Ints:
    """The GP's own shifts that count with a slot: in its week where that is full, else in the four weeks around it."""
    problem, week = state.problem, state.problem.days.weeks.week
    own = np.array(sorted(state.own[gp]), dtype=np.int64)
    own = own[movable[own] & ~problem.standby[own]]
    days, day = problem.slots.day[problem.slot[own]], problem.slots.day[slot]
    is_full = state.work[gp, week == week[day]].sum() >= problem.dossier.rules.max_shifts_per_week
    counts: Bools = week[days] == week[day] if is_full else np.abs(days - day) < FOUR_WEEKS
    return own[counts]
