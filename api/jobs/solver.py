"""The solver from the side of the service: a process that is fed, watched, stopped and never outlived."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Protocol

from api.apart import environment
from api.child_failure import LONGEST_OUTPUT, ChildFailed
from api.jobs.solver_request import CANCEL, Answer, ProgressLine, Solved, SolvedLine, SolveRequest
from scheduler.domain.result import Phase, Progress

LONGEST_LINE = 2**28
"""Bytes of one answer: the result of a region is 1.5 MB."""
OVERTIME_SECONDS, OVERTIME_PART = 30.0, 0.5
"""What a run may take beyond its limit on a busy machine before it is told to stop."""
STOP_SECONDS = 2.0
"""How long a run without any roster yet may take to stop; the engine itself needs up to 3 s for a region then."""
HAND_OVER_SECONDS = 15.0
"""How long a run may take to judge and hand over the roster that it has; 0.6 s measured with 6,188 shifts."""
GRACE_SECONDS = 0.5
_HAS_ROSTER = frozenset({Phase.REPAIR, Phase.EXCHANGE, Phase.PROVE})


class SolverCrashed(ChildFailed):
    """The solver process died, or had to be killed, without a result; to try again may help."""


class Cancel(Protocol):
    """The wish to stop: an `asyncio.Event`, or anything else that can be waited for."""

    async def wait(self) -> object:
        """Return when the run is to stop."""
        ...


async def solve_in_process(
    request: SolveRequest, *, on_progress: Callable[[Progress], None], cancelled: Cancel
) -> Solved | None:
    """Solve in a process of its own; when `cancelled` is set the best found so far, None if there is nothing yet.

    The process dies with this one, and with the task that waits here. Raises SolverCrashed.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "api.jobs.solver_child"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
        env=environment(),
    )
    return await _Conversation(process, on_progress).solved(request, cancelled)


@dataclass
class _Conversation:
    """One request to one process."""

    process: asyncio.subprocess.Process
    on_progress: Callable[[Progress], None]
    has_roster: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: bool = False

    async def solved(self, request: SolveRequest, cancelled: Cancel) -> Solved | None:
        """Ask, and wait for the answer; the process is gone afterwards, whatever happens."""
        errors = asyncio.create_task(self._ending())
        stopper = asyncio.create_task(self._stop_in_time(request.time_limit, cancelled))
        try:
            await self._say(request.model_dump_json().encode() + b"\n")
            found = await self._answer()
            if found is None and not self.stopped:
                raise SolverCrashed(await self.process.wait(), await errors)
            return found
        finally:
            await self._close(stopper, errors)

    async def _say(self, line: bytes) -> None:
        assert self.process.stdin is not None
        # a process that died at once says why in its error output, not here
        with suppress(ConnectionError):
            self.process.stdin.write(line)
            await self.process.stdin.drain()

    async def _answer(self) -> Solved | None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            match Answer.model_validate_json(line).line:
                case ProgressLine(progress=progress):
                    if progress.phase in _HAS_ROSTER:
                        self.has_roster.set()
                    self.on_progress(progress)
                case SolvedLine(solved=solved):
                    return solved
        return None

    async def _ending(self) -> bytes:
        """The end of what the process says before it dies; the rest of its output is thrown away."""
        assert self.process.stderr is not None
        kept = b""
        while piece := await self.process.stderr.read(65536):
            kept = (kept + piece)[-LONGEST_OUTPUT:]
        return kept

    async def _stop_in_time(self, time_limit: float, cancelled: Cancel) -> None:
        """Tell the run to stop when that is wished or it is long overdue; kill it when it does not listen."""
        with suppress(asyncio.TimeoutError):
            overtime = time_limit + max(OVERTIME_SECONDS, OVERTIME_PART * time_limit)
            await asyncio.wait_for(cancelled.wait(), overtime)
            self.stopped = True
        await self._say(CANCEL)
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self.has_roster.wait(), STOP_SECONDS)
            await asyncio.sleep(HAND_OVER_SECONDS)
        self._kill()

    async def _close(self, *helpers: asyncio.Task[Any]) -> None:
        """End the process, and read both pipes to their end: they would be closed after the loop otherwise."""
        for helper in helpers:
            helper.cancel()
        await asyncio.gather(*helpers, return_exceptions=True)
        await self._end()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            with suppress(TimeoutError):
                await asyncio.wait_for(pipe.read(), GRACE_SECONDS)

    async def _end(self) -> None:
        """Have the process gone: it leaves by itself when its input ends, and is killed when it does not hear that."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), GRACE_SECONDS)
        except TimeoutError:
            self._kill()
            await self.process.wait()

    def _kill(self) -> None:
        with suppress(ProcessLookupError):
            self.process.kill()
