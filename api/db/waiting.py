"""What a request waits for without holding up others, as a process apart that takes seconds.

Meanwhile it has no place at the gate, no connection, and no thread of those that serve requests.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import Request

T = TypeVar("T")
_THREADS = ThreadPoolExecutor(32, thread_name_prefix="anw-waiting")
"""More than may wait for processes apart: each kind of them refuses what is too much (`busy`)."""


class Place:
    """A place at a gate, which is given back once, at the end of a request or sooner."""

    def __init__(self, gate: asyncio.Semaphore) -> None:
        self._gate, self._is_held = gate, False

    async def take(self) -> None:
        """Wait for a place."""
        await self._gate.acquire()
        self._is_held = True

    def give_back(self) -> None:
        """Let another request in; a second time it does nothing."""
        if self._is_held:
            self._is_held = False
            self._gate.release()


async def wait_outside(request: Request, work: Callable[[], T]) -> T:
    """Do `work`, which asks nothing of the database, after the request has given its place back.

    Its session must have been closed or committed before, or it would keep its connection.
    """
    place: Place | None = getattr(request.state, "place", None)
    if place is not None:
        place.give_back()
    return await asyncio.get_running_loop().run_in_executor(_THREADS, work)
