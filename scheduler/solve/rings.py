"""The largest set of rings in a market, with a bound: how kidney exchanges are cleared, in a process of its own.

A small market is written down whole and CP-SAT chooses among all its rings. In a larger one the linear programme over
all rings, solved by generating columns, gives the bound; a dive along it gives a choice; and CP-SAT betters that part
by part, each time choosing exactly among all rings of one part of the market.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np

from scheduler.solve.child import Child, answer, messages
from scheduler.solve.clock import Clock
from scheduler.solve.ring_choice import choose
from scheduler.solve.ring_columns import Columns
from scheduler.solve.ring_list import rings_within
from scheduler.solve.ring_master import Master, Rows
from scheduler.solve.ring_puzzle import Answer, Graph, Question, Ring

SMALL = 4_000
"""Rings up to which a market is written down whole."""
PART = 3_000
FROM_IDLE = 0.6
"""How often a part is taken around an offer that does not move yet."""
PART_BUDGET, LAST_BUDGET, WHOLE_BUDGET = 0.3, 1.0, 20.0
"""In seconds of the solver's own, deterministic time."""
IN_VAIN = 24
"""Parts in a row that could not be bettered, after which the search ends."""
DIVE_BATCH = 12
FEW_CLAUSES = 12
"""New clauses up to which the bound and the dive are not worth doing again."""
START_SECONDS = 60.0
GRACE_SECONDS = 5.0
_EPS = 1e-6


