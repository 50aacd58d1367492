"""Rings of offers as plain numbers: what the search for the largest set of swaps is given and what it gives back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LONGEST = 6
"""Most participants of one ring or chain: beyond that too many must agree at once."""

Ints = npt.NDArray[np.int64]
Ring = tuple[int, ...]
"""The arcs of a cycle or chain, in order."""


@dataclass(frozen=True)
class Graph:
    """Who could pass a shift to whom.

    A node gives or takes: an offer in exchange does both once or neither; a `source` (handover, open shift) gives at
    most once; a `sink` (somebody who would pick up) takes at most `room` times. Arc `a` moves one shift from node
    `tail[a]` to node `head[a]`; `cost` says how much worse the roster gets by it (small whole numbers).
    """

    room: Ints
    is_source: npt.NDArray[np.bool_]
    is_sink: npt.NDArray[np.bool_]
    tail: Ints
    head: Ints
    cost: Ints
    longest: int = LONGEST

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.room)


@dataclass(frozen=True)
class Clause:
    """Not all of these together: the sum of the coefficients (arc, value) of the chosen arcs is at most `most`."""

    coefficients: tuple[tuple[int, int], ...]
    most: int


@dataclass(frozen=True)
class Question:
    """Find the rings under these clauses (all that are known so far), within `seconds`."""

    clauses: tuple[Clause, ...]
    seconds: float
    seed: int


@dataclass(frozen=True)
class Answer:
    """The rings chosen, how many shifts they move, how many no set of rings can exceed, how many rings were seen."""

    rings: tuple[Ring, ...]
    moved: int
    bound: int
    columns: int = 0
