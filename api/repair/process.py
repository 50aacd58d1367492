"""The process that mends, from the side of the worker: fed, listened to, killed, and never outlived."""

from __future__ import annotations

import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO

from api.apart import environment
from api.repair.contract import MendAnswer, MendRequest


class MendCrashed(Exception):
    """The process died without an answer; to try again may help."""


class Mending:
    """One request at work in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        assert process.stdout is not None
        threading.Thread(target=self._listen, args=(process.stdout,), daemon=True).start()

    def _listen(self, pipe: IO[bytes]) -> None:
        for line in pipe:
            self._lines.put(line)
        self._lines.put(b"")

    def answer(self, seconds: float) -> MendAnswer | None:
        """The next line, or None when none came for so long; raises MendCrashed when none will come any more."""
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            return None
        if not line:
            raise MendCrashed(f"exit status {self._process.wait()}")
        return MendAnswer.model_validate_json(line)

    def stop(self) -> None:
        """Have it answer soon, with the best so far."""
        assert self._process.stdin is not None
        # one that has just died is found out by whoever waits for its answer
        with suppress(BrokenPipeError):
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()


@contextmanager
def mending(request: MendRequest) -> Iterator[Mending]:
    """Start on a request; the process is gone afterwards, whatever happened."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.repair.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment()
    )
    try:
        assert process.stdin is not None
        try:
            process.stdin.write(request.model_dump_json().encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError as error:
            raise MendCrashed("it died before it was asked") from error
        yield Mending(process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                _close(pipe)


def _close(pipe: IO[bytes]) -> None:
    """Close a pipe to a process that is gone, which may hold what it never read."""
    try:
        pipe.close()
    except BrokenPipeError:
        return
