"""A second process that trades among its own half of the GPs while the main process does the other half.

Started as a plain Python process with pickles over its pipes, so that it neither depends on how the main program was
started nor outlives it: it ends when its input does.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np

from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Burden, Shift
from scheduler.solve.clock import Clock
from scheduler.solve.exchange import exchange
from scheduler.solve.fair_cost import FairCost
from scheduler.solve.problem import Bools, Floats, Ints, build_problem
from scheduler.solve.state import State

START = "from scheduler.solve.helper import main; main()"
UNTIL_TIME_IS_UP = 10**9


@dataclass(frozen=True)
class Opening:
    """What the helper needs once: the problem and what may move."""

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
    """The main process's end of a helper; after any trouble it is `lost` and the main process goes on alone."""

    def __init__(self, opening: Opening) -> None:
        self.lost = False
        self._process = subprocess.Popen([sys.executable, "-c", START], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        # in a thread: the process reads only once it has loaded its libraries, and the pipe is shorter than a dossier
        self._opening = threading.Thread(target=self._write, args=(pickle.dumps(opening),), daemon=True)
        self._opening.start()

    def begin(self, turn: Turn) -> None:
        """Start a turn."""
        self._opening.join()
        self._send(turn)

    def finish(self) -> Ints | None:
        """Wait for the turn to end; the assignment it found, or None when the helper is lost."""
        if self.lost or self._process.stdout is None:
            return None
        try:
            found: Ints = pickle.load(self._process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            self.lost = True
            return None
        return found

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self.lost = True
        self._process.kill()
        self._process.communicate()

    def _send(self, message: Opening | Turn) -> None:
        self._write(pickle.dumps(message))

    def _write(self, message: bytes) -> None:
        if self.lost or self._process.stdin is None:
            return
        try:
            self._process.stdin.write(message)
            self._process.stdin.flush()
        except (OSError, ValueError):
            self.lost = True


def serve(incoming: IO[bytes], outgoing: IO[bytes]) -> None:
    """Answer turns until the input ends."""
    opening: Opening = pickle.load(incoming)
    problem = build_problem(opening.dossier, opening.shifts, opening.targets)
    state = State(problem)
    while True:
        try:
            turn: Turn = pickle.load(incoming)
        except EOFError:
            return
        state.become(turn.gp_of)
        state.keep = turn.keep
        rng, fair = np.random.default_rng(turn.seed), FairCost(problem, turn.most)
        exchange(state, turn.among, turn.movable, rng, Clock(turn.seconds), fair, UNTIL_TIME_IS_UP)
        pickle.dump(state.gp_of, outgoing)
        outgoing.flush()


def main() -> None:
    """Run as a process; an interrupt is for the main process to handle."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