class RingSearch:
    """Answers one question after another about one market; what was found for one helps the next."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.columns = Columns(graph)
        self.all, self.complete = rings_within(graph, np.ones(graph.size, bool), SMALL)
        self.pool: dict[Ring, None] = {}
        self.best: tuple[Ring, ...] = ()
        self.proven = False
        self.clauses_seen = -1 - FEW_CLAUSES
        self.bound = int(graph.room[~graph.is_sink].sum())

    def answer(self, question: Question) -> Answer:
        """The most shifts that can be moved under the clauses of the question, as far as time allows."""
        clock, rows = Clock(question.seconds), Rows(self.graph, question.clauses)
        if not len(self.graph.tail):
            return Answer((), 0, 0)
        if self.complete:
            return self._whole(rows, question)
        self.best = self._within_clauses(rows, self.best)
        if not self.pool:
            self.pool.update(dict.fromkeys(self.columns.short()))
            self.best = self._filled(rows, ())
        if len(question.clauses) - self.clauses_seen > FEW_CLAUSES and moved(self.best) < self.bound:
            self.clauses_seen = len(question.clauses)
            self._bound_and_dive(rows, clock.part(0.75 * clock.left), question)
        self._better(rows, clock, question.seed)
        return Answer(self.best, moved(self.best), self.bound, len(self.pool))

    def _whole(self, rows: Rows, question: Question) -> Answer:
        hint = frozenset(self._within_clauses(rows, self.best))
        found = choose(rows, self.all, (), hint, budget=WHOLE_BUDGET, seconds=question.seconds, seed=question.seed)
        if found is None:
            return Answer((), 0, self.bound, len(self.all))
        self.best = tuple(self.all[place] for place in found.places)
        self.bound = moved(self.best) if found.proven else min(self.bound, found.bound)
        return Answer(self.best, moved(self.best), self.bound, len(self.all))

    def _filled(self, rows: Rows, rings: Sequence[Ring]) -> tuple[Ring, ...]:
        """These rings and, longest and cheapest first, every known one that still fits beside them."""
        taken = list(rings)
        room = rows.most - rows.used(taken)
        for ring in sorted(self.pool, key=lambda one: (-len(one), int(self.graph.cost[list(one)].sum()), one)):
            arcs = list(ring)
            if (room[self.graph.tail[arcs]] > 0).all() and (room[self.graph.size + self.graph.head[arcs]] > 0).all():
                left = room - rows.used([ring])
                if (left[rows.lasting] >= 0).all():
                    room, taken = left, [*taken, ring]
        return self._within_clauses(rows, taken)

    def _within_clauses(self, rows: Rows, rings: Sequence[Ring]) -> tuple[Ring, ...]:
        """As many of the rings as the clauses leave standing together: of a row that is overdone the shortest go."""
        kept = sorted(dict.fromkeys(rings), key=lambda one: (-len(one), one))
        while kept and (over := np.flatnonzero(rows.used(kept) > rows.most)).size:
            counts = rows.of(kept).tocsr()[[over[0]]]
            kept.pop(int(max(counts.indices[counts.data > 0])))
        return tuple(kept)

    def _bound_and_dive(self, rows: Rows, clock: Clock, question: Question) -> None:
        """Better the bound, and take what its fractional choice leads to."""
        master = Master(rows)
        master.add(self.pool)
        self.bound = min(self.bound, self._generate(master, clock.part(0.6 * clock.left)))
        solid, rest = self._dive(master, clock.part(0.75 * clock.left))
        self.pool.update(dict.fromkeys(master.variable))
        found = self._filled(rows, [*solid, *rest])
        if self._merit(found) > self._merit(self.best):
            self.best = found
        kept = [ring for ring in self._within_clauses(rows, solid) if ring in set(self.best)]
        self.best = self._anew(rows, kept, LAST_BUDGET, clock, question.seed, listed=0)

    def _generate(self, master: Master, clock: Clock) -> int:
        """Add rings until none would better the relaxation; the most shifts that any choice can move."""
        bound = float(self.bound)
        while not clock.over and (relaxed := master.relax(clock.left)) is not None:
            value, worth = relaxed
            rings, more = self.columns.best(worth)
            bound = min(bound, value + more)
            if np.floor(bound + _EPS) <= np.floor(value + _EPS) or not master.add(rings):
                break
        return int(np.floor(bound + _EPS))

    def _dive(self, master: Master, clock: Clock) -> tuple[list[Ring], list[Ring]]:
        """Take what the relaxation takes most of for certain, again and again, with new rings for what is left.

        Told apart: those taken while the bound could still be reached, and those taken after.
        """
        fixed: list[Ring] = []
        solid, most = 0, DIVE_BATCH
        step = self._step(master, clock)
        while step is not None and not clock.over:
            batch = self._batch(master.rows, step[1], fixed, most)
            if not batch:
                break
            for ring in batch:
                master.fix(ring)
            following = self._step(master, clock)
            if following is not None:
                fixed, most, step = [*fixed, *batch], DIVE_BATCH, following
                solid = len(fixed) if step[0] > self.bound - _EPS else solid
            elif most == 1:
                break
            else:
                # too many at once: back to where it was, and one at a time
                for ring in batch:
                    master.fix(ring, on=False)
                most = 1
        return fixed[:solid], fixed[solid:]

    def _step(self, master: Master, clock: Clock) -> tuple[float, list[tuple[float, Ring]]] | None:
        """What the relaxation moves and takes; rings that suit it are added for the next step. None: it has none."""
        relaxed = master.relax(clock.left)
        if relaxed is None:
            return None
        taken = master.chosen()
        master.add(self.columns.best(relaxed[1])[0])
        return relaxed[0], taken

    def _batch(self, rows: Rows, chosen: Sequence[tuple[float, Ring]], fixed: Sequence[Ring], most: int) -> list[Ring]:
        """The next rings to take for certain: all that are whole, and the fullest few others that fit beside them."""
        known = set(fixed)
        batch = [ring for part, ring in chosen if part > 1 - _EPS and ring not in known]
        taken = 0
        for part, ring in chosen:
            next_one = ring not in known and part <= 1 - _EPS and (taken == 0 or (part > 0.5 and taken < most))
            if next_one and fits(rows, [*fixed, *batch, ring], for_good=False):
                batch, taken = [*batch, ring], taken + 1
        return batch

    def _better(self, rows: Rows, clock: Clock, seed: int) -> None:
        """Free one part of the market after another and choose there anew, until that betters nothing any more.

        Parts grow as long as CP-SAT proves what is best in them, and shrink when it does not.
        """
        rng, in_vain, size = np.random.default_rng(seed), 0, 8.0
        while in_vain < IN_VAIN and not clock.over:
            freed, before = self._neighbourhood(rng, round(size)), self.best
            kept = [ring for ring in before if ring not in freed]
            self.best = self._anew(rows, kept, PART_BUDGET, clock, seed)
            if self.proven and not kept:
                self.bound = min(self.bound, moved(self.best))
                return
            in_vain = in_vain + 1 if self.best is before else 0
            size = min(len(self.best), size * 1.1) if self.proven else max(4.0, size * 0.9)

    def _anew(
        self, rows: Rows, kept: Sequence[Ring], budget: float, clock: Clock, seed: int, listed: int | None = None
    ) -> tuple[Ring, ...]:
        """The best choice that keeps these rings, or the present one where that is as good.

        Chosen among all rings of what is free then where these are not more than `listed`, else among the rings that
        the bound made known too.
        """
        graph, here = self.graph, set(kept)
        used = rows.used(kept)
        free = (used[: graph.size] < graph.room) & (used[graph.size : 2 * graph.size] < graph.room)
        rings, complete = rings_within(graph, free, PART if listed is None else listed)
        known = [
            ring for ring in self.pool if free[graph.tail[list(ring)]].all() and free[graph.head[list(ring)]].all()
        ]
        freed = [ring for ring in self.best if ring not in here]
        rings = list(dict.fromkeys([*freed, *rings, *([] if complete else known)]))
        found = None
        if rings:
            hint = frozenset(freed)
            found = choose(rows, rings, kept, hint, budget=budget, seconds=clock.left, seed=seed)
        self.proven = found is not None and found.proven and complete
        if found is None:
            return self.best
        anew = (*kept, *(rings[place] for place in found.places))
        return anew if self._merit(anew) > self._merit(self.best) else self.best

    def _neighbourhood(self, rng: np.random.Generator, size: int) -> frozenset[Ring]:
        """Some rings that lie close together: found from one node outward along arcs."""
        graph = self.graph
        ring_of = {int(node): ring for ring in self.best for node in graph.tail[list(ring)]}
        idle = [node for node in self.columns.busy_nodes if node not in ring_of]
        among = idle if idle and rng.random() < FROM_IDLE else self.columns.busy_nodes
        reached = np.zeros(graph.size, bool)
        reached[among[int(rng.random() * len(among))]] = True
        freed: dict[Ring, None] = {}
        for _ in range(graph.size):
            touched = reached.copy()
            touched[graph.head[reached[graph.tail]]] = True
            touched[graph.tail[reached[graph.head]]] = True
            new = np.flatnonzero(touched & ~reached)
            if not len(new) or len(freed) >= size:
                break
            for node in new[np.argsort(rng.random(len(new)))].tolist():
                if node in ring_of and len(freed) < size:
                    freed[ring_of[node]] = None
            reached = touched
        return frozenset(freed)

    def _merit(self, rings: Sequence[Ring]) -> tuple[int, int]:
        """Most shifts first, then the least cost."""
        return moved(rings), -int(self.graph.cost[[arc for ring in rings for arc in ring]].sum())


def moved(rings: Sequence[Ring]) -> int:
    """How many shifts these rings move."""
    return sum(len(ring) for ring in rings)


def fits(rows: Rows, rings: Sequence[Ring], *, for_good: bool = True) -> bool:
    """Whether these rings use no node twice and keep every clause; if not `for_good`, with others beside them."""
    keeps = rows.used(rings) <= rows.most
    return bool(keeps.all() if for_good else keeps[rows.lasting].all())


class Apart:
    """The main process's end of a search in a process of its own: a crash of the solver costs an answer, no more.

    The process loads its libraries from the moment this is made, while the main process reads the market.
    """

    def __init__(self) -> None:
        self._child = Child(__name__, None)

    def open(self, graph: Graph) -> None:
        """Tell the market; waits until the search is ready for questions."""
        self._child.send(graph)
        patience = Clock(START_SECONDS)
        self._child.receive(lambda: patience.over)

    def answer(self, question: Question) -> Answer | None:
        """As `RingSearch.answer`; None when the process is lost or far over its time."""
        self._child.send(question)
        patience = Clock(question.seconds + GRACE_SECONDS)
        return cast("Answer | None", self._child.receive(lambda: patience.over))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._child.close()


def main() -> None:
    """Take the market, then answer questions until the input ends."""
    incoming = messages()
    next(incoming)
    search = RingSearch(cast("Graph", next(incoming)))
    answer(True)
    for question in incoming:
        answer(search.answer(cast("Question", question)))
