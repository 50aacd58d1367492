"""Rings that would better a fractional choice: the pricing step of the search, over all rings of the market at once.

Every cycle of at most so many arcs, and every chain from a source to a sink, is a column of a linear programme; there
are far too many to write down. Given what each arc is worth, the best walk of k arcs between any two nodes is found by
k rounds over the arcs. A walk may pass a node twice, but a closed one then falls apart into cycles of which one is
worth as much as its part: where no walk is worth anything, no ring is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from scheduler.solve.ring_puzzle import Graph, Ints, Ring

Floats = npt.NDArray[np.float64]
NOTHING = -np.inf
WORTH = 1e-6
BLOCK = 256
"""Nodes from which walks are followed at a time: bounds the memory."""


class Columns:
    """Finds rings by what their arcs are worth."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        inner = ~graph.is_source[graph.tail] & ~graph.is_sink[graph.head]
        self._inside = _Steps(graph, np.flatnonzero(inner))
        self._all = _Steps(graph, np.arange(len(graph.tail)))
        self._starts = np.flatnonzero(np.bincount(graph.tail[inner], minlength=graph.size) > 0)
        self.busy_nodes: list[int] = np.unique(graph.tail).tolist()
        """The nodes that somebody would take from."""

    def best(self, worth: Floats) -> tuple[list[Ring], float]:
        """Rings worth something, and a bound on what any set of rings that fit together is worth."""
        rings: dict[Ring, None] = {}
        bound = self._cycles(worth, rings) + self._chains(worth, rings)
        return [ring for ring in rings if worth[list(ring)].sum() > WORTH], bound

    def short(self) -> list[Ring]:
        """Every cycle of two arcs and every chain of at most two: what the search starts from."""
        tail, head = self.graph.tail, self.graph.head
        place = {(int(t), int(h)): a for a, (t, h) in enumerate(zip(tail, head, strict=True))}
        found: list[Ring] = [(a, place[h, t]) for (t, h), a in place.items() if t < h and (h, t) in place]
        into: list[list[int]] = [[] for _ in range(self.graph.size)]
        for first in np.flatnonzero(self.graph.is_source[tail]).tolist():
            into[head[first]].append(first)
        for last in np.flatnonzero(self.graph.is_sink[head]).tolist():
            if self.graph.is_source[tail[last]]:
                found.append((last,))
            elif self.graph.longest > 2:
                found += [(first, last) for first in into[tail[last]]]
        return found

    def _cycles(self, worth: Floats, rings: dict[Ring, None]) -> float:
        """Each node is in one ring at most and a cycle has two at least: half the sum of the best through each."""
        bound = 0.0
        for first in range(0, len(self._starts), BLOCK):
            starts = self._starts[first : first + BLOCK]
            walks = np.full((len(starts), self.graph.size), NOTHING)
            walks[np.arange(len(starts)), starts] = 0.0
            layers = [walks]
            for _ in range(self.graph.longest):
                layers.append(self._inside.onward(layers[-1], worth))
            closed = np.array([layer[np.arange(len(starts)), starts] for layer in layers[2:]])
            bound += float(np.maximum(closed.max(axis=0, initial=0.0), 0.0).sum()) / 2
            for length, row in np.argwhere(closed > WORTH):
                walk = self._inside.back([layer[row] for layer in layers[: length + 3]], int(starts[row]), worth)
                rings.update(dict.fromkeys(self._apart(walk)))
        return bound

    def _chains(self, worth: Floats, rings: dict[Ring, None]) -> float:
        layers = [np.where(self.graph.is_source, 0.0, NOTHING)[np.newaxis]]
        for _ in range(self.graph.longest - 1):
            layers.append(self._all.onward(layers[-1], worth))
        at_sinks = np.array([np.where(self.graph.is_sink, layer[0], NOTHING) for layer in layers])
        for length, sink in np.argwhere(at_sinks > WORTH):
            walk = self._all.back([layer[0] for layer in layers[: length + 1]], int(sink), worth)
            rings.update(dict.fromkeys(self._apart(walk)))
        best = np.maximum(at_sinks.max(axis=0, initial=0.0), 0.0)
        return float((best * self.graph.room).sum())

    def _apart(self, walk: Sequence[int]) -> Iterator[Ring]:
        """The walk taken apart into rings without any node twice."""
        tail, head = self.graph.tail, self.graph.head
        path: list[int] = []
        for arc in walk:
            path.append(arc)
            begun = next((place for place, one in enumerate(path) if tail[one] == head[arc]), None)
            if begun is not None:
                yield from_lowest(path[begun:])
                del path[begun:]
        if path:
            yield tuple(path)


class _Steps:
    """One arc further, for many walks at once."""

    def __init__(self, graph: Graph, arcs: Ints) -> None:
        self.arcs = arcs[np.argsort(graph.head[arcs], kind="stable")]
        self.tail = graph.tail[self.arcs]
        heads = graph.head[self.arcs]
        self.heads, self.begin = np.unique(heads, return_index=True)
        self.end = np.append(self.begin[1:], len(heads))
        self.place = {int(head): number for number, head in enumerate(self.heads)}

    def onward(self, walks: Floats, worth: Floats) -> Floats:
        """The best walk with one arc more from the start of each row to every node."""
        longer = np.full_like(walks, NOTHING)
        if len(self.arcs):
            longer[:, self.heads] = np.maximum.reduceat(walks[:, self.tail] + worth[self.arcs], self.begin, axis=1)
        return longer

    def back(self, layers: Sequence[Floats], end: int, worth: Floats) -> list[int]:
        """The arcs of the best walk to `end`, read from what was best after each arc."""
        walk: list[int] = []
        for before in reversed(layers[:-1]):
            number = self.place[end]
            these = slice(self.begin[number], self.end[number])
            chosen = int(np.argmax(before[self.tail[these]] + worth[self.arcs[these]]))
            walk.append(int(self.arcs[these][chosen]))
            end = int(self.tail[these][chosen])
        return walk[::-1]


def from_lowest(cycle: Sequence[int]) -> Ring:
    """The same cycle, told from its lowest arc."""
    first = min(range(len(cycle)), key=cycle.__getitem__)
    return (*cycle[first:], *cycle[:first])
