"""The largest set of swaps in a market that is legal for all together: handovers, exchanges, rings and chains."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from scheduler.domain.value import Value
from scheduler.rules import Violation
from scheduler.solve.clock import Clock
from scheduler.solve.ring_puzzle import LONGEST, Answer, Clause, Question, Ring
from scheduler.solve.rings import Apart, RingSearch
from scheduler.swaps.conflicts import Dealing, apart_clauses, clauses_of
from scheduler.swaps.graph import MarketGraph, graph_of
from scheduler.swaps.moves import Move
from scheduler.swaps.offers import Market
from scheduler.swaps.situation import Situation, involved_gps
from scheduler.swaps.verdict import SwapVerdict, caused, judge_in

SECONDS = 9.0
FIRST_PART, ROUND_PART = 0.65, 0.4
"""Of the time that is left, what the first answer may take, and each one after it."""
SHORTEST_ROUND = 0.15
"""Seconds under which another round finds less than leaving out the rings at fault."""


class Proposal(Value):
    """A ring or chain that all its GPs must agree to; more than one where they are legal only together."""

    verdict: SwapVerdict
    rings: int = 1

    @property
    def moves(self) -> tuple[Move, ...]:
        """The shifts that change hands."""
        return self.verdict.moves

    @property
    def gp_ids(self) -> tuple[str, ...]:
        """Everyone who must agree."""
        return involved_gps(self.moves)


class RingsFound(Value):
    """Proposals that are each legal alone and legal all together.

    `moved` shifts change hands in all of them together; no set of rings and chains of the allowed length can move
    more than `bound`. `rounds` is how often the search was asked again because some GP's swaps did not go together.
    """

    proposals: tuple[Proposal, ...]
    moved: int
    bound: int
    rounds: int

    @property
    def is_optimal(self) -> bool:
        """Whether no larger set exists."""
        return self.moved == self.bound

    @property
    def gap(self) -> float:
        """At most this part of what is possible is missing."""
        return 1 - self.moved / self.bound if self.bound else 0.0


class _Search(Protocol):
    def answer(self, question: Question) -> Answer | None: ...


def find_rings(
    situation: Situation,
    market: Market,
    *,
    seconds: float = SECONDS,
    seed: int = 0,
    longest: int = LONGEST,
    apart: bool = True,
) -> RingsFound:
    """The largest set of swaps among these offers and wants, open shifts included, that is legal for all together.

    Each ring or chain has at most `longest` offers and wants. Among sets that move equally many shifts the search
    leans to those that suit fairness and wishes best. With `apart` the solver runs in a process of its own. The same
    arguments give the same answer as long as `seconds` do not cut the search short.
    """
    clock = Clock(seconds)
    if not apart:
        graph = graph_of(situation, market)
        return _found(situation, graph, RingSearch(graph.puzzle(longest)), clock, seed)
    search = Apart()
    try:
        graph = graph_of(situation, market)
        search.open(graph.puzzle(longest))
        return _found(situation, graph, search, clock, seed)
    finally:
        search.close()


def _found(situation: Situation, graph: MarketGraph, search: _Search, clock: Clock, seed: int) -> RingsFound:
    """Ask, judge, forbid what some GP cannot have together, and ask again."""
    clauses: dict[Clause, None] = dict.fromkeys((*graph.clauses, *apart_clauses(situation, graph)))
    bound, rounds = len(graph.giving), 0
    answers: list[list[tuple[Move, ...]]] = []
    settled: set[Dealing] = set()
    while True:
        answer = search.answer(Question(tuple(clauses), clock.left * (ROUND_PART if rounds else FIRST_PART), seed))
        if answer is None:
            break
        rounds, bound = rounds + 1, min(bound, answer.bound)
        rings = [_moves(graph, ring) for ring in answer.rings]
        answers.append(rings)
        new = [one for one in clauses_of(situation, graph, _all(rings), settled) if one not in clauses]
        clauses.update(dict.fromkeys(new))
        if not new or clock.left * ROUND_PART < SHORTEST_ROUND:
            break
    best = _best_legal(situation, answers)
    return RingsFound(
        proposals=tuple(_proposals(situation, best)), moved=len(_all(best)), bound=bound, rounds=rounds
    )  # fmt: skip


def _best_legal(situation: Situation, answers: Sequence[list[tuple[Move, ...]]]) -> list[tuple[Move, ...]]:
    """The largest of what is legal in the answers: a last one, found in haste, can be smaller than one before it."""
    best: list[tuple[Move, ...]] = []
    for rings in sorted(reversed(answers), key=lambda one: len(_all(one)), reverse=True):
        if len(_all(rings)) > len(_all(best)):
            best = max(best, _legal_part(situation, rings), key=lambda one: len(_all(one)))
    return best


def _moves(graph: MarketGraph, ring: Ring) -> tuple[Move, ...]:
    arcs = [graph.arcs[place] for place in ring]
    return tuple(
        Move(shift_id=arc.shift_id, from_gp=graph.nodes[arc.tail].gp_id, to_gp=arc.gp_id) for arc in arcs
    )  # fmt: skip


def _all(rings: Sequence[Sequence[Move]]) -> list[Move]:
    return [move for ring in rings for move in ring]


def _broken(situation: Situation, moves: Sequence[Move]) -> Iterator[Violation]:
    return caused(situation, situation.after(moves), moves) if moves else iter(())


def _legal_part(situation: Situation, rings: Sequence[tuple[Move, ...]]) -> list[tuple[Move, ...]]:
    """The rings without those at fault, shortest first, where time ended before all went together."""
    kept = sorted(rings, key=len, reverse=True)
    while (violation := next(_broken(situation, _all(kept)), None)) is not None:
        doctors = {violation.gp_id, *_trainers(situation, violation)}
        at_fault = [ring for ring in kept if doctors & set(involved_gps(ring))]
        kept.remove(at_fault[-1])
    return kept


def _trainers(situation: Situation, violation: Violation) -> set[str]:
    trainee = situation.dossier.gp_by_id.get(violation.gp_id or "")
    return {trainee.trainer_gp_id} if trainee and trainee.trainer_gp_id else set()


def _proposals(situation: Situation, rings: Sequence[tuple[Move, ...]]) -> Iterator[Proposal]:
    """Each ring by itself; one that is legal only with others together with those that it needs."""
    waiting = {place: [ring] for place, ring in enumerate(rings)}
    for place in range(len(rings)):
        while place in waiting and (violation := next(_broken(situation, _all(waiting[place])), None)) is not None:
            needed = _needed(situation, waiting, place, violation)
            waiting[place] += waiting.pop(needed)
    for together in waiting.values():
        yield Proposal(verdict=judge_in(situation, _all(together)), rings=len(together))


def _needed(
    situation: Situation, waiting: Mapping[int, Sequence[Sequence[Move]]], place: int, violation: Violation
) -> int:
    """Another proposal that could heal the breach: one that takes its shifts away, else one of the same GP."""
    doctors = {violation.gp_id, *_trainers(situation, violation)}
    others = {other: _all(those) for other, those in waiting.items() if other != place}
    relieving = [
        other
        for other, moves in others.items()
        if any(move.shift_id in violation.shift_ids and move.from_gp in doctors for move in moves)
    ]
    related = [other for other, moves in others.items() if doctors & set(involved_gps(moves))]
    return min(relieving or related or others, key=lambda other: (len(others[other]), other))
