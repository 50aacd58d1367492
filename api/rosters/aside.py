"""Heavy work on a version, done in a process aside, a few at a time, and remembered for a while."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from api.apart import environment
from api.child_failure import ChildFailed
from api.errors import Problem
from api.kept import Kept, Memory
from api.rosters.aside_request import AsideRequest
from api.rosters.content import Content
from scheduler.domain.result import RosterResult
from scheduler.messages import text
from scheduler.version import __version__

AT_ONCE, IN_LINE = 2, 12
"""Processes at work, and requests that are served or wait; more would keep short requests out of the service."""
PATIENCE_SECONDS = 60.0
"""How long a request waits for its turn."""
LONGEST_SECONDS = 300.0
MOST_KEPT, LARGEST_KEPT = 16 * 2**20, 256 * 2**10
"""Bytes of the answers that are remembered, and of the largest of them: explanations, not reports."""
Key = tuple[object, ...]


TURNS = threading.BoundedSemaphore(AT_ONCE)
LINE = threading.BoundedSemaphore(IN_LINE)


@dataclass(frozen=True)
class Question:
    """What is to be done aside, and under which key it is remembered; `known` is an answer given before."""

    key: Key
    request: AsideRequest | None
    known: bytes = b""

    def ask(self) -> bytes:
        """The answer, known or new; raises as `ask`."""
        return self.known if self.request is None else ask(self.key, self.request)


class _Aside:
    """The answers that were given last, and the way to new ones."""

    def __init__(self) -> None:
        self._kept: Kept[Key, bytes] = Kept(Memory(MOST_KEPT), len)

    def recall(self, key: Key) -> bytes | None:
        """The answer that was given under this key, if it is still known."""
        return self._kept.known(key)

    def ask(self, key: Key, request: AsideRequest) -> bytes:
        """Do the work; raises Problem `busy` when too many wait for it, `internal` when it fails."""
        with _place(LINE, 0), _place(TURNS, PATIENCE_SECONDS):
            answer = _run("api.rosters.aside_child", request.model_dump_json().encode(), request.task)
        if len(answer) <= LARGEST_KEPT:
            self._kept.keep(key, answer)
        return answer


@contextmanager
def _place(places: threading.BoundedSemaphore, patience: float) -> Iterator[None]:
    if not places.acquire(timeout=patience):
        raise Problem("busy", text("rosters.busy"), headers={"Retry-After": "10"})
    try:
        yield
    finally:
        places.release()


def run_module(module: str, request: bytes, task: str) -> bytes:
    """What a module writes that reads this request in a process of its own, in turn with all that is done aside.

    Raises Problem `busy` when too many wait for it, `internal` when it fails.
    """
    with _place(LINE, 0), _place(TURNS, PATIENCE_SECONDS):
        return _run(module, request, task)


def _run(module: str, request: bytes, task: str) -> bytes:
    command = (sys.executable, "-m", module)
    try:
        done = subprocess.run(
            command,
            input=request,
            capture_output=True,
            env=environment(),
            timeout=LONGEST_SECONDS,
            check=True,
        )
    except subprocess.CalledProcessError as error:
        raise Problem("internal", _words(task)) from ChildFailed(error.returncode, error.stderr)
    except subprocess.TimeoutExpired as error:
        raise Problem("internal", _words(task)) from ChildFailed(None, error.stderr or b"")
    except OSError as error:
        raise Problem("internal", _words(task)) from error
    return done.stdout


def _words(task: str) -> str:
    return text("rosters.aside_failed", task=task)


_ASIDE = _Aside()
recall, ask = _ASIDE.recall, _ASIDE.ask


def result_of(content: Content, proof: dict[str, object]) -> RosterResult:
    """A version as the result that a report tells of; nothing is proven of what no run made."""
    plain = {"seed": 0, "workers": 0, "engine_version": __version__, "deviation_bound": {}}
    return RosterResult.model_validate(
        {**plain, **proof, "roster": content.roster, "targets": content.basis.shares.targets}
    )
