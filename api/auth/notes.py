"""Noting that tokens and sessions are in use: after the answer, and many at once in one transaction."""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from fastapi.concurrency import run_in_threadpool
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from api.clock import now
from api.db.engine import Database

Note = Callable[[Session], None]
_AT_EASE, _APART = 8, timedelta(seconds=1)
"""So many transactions follow each other at once; when there is more to note, one a second takes all along."""


class _Notes:
    """What is to be written for one database."""

    def __init__(self) -> None:
        self._waiting: dict[object, Note] = {}
        self._lock = threading.Lock()
        self._begun: deque[datetime] = deque(maxlen=_AT_EASE)

    def add(self, key: object, note: Note) -> bool:
        """Have it written; whether the caller is to see to that, as nothing else waits.

        A second note under the same key is the same note.
        """
        with self._lock:
            first = not self._waiting
            self._waiting[key] = note
            return first

    def pause(self) -> timedelta:
        """How long to wait before the next transaction, which is counted from here on."""
        moment = now()
        hurried = len(self._begun) == _AT_EASE and moment - self._begun[0] < _AT_EASE * _APART
        self._begun.append(moment)
        return _APART if hurried else timedelta(0)

    def write(self, store: Database) -> None:
        """Write all that waits."""
        with self._lock:
            taken, self._waiting = self._waiting, {}
        with contextlib.suppress(SQLAlchemyError), store.writing() as session:
            for one in taken.values():
                one(session)

    def write_later(self, store: Database, pause: timedelta) -> None:
        """Write all that waits after a pause; a process that ends meanwhile does not wait for it."""
        later = threading.Timer(pause.total_seconds(), self.write, [store])
        later.daemon = True
        later.start()


_NOTES: WeakKeyDictionary[Database, _Notes] = WeakKeyDictionary()


async def note(store: Database, key: object, what: Note) -> None:
    """Nobody is refused when it can't be written: the next request tries again."""
    notes = _NOTES.setdefault(store, _Notes())
    if not notes.add(key, what):
        return
    pause = notes.pause()
    if pause:
        # not in here: the connection of whoever was answered takes no other request until this is done
        notes.write_later(store, pause)
        return
    try:
        async with store.gate():
            await run_in_threadpool(notes.write, store)
    except BaseException:
        # broken off: what waits is still to be written, and nobody else sees to it
        notes.write_later(store, _APART)
        raise
