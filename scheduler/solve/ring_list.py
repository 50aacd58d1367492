"""Every ring of a small part of a market, written down."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scheduler.solve.ring_columns import from_lowest
from scheduler.solve.ring_puzzle import Graph, Ring


def rings_within(graph: Graph, open_nodes: npt.NDArray[np.bool_], most: int) -> tuple[list[Ring], bool]:
    """The rings among these nodes, and whether that is all of them; at most about `most` are told."""
    onward: dict[int, list[tuple[int, int]]] = {}
    for arc in np.flatnonzero(open_nodes[graph.tail] & open_nodes[graph.head]).tolist():
        onward.setdefault(int(graph.tail[arc]), []).append((arc, int(graph.head[arc])))
    found: list[Ring] = []
    for start in sorted(onward):
        if graph.is_source[start]:
            found += _chains(graph, onward, start)
        else:
            found += _cycles(graph, onward, start)
        if len(found) > most:
            return found, False
    return found, True


def _chains(graph: Graph, onward: dict[int, list[tuple[int, int]]], start: int) -> Iterator[Ring]:
    for path, node in _paths(onward, start, graph.longest - 1):
        if graph.is_sink[node]:
            yield path


def _cycles(graph: Graph, onward: dict[int, list[tuple[int, int]]], start: int) -> Iterator[Ring]:
    """Those of which `start` is the lowest node."""
    higher = {node: [(arc, head) for arc, head in arcs if head >= start] for node, arcs in onward.items()}
    for path, node in _paths(higher, start, graph.longest):
        if node == start:
            yield from_lowest(path)


def _paths(onward: dict[int, list[tuple[int, int]]], start: int, longest: int) -> Iterator[tuple[Ring, int]]:
    """Every path without a node twice from `start`, but that it may end there, and where it ends."""
    stack: list[tuple[Ring, int, frozenset[int]]] = [((), start, frozenset())]
    while stack:
        path, node, seen = stack.pop()
        for arc, head in onward.get(node, ()):
            if head in seen:
                continue
            yield (*path, arc), head
            if head != start and len(path) + 1 < longest:
                stack.append(((*path, arc), head, seen | {head}))
