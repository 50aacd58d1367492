"""Noting that tokens and sessions are in use: after the answer, and many at once in one transaction."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from weakref import WeakKeyDictionary

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.db.engine import Database

Note = Callable[[Session], None]
_AT_EASE, _APART_SECONDS = 8, 1.0
"""So many transactions follow each other at once; when there is more to note, one a second takes all along."""


class _Notes:
    """What is to be written for one database; who writes takes along what came in meanwhile."""

    def __init__(self) -> None:
        self._waiting: dict[object, Note] = {}
        self._lock, self.turn = threading.Lock(), threading.Lock()
        self._written: deque[float] = deque(maxlen=_AT_EASE)

    def pause(self) -> float:
        """Seconds to wait before the next transaction, which is counted from here on."""
        moment = time.monotonic()
        hurried = len(self._written) == _AT_EASE and moment - self._written[0] < _AT_EASE * _APART_SECONDS
        wait = max(0.0, self._written[-1] + _APART_SECONDS - moment) if hurried else 0.0
        self._written.append(moment + wait)
        return wait

    def add(self, key: object, note: Note) -> None:
        """Have it written; a second note under the same key is the same note."""
        with self._lock:
            self._waiting[key] = note

    def some(self) -> bool:
        """Whether anything waits."""
        with self._lock:
            return bool(self._waiting)

    def take(self) -> Mapping[object, Note]:
        """All that waits."""
        with self._lock:
            taken, self._waiting = self._waiting, {}
        return taken


_NOTES: WeakKeyDictionary[Database, _Notes] = WeakKeyDictionary()


async def note(store: Database, key: object, what: Note) -> None:
    """Nobody waits for it, and nobody is refused when it can't be made: the next request tries again."""
    notes = _NOTES.setdefault(store, _Notes())
    notes.add(key, what)
    if not notes.turn.acquire(blocking=False):
        return
    try:
        while notes.some():
            await asyncio.sleep(notes.pause())
            taken = notes.take()
            async with store.gate():
                await run_in_threadpool(_written, store, taken)
    finally:
        notes.turn.release()


def _written(store: Database, taken: Mapping[object, Note]) -> None:
    with contextlib.suppress(SQLAlchemyError), store.writing() as session:
        for one in taken.values():
            one(session)
