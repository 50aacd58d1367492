"""The market as a graph: who could pass which shift to whom, and what one GP cannot take together.

The rules look at each GP apart, so whether a set of swaps is legal is decided GP by GP: by what that GP gives and takes
in all of them. An arc that no other offer of its taker could make legal is left out; one that needs the taker to give
another offered shift too is bound to that by a clause.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scheduler.rules import Violation, absence, locks, may_work, rest_after_series
from scheduler.rules.lineup import Lineup
from scheduler.solve.ring_puzzle import LONGEST, Clause, Graph
from scheduler.swaps.additions import broken_near
from scheduler.swaps.offers import Market, Wanted
from scheduler.swaps.situation import Situation, broken_with, in_order
from scheduler.swaps.taste import dislike
from scheduler.swaps.verdict import newly

MAY_HEAL = frozenset({rest_after_series.NAME})
"""Rules that one more shift can keep: a night that closes a gap makes two series into one."""
STEPS = 10
MOST_COST = 10_000
"""Costs are whole tenths, cut off far below where the solver's arithmetic was found wrong (google/or-tools #5293)."""


@dataclass(frozen=True)
class Node:
    """One offer, one open shift (`gp_id` None) or one want; `wanted` None: takes nothing in return.

    `only_for` are the GPs to whom the shift may go, None: to all.
    """

    gp_id: str | None
    shift_id: str | None
    wanted: Wanted | None
    room: int = 1
    only_for: frozenset[str] | None = None


@dataclass(frozen=True)
class Arc:
    """The shift of node `tail` goes to the GP of node `head`."""

    tail: int
    head: int
    shift_id: str
    gp_id: str


@dataclass(frozen=True)
class MarketGraph:
    """Nodes and arcs of a market, with the clauses that are known before anything is tried."""

    nodes: tuple[Node, ...]
    arcs: tuple[Arc, ...]
    cost: tuple[int, ...]
    clauses: tuple[Clause, ...]

    @cached_property
    def room(self) -> Mapping[str, int]:
        """How many shifts each GP would take at most."""
        return room_of(self.nodes)

    @cached_property
    def taking(self) -> Mapping[tuple[str, str], tuple[int, ...]]:
        """The arcs by which a GP would take a shift."""
        found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
        for place, arc in enumerate(self.arcs):
            found[arc.gp_id, arc.shift_id].append(place)
        return {key: tuple(places) for key, places in found.items()}

    @cached_property
    def giving(self) -> Mapping[str, tuple[int, ...]]:
        """The arcs by which a shift would leave its GP."""
        found: defaultdict[str, list[int]] = defaultdict(list)
        for place, arc in enumerate(self.arcs):
            found[arc.shift_id].append(place)
        return {shift_id: tuple(places) for shift_id, places in found.items()}

    @cached_property
    def offered_by(self) -> Mapping[str, frozenset[str]]:
        """The shifts that each GP would give, where somebody could take them."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for node in self.nodes:
            if node.gp_id is not None and node.shift_id is not None and node.shift_id in self.giving:
                found[node.gp_id].add(node.shift_id)
        return {gp_id: frozenset(shift_ids) for gp_id, shift_ids in found.items()}

    @cached_property
    def wanted_by(self) -> Mapping[str, frozenset[str]]:
        """The shifts that each GP could take."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for arc in self.arcs:
            found[arc.gp_id].add(arc.shift_id)
        return {gp_id: frozenset(shift_ids) for gp_id, shift_ids in found.items()}

    def puzzle(self, longest: int = LONGEST) -> Graph:
        """The graph in numbers."""
        return Graph(
            room=np.array([node.room for node in self.nodes], np.int64),
            is_source=np.array([node.wanted is None for node in self.nodes], bool),
            is_sink=np.array([node.shift_id is None for node in self.nodes], bool),
            tail=np.array([arc.tail for arc in self.arcs], np.int64),
            head=np.array([arc.head for arc in self.arcs], np.int64),
            cost=np.array(self.cost, np.int64),
            longest=longest,
        )

    def clause(
        self, yes: Iterable[tuple[str, str]], given: Iterable[str], no: Iterable[str | tuple[str, str]]
    ) -> Clause:
        """Not at once all takings `yes` (GP and shift) and givings `given` (shift) with none of `no` (either)."""
        coefficient: defaultdict[int, int] = defaultdict(int)
        true = [*(self.taking[taken] for taken in yes), *(self.giving[shift_id] for shift_id in given)]
        false = [self.giving[one] if isinstance(one, str) else self.taking[one] for one in no]
        for sign, groups in ((1, true), (-1, false)):
            for places in groups:
                for place in places:
                    coefficient[place] += sign
        return Clause(tuple((place, value) for place, value in sorted(coefficient.items()) if value), len(true) - 1)

    def at_most_one(self, gp_id: str, shift_ids: Iterable[str]) -> Clause:
        """The GP takes one of these shifts and no more."""
        return Clause(tuple((place, 1) for shift_id in shift_ids for place in self.taking[gp_id, shift_id]), 1)


