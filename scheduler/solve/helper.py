"""A second process that trades among its own half of the GPs while the main process does the other half."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Burden, Shift
from scheduler.solve.child import Child, answer, messages
from scheduler.solve.clock import Clock
from scheduler.solve.exchange import exchange
from scheduler.solve.fair_cost import FairCost
from scheduler.solve.problem import Bools, Floats, Ints, build_problem
from scheduler.solve.state import State

UNTIL_TIME_IS_UP = 10**9


@dataclass(frozen=True)
class Opening:
    """What the helper needs once: the problem."""

    dossier: Dossier
    shifts: Sequence[Shift]
    targets: Mapping[tuple[str, Burden], float]


@dataclass(frozen=True)
class Turn:
    """One turn of trading: the roster as it is, the GPs who trade, and for how long."""

    gp_of: Ints
    keep: Ints | None
    among: Ints
    movable: Bools
    most: Floats
    seconds: float
    seed: int


class Helper:
    """The main process's end of a helper; when it is lost the main process goes on alone."""

    def __init__(self, opening: Opening) -> None:
        self._child = Child(__name__, opening)

    @property
    def lost(self) -> bool:
        """Whether the helper is gone."""
        return self._child.lost

    def begin(self, turn: Turn) -> None:
        """Start a turn."""
        self._child.send(turn)

    def finish(self, give_up: Callable[[], bool] = lambda: False) -> Ints | None:
        """Wait for the turn to end; the assignment it found, or None when the helper is lost or given up."""
        return cast("Ints | None", self._child.receive(give_up))

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._child.close()


def main() -> None:
    """Answer turns until the input ends."""
    incoming = messages()
    opening = cast("Opening", next(incoming))
    problem = build_problem(opening.dossier, opening.shifts, opening.targets)
    state = State(problem)
    for turn in cast("Sequence[Turn]", incoming):
        state.become(turn.gp_of)
        state.keep = turn.keep
        rng, fair = np.random.default_rng(turn.seed), FairCost(problem, turn.most)
        exchange(state, turn.among, turn.movable, rng, Clock(turn.seconds), fair, UNTIL_TIME_IS_UP)
        answer(state.gp_of)
