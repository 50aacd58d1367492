"""What some GP cannot have together, as clauses that keep the search from choosing it again.

Nearly every rule sets a limit to duties: whatever else a GP takes, a breach stays one until one of its shifts is given
away. Such a breach is forbidden by its own shifts. Where one more shift can heal a breach (two series of nights become
one), or giving one caused it, only that very combination of what this GP gives and takes is forbidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from scheduler.explain.drop_outs import reach
from scheduler.rules import Violation
from scheduler.solve.ring_puzzle import Clause
from scheduler.swaps.additions import broken_near
from scheduler.swaps.graph import MAY_HEAL, MarketGraph
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import caused

CLOSE_DAYS = 7
"""Pairs of shifts so close together are looked at as soon as a GP is found in conflict: most conflicts are there."""


@dataclass(frozen=True)
class _Dealing:
    """What one GP gives and takes in a set of moves."""

    gp_id: str
    taken: frozenset[str]
    given: frozenset[str]


def clauses_of(situation: Situation, graph: MarketGraph, moves: Sequence[Move]) -> Iterator[Clause]:
    """Clauses that these moves, judged together, break; none: they are legal for all together."""
    if not moves:
        return
    looked_at: set[str] = set()
    for violation in caused(situation, situation.after(moves), moves):
        dealing = _dealing(moves, violation.gp_id or "")
        if not dealing.taken and not dealing.given:
            yield _left_by_trainers(situation, graph, moves, dealing.gp_id)
            continue
        yield _against(graph, dealing, violation)
        if dealing.gp_id not in looked_at:
            looked_at.add(dealing.gp_id)
            yield from _pairs(situation, graph, dealing.gp_id)


def _dealing(moves: Sequence[Move], gp_id: str) -> _Dealing:
    return _Dealing(
        gp_id,
        frozenset(move.shift_id for move in moves if move.to_gp == gp_id),
        frozenset(move.shift_id for move in moves if move.from_gp == gp_id),
    )


def _against(graph: MarketGraph, dealing: _Dealing, violation: Violation) -> Clause:
    shifts, gp_id = set(violation.shift_ids), dealing.gp_id
    kept = graph.offered_by.get(gp_id, frozenset()) - dealing.given
    if violation.rule not in MAY_HEAL and shifts & dealing.taken:
        return graph.clause([(gp_id, one) for one in sorted(shifts & dealing.taken)], (), sorted(shifts & kept))
    not_taken = sorted(graph.wanted_by.get(gp_id, frozenset()) - dealing.taken)
    return graph.clause(
        [(gp_id, one) for one in sorted(dealing.taken)],
        sorted(dealing.given),
        [*sorted(kept), *((gp_id, one) for one in not_taken)],
    )


def _left_by_trainers(situation: Situation, graph: MarketGraph, moves: Sequence[Move], trainee: str) -> Clause:
    """A trainee who lost shifts beside a trainer breaks a rule with those that are left."""
    beside = {shift_id for shift_id, who in situation.trainee_of.items() if who == trainee and shift_id in graph.giving}
    given = {move.shift_id for move in moves} & beside
    return graph.clause((), sorted(given), sorted(beside - given))


def _pairs(situation: Situation, graph: MarketGraph, gp_id: str) -> Iterator[Clause]:
    """Shifts close together of which the GP cannot take both."""
    offered = graph.offered_by.get(gp_id, frozenset())
    wanted = sorted(
        (situation.shift(one) for one in graph.wanted_by.get(gp_id, ())), key=lambda one: (one.starts_at, one.id)
    )
    near = reach(situation.dossier.rules)
    for first, second in combinations(wanted, 2):
        if (second.day - first.day).days > min(CLOSE_DAYS, near.days):
            continue
        both = {first.id, second.id}
        for violation in broken_near(situation, gp_id, second, also=(first,)):
            shifts = set(violation.shift_ids)
            if violation.rule not in MAY_HEAL and both <= shifts:
                yield graph.clause([(gp_id, first.id), (gp_id, second.id)], (), sorted(shifts & offered))
                break
