"""Ctrl-C: the first time stop and keep what there is, the second time leave at once."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Generic, TypeVar

from scheduler.cli.console import STDERR
from scheduler.cli.status import Status
from scheduler.messages import text

T = TypeVar("T")
_LOOK_SECONDS = 0.1
"""Python runs a signal handler between two waits of the main thread."""


def stoppable(work: Callable[[threading.Event], T], on_stop: Callable[[], None]) -> T:
    """Do `work` in a thread of its own and return what it gives; its argument is set at the first Ctrl-C.

    The main thread only waits, so that a Ctrl-C is heard however long a call of the solver takes. A second Ctrl-C ends
    the process with status 130; nothing is written then.
    """
    cancel = threading.Event()
    task = _Task(work, cancel)

    def heard(_signal: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            _leave()
        cancel.set()
        on_stop()

    before = signal.signal(signal.SIGINT, heard)
    try:
        task.start()
        while task.is_alive():
            task.join(_LOOK_SECONDS)
    finally:
        signal.signal(signal.SIGINT, before)
    return task.outcome()


def _leave() -> None:
    for child in _children():
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    STDERR.print(text("cli.aborted"))
    os._exit(Status.INTERRUPTED)


def _children() -> list[int]:
    """The processes that this one started, as Linux lists them; none where it does not."""
    lists = Path("/proc/self/task").glob("*/children")
    return [int(child) for listed in lists for child in listed.read_text().split()]


class _Task(threading.Thread, Generic[T]):
    """Work in a thread, with its result or its error."""

    def __init__(self, work: Callable[[threading.Event], T], cancel: threading.Event) -> None:
        super().__init__(daemon=True)
        self._work = work
        self._cancel = cancel
        self._found: list[T] = []
        self._error: BaseException | None = None

    def run(self) -> None:
        """Do the work; an error waits for `outcome`."""
        try:
            self._found.append(self._work(self._cancel))
        except BaseException as error:
            self._error = error

    def outcome(self) -> T:
        """What the work gave; raises what it raised."""
        if self._error is not None:
            raise self._error
        return self._found[0]
