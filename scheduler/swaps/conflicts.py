"""What some GP cannot have together, as clauses that keep the search from choosing it again.

Nearly every rule sets a limit to duties: whatever else a GP takes, a breach stays one until one of its shifts is given
away. Such a breach is forbidden by its own shifts, and by what is given where that brought it to light. Where one more
shift can heal a breach (two series of nights become one), or giving one caused it, only that very combination of what
this GP gives and takes is forbidden; for a series of nights, of the shifts that could have to do with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations

from scheduler.domain.shift import Shift
from scheduler.rules import Violation
from scheduler.solve.ring_puzzle import Clause
from scheduler.swaps.additions import broken_near
from scheduler.swaps.graph import MAY_HEAL, MarketGraph, stands
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation, in_order, involved_gps
from scheduler.swaps.verdict import newly

CLOSE = timedelta(days=2)
"""Shifts so close together are looked at before anything is tried: most conflicts are there."""


@dataclass(frozen=True)
class Dealing:
    """What one GP gives and takes in a set of moves."""

    gp_id: str
    taken: frozenset[str]
    given: frozenset[str]


def clauses_of(
    situation: Situation, graph: MarketGraph, moves: Sequence[Move], settled: set[Dealing]
) -> Iterator[Clause]:
    """Clauses that these moves, judged together, break; none: they are legal for all together.

    Dealings that were found to be legal are noted in `settled`, and not judged again.
    """
    if not moves:
        return
    after = situation.after(moves)
    for gp_id in involved_gps(moves):
        dealing = _dealing(moves, gp_id)
        if dealing in settled:
            continue
        broken = list(newly(after.violations(gp_id), situation.violations(gp_id)))
        yield from (_against(situation, graph, dealing, violation) for violation in broken)
        if not broken:
            settled.add(dealing)
    left = (situation.trainee_of.get(move.shift_id) for move in moves)
    for trainee in dict.fromkeys(one for one in left if one is not None):
        if next(newly(after.violations(trainee), situation.violations(trainee)), None) is not None:
            yield _left_by_trainers(situation, graph, moves, trainee)


def _dealing(moves: Sequence[Move], gp_id: str) -> Dealing:
    return Dealing(
        gp_id,
        frozenset(move.shift_id for move in moves if move.to_gp == gp_id),
        frozenset(move.shift_id for move in moves if move.from_gp == gp_id),
    )


def _against(situation: Situation, graph: MarketGraph, dealing: Dealing, violation: Violation) -> Clause:
    shifts, gp_id = set(violation.shift_ids), dealing.gp_id
    kept = graph.offered_by.get(gp_id, frozenset()) - dealing.given
    taken = sorted(shifts & dealing.taken)
    if violation.rule not in MAY_HEAL and taken:
        lasting = not dealing.given or stands(situation, gp_id, taken, violation)
        given = () if lasting else sorted(dealing.given)
        return graph.clause([(gp_id, one) for one in taken], given, sorted(shifts & kept))
    not_taken = graph.wanted_by.get(gp_id, frozenset()) - dealing.taken
    told = _has_to_do_with(situation, violation)
    return graph.clause(
        [(gp_id, one) for one in sorted(filter(told, dealing.taken))],
        sorted(filter(told, dealing.given)),
        [*sorted(filter(told, kept)), *((gp_id, one) for one in sorted(filter(told, not_taken)))],
    )


def _has_to_do_with(situation: Situation, violation: Violation) -> Callable[[str], bool]:
    """Which shifts could make or heal the breach: for rest after a series those of it, between them, and nights."""
    if violation.rule not in MAY_HEAL or len(violation.shift_ids) < 2:
        return lambda _: True
    first, *_, last = in_order(situation.shift(one) for one in violation.shift_ids)

    def told(shift_id: str) -> bool:
        shift = situation.shift(shift_id)
        return shift.is_night or first.starts_at <= shift.starts_at <= last.starts_at

    return told


def _left_by_trainers(situation: Situation, graph: MarketGraph, moves: Sequence[Move], trainee: str) -> Clause:
    """A trainee who lost shifts beside a trainer breaks a rule with those that are left."""
    beside = {shift_id for shift_id, who in situation.trainee_of.items() if who == trainee and shift_id in graph.giving}
    given = {move.shift_id for move in moves} & beside
    return graph.clause((), sorted(given), sorted(beside - given))


def apart_clauses(situation: Situation, graph: MarketGraph) -> Iterator[Clause]:
    """For each GP who could take more than one shift: of shifts close together, which cannot go together.

    Most conflicts are of this kind; to know them before anything is tried saves rounds.
    """
    for gp_id, most in graph.room.items():
        if most > 1:
            yield from _not_together(situation, graph, gp_id)


def _not_together(situation: Situation, graph: MarketGraph, gp_id: str) -> Iterator[Clause]:
    offered = graph.offered_by.get(gp_id, frozenset())
    wanted = in_order(situation.shift(one) for one in graph.wanted_by.get(gp_id, ()))
    never: dict[str, set[str]] = {shift.id: set() for shift in wanted}
    for place, first in enumerate(wanted):
        for second in wanted[place + 1 :]:
            close = second.day - first.day <= CLOSE
            found = _together(situation, gp_id, first, second) if close else None
            if found is None:
                continue
            if helpers := sorted(found & offered):
                yield graph.clause([(gp_id, first.id), (gp_id, second.id)], (), helpers)
            else:
                never[first.id].add(second.id)
                never[second.id].add(first.id)
    for those in cliques(never):
        yield graph.at_most_one(gp_id, those)


def _together(situation: Situation, gp_id: str, first: Shift, second: Shift) -> frozenset[str] | None:
    """The shifts of a breach for good that takes both; None where there is none."""
    for violation in broken_near(situation, gp_id, second, also=(first,)):
        if violation.rule not in MAY_HEAL and {first.id, second.id} <= set(violation.shift_ids):
            return frozenset(violation.shift_ids)
    return None


def cliques(never: Mapping[str, Set[str]]) -> Iterator[tuple[str, ...]]:
    """Sets of which no two go together, such that every two that do not are in one of them."""
    told: set[tuple[str, str]] = set()
    for first, others in never.items():
        for second in sorted(others):
            if (first, second) in told:
                continue
            clique = [first, second]
            for third in sorted(others & never[second]):
                if all(third in never[one] for one in clique):
                    clique.append(third)
            told |= set(permutations(clique, 2))
            yield tuple(sorted(clique))
