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
from api.child_failure import LONGEST_OUTPUT, ChildFailed
from api.repair.contract import MendAnswer, MendRequest


class MendCrashed(ChildFailed):
    """The process died without an answer; to try again may help."""


class Mending:
    """One request at work in a process of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        assert process.stdout is not None
        assert process.stderr is not None
        threading.Thread(target=self._listen, args=(process.stdout,), daemon=True).start()
        self._errors = _ErrorOutput(process.stderr)

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
            raise MendCrashed(self._process.wait(), self._errors.read_end())
        return MendAnswer.model_validate_json(line)

    def stop(self) -> None:
        """Have it answer soon, with the best so far."""
        assert self._process.stdin is not None
        # one that has just died is found out by whoever waits for its answer
        with suppress(BrokenPipeError):
            self._process.stdin.write(b"\n")
            self._process.stdin.flush()


class _ErrorOutput(threading.Thread):
    """Keeps the end of what a process writes to its error output, which would block it if nobody read."""

    def __init__(self, pipe: IO[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe, self._kept = pipe, b""
        self.start()

    def run(self) -> None:
        """Read until the process is gone."""
        with self._pipe:
            for line in self._pipe:
                self._kept = (self._kept + line)[-LONGEST_OUTPUT:]

    def read_end(self) -> bytes:
        """The end of all that it wrote; call it once the process is gone."""
        self.join()
        return self._kept


@contextmanager
def mending(request: MendRequest) -> Iterator[Mending]:
    """Start on a request; the process is gone afterwards, whatever happened."""
    process = subprocess.Popen(
        [sys.executable, "-m", "api.repair.child"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(),
    )  # fmt: skip
    try:
        assert process.stdin is not None
        assert process.stderr is not None
        try:
            process.stdin.write(request.model_dump_json().encode() + b"\n")
            process.stdin.flush()
        except BrokenPipeError as error:
            raise MendCrashed(process.wait(), _ErrorOutput(process.stderr).read_end()) from error
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
