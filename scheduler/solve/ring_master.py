"""The linear programme over the rings at hand: how good a fractional choice is, and what each arc is then worth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from ortools.linear_solver import pywraplp
from scipy.sparse import csc_array, csr_array

from scheduler.solve.ring_columns import Floats
from scheduler.solve.ring_puzzle import Clause, Graph, Ring

# the primal simplex goes on from the choice it had when columns are added, without a presolve that would forget it
_GOING_ON = "use_dual_simplex: false use_preprocessing: false"


class Rows:
    """What every choice of rings must respect: the room of each node, and each clause."""

    def __init__(self, graph: Graph, clauses: Sequence[Clause]) -> None:
        self.graph = graph
        self.most = np.concatenate([graph.room, graph.room, [clause.most for clause in clauses]]).astype(np.int64)
        self.of_arcs = self._of_arcs(clauses)
        asks = [any(value < 0 for _, value in clause.coefficients) for clause in clauses]
        self.lasting = np.concatenate([np.ones(2 * graph.size, bool), ~np.array(asks, bool)])
        """Rows that more rings never relieve: all but clauses that ask for something in return."""

    def _of_arcs(self, clauses: Sequence[Clause]) -> csr_array:
        """How often an arc counts in each row: for the node that gives, for a sink that takes, in the clauses."""
        graph, size, arcs = self.graph, self.graph.size, np.arange(len(self.graph.tail))
        into_sink = arcs[graph.is_sink[graph.head]]
        named = [
            (2 * size + row, arc, value) for row, clause in enumerate(clauses) for arc, value in clause.coefficients
        ]
        rows = [*graph.tail.tolist(), *(size + graph.head[into_sink]).tolist(), *(row for row, _, _ in named)]
        columns = [*arcs.tolist(), *into_sink.tolist(), *(arc for _, arc, _ in named)]
        values = [*[1] * (len(arcs) + len(into_sink)), *(value for _, _, value in named)]
        return csr_array((values, (rows, columns)), shape=(len(self.most), len(arcs)), dtype=np.int64)

    def of(self, rings: Sequence[Ring]) -> csc_array:
        """How often each ring counts in each row: a column a ring."""
        arcs = [arc for ring in rings for arc in ring]
        where = [place for place, ring in enumerate(rings) for _ in ring]
        shape = (len(self.graph.tail), len(rings))
        chosen = csr_array((np.ones(len(arcs), np.int64), (arcs, where)), shape=shape)
        return csc_array(self.of_arcs @ chosen)

    def used(self, rings: Sequence[Ring]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """What these rings use of each row together."""
        arcs = np.array([arc for ring in rings for arc in ring], np.int64)
        counts = np.bincount(arcs, minlength=len(self.graph.tail)).astype(np.int64)
        return np.asarray(self.of_arcs @ counts)


class Master:
    """The relaxation, kept warm while rings are added and, in a dive, fixed."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._solver = pywraplp.Solver.CreateSolver("GLOP")
        self._solver.SetSolverSpecificParametersAsString(_GOING_ON)
        self._rows = [self._solver.Constraint(-self._solver.infinity(), float(most)) for most in rows.most]
        self._goal = self._solver.Objective()
        self._goal.SetMaximization()
        self.variable: dict[Ring, pywraplp.Variable] = {}

    def add(self, rings: Iterable[Ring]) -> int:
        """Take in those rings that are not here yet; how many that were."""
        new = [ring for ring in dict.fromkeys(rings) if ring not in self.variable]
        counts = self.rows.of(new)
        for place, ring in enumerate(new):
            variable = self._solver.NumVar(0, self._solver.infinity(), "")
            self._goal.SetCoefficient(variable, float(len(ring)))
            for at in range(counts.indptr[place], counts.indptr[place + 1]):
                self._rows[counts.indices[at]].SetCoefficient(variable, float(counts.data[at]))
            self.variable[ring] = variable
        return len(new)

    def relax(self, seconds: float) -> tuple[float, Floats] | None:
        """The most shifts that a fractional choice moves, and what each arc is worth beyond its prices; None: none."""
        self._solver.SetTimeLimit(max(1, int(1000 * seconds)))
        if self._solver.Solve() != pywraplp.Solver.OPTIMAL:
            return None
        price = np.maximum(0.0, [row.dual_value() for row in self._rows])
        return float(self._goal.Value()), 1.0 - self.rows.of_arcs.T @ price

    def chosen(self) -> list[tuple[float, Ring]]:
        """How much of each ring the relaxation takes, most first."""
        taken = [(variable.solution_value(), ring) for ring, variable in self.variable.items()]
        return sorted(((part, ring) for part, ring in taken if part > 1e-6), key=lambda one: (-one[0], one[1]))

    def fix(self, ring: Ring, *, on: bool = True) -> None:
        """Take a ring for certain, or no more so."""
        self.variable[ring].SetLb(1.0 if on else 0.0)