def graph_of(situation: Situation, market: Market) -> MarketGraph:
    """Everything that could move: offers, open shifts and wants, with the arcs that a rule does not exclude."""
    nodes = _nodes(situation, market)
    offered: defaultdict[str, set[str]] = defaultdict(set)
    for node in nodes:
        if node.gp_id is not None and node.shift_id is not None:
            offered[node.gp_id].add(node.shift_id)
    room = room_of(nodes)
    arcs: list[Arc] = []
    bound: dict[_Bond, None] = {}
    for arc in _willing(situation, nodes, market.never):
        others = _Others(nodes[arc.head].shift_id, frozenset(offered[arc.gp_id]), room[arc.gp_id])
        bonds = _bonds(situation, arc, others)
        if bonds is not None:
            arcs.append(arc)
            bound.update(dict.fromkeys(bonds))
    cost = tuple(_cost(situation, nodes, arc) for arc in arcs)
    graph = MarketGraph(nodes, tuple(arcs), cost, ())
    clauses = tuple(bond.clause(graph) for bond in bound if bond.given <= graph.giving.keys())
    return MarketGraph(nodes, graph.arcs, cost, clauses)


def room_of(nodes: Iterable[Node]) -> Mapping[str, int]:
    """How many shifts each GP would take at most, for shifts given and besides."""
    room: Counter[str] = Counter()
    for node in nodes:
        if node.gp_id is not None and node.wanted is not None:
            room[node.gp_id] += node.room
    return room


def _cost(situation: Situation, nodes: Sequence[Node], arc: Arc) -> int:
    """What the passing on costs the taker, and the giver too where that one takes nothing for it."""
    given, giver = nodes[arc.head].shift_id, nodes[arc.tail]
    total = dislike(situation, arc.gp_id, [arc.shift_id], [given] if given is not None else [])
    if giver.wanted is None and giver.gp_id is not None:
        total += dislike(situation, giver.gp_id, [], [arc.shift_id])
    return max(-MOST_COST, min(MOST_COST, round(total * STEPS)))


def _nodes(situation: Situation, market: Market) -> tuple[Node, ...]:
    offers = (Node(offer.gp_id, offer.shift_id, offer.in_return, 1, offer.only_for) for offer in market.offers)
    unfilled = (
        Node(None, shift.id, None)
        for shift in situation.ground.shifts
        if shift.id not in situation.gp_of and (market.open_shifts is None or shift.id in market.open_shifts)
    )
    wants = (Node(want.gp_id, None, want.wanted, want.most) for want in market.wants)
    return (*offers, *unfilled, *wants)


def _willing(situation: Situation, nodes: Sequence[Node], never: Set[tuple[str, str]]) -> Iterator[Arc]:
    """Every passing on that the taker would want and for which agreement, absence and locks leave room."""
    up = [(place, situation.shift(node.shift_id)) for place, node in enumerate(nodes) if node.shift_id is not None]
    lineup = Lineup.of([shift for _, shift in up])
    able: dict[str, list[bool]] = {}
    for head, node in enumerate(nodes):
        if node.wanted is None or node.gp_id is None:
            continue
        gp_id = node.gp_id
        if gp_id not in able:
            masks = [room.mask(situation.dossier, gp_id, lineup) for room in (may_work, absence, locks)]
            able[gp_id] = [all(those) for those in zip(*masks, strict=True)]
        for (tail, shift), may in zip(up, able[gp_id], strict=True):
            only_for = nodes[tail].only_for
            meant = (only_for is None or gp_id in only_for) and (gp_id, shift.id) not in never
            if may and meant and nodes[tail].gp_id != gp_id and node.wanted.meets(shift, situation.dossier.calendar):
                yield Arc(tail, head, shift.id, gp_id)


@dataclass(frozen=True)
class _Others:
    """What else the taker of an arc could do: the shift given for it, all shifts offered, how many could be taken."""

    given: str | None
    offered: frozenset[str]
    room: int

    @property
    def kept(self) -> frozenset[str]:
        """The offered shifts that this arc does not give."""
        return self.offered - {self.given}


@dataclass(frozen=True)
class _Bond:
    """A GP who takes the shift and gives all of `given` must give one of `helpers` too."""

    gp_id: str
    shift_id: str
    given: frozenset[str]
    helpers: frozenset[str]

    def clause(self, graph: MarketGraph) -> Clause:
        """In the variables of the graph; helpers that nobody could take are none."""
        helpers = [shift_id for shift_id in sorted(self.helpers) if shift_id in graph.giving]
        return graph.clause([(self.gp_id, self.shift_id)], sorted(self.given), helpers)


def _bonds(situation: Situation, arc: Arc, others: _Others) -> list[_Bond] | None:
    """None: never legal. Else what the taker must do besides."""
    given = frozenset({others.given} if others.given is not None else ())
    bonds: list[_Bond] = []
    for violation in broken_near(situation, arc.gp_id, situation.shift(arc.shift_id), given):
        helpers = others.kept & set(violation.shift_ids)
        if violation.rule in MAY_HEAL:
            if not others.kept and others.room <= 1:
                return None
        elif not helpers:
            return None
        else:
            lasting = not given or stands(situation, arc.gp_id, [arc.shift_id], violation)
            bonds.append(_Bond(arc.gp_id, arc.shift_id, frozenset() if lasting else given, helpers))
    return bonds


def stands(situation: Situation, gp_id: str, taken: Iterable[str], violation: Violation) -> bool:
    """Whether the GP breaks the rule with these shifts, or more, by taking `taken` and giving nothing at all.

    If so, giving other shifts than those of the breach has no part in it. Else it may have: rules on rest look at
    neighbours only, so a duty that overlaps another one can keep a breach out of sight until it is given away.
    """
    duties = in_order([*situation.duties(gp_id), *(situation.shift(shift_id) for shift_id in taken)])
    shifts, reason = set(violation.shift_ids), violation.detail.get("reason")
    return any(
        one.rule == violation.rule and one.detail.get("reason") == reason and shifts <= set(one.shift_ids)
        for one in newly(broken_with(situation.dossier, gp_id, duties), situation.violations(gp_id))
    )
