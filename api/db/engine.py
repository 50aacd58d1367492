"""Connections: one engine a process, a session a request or job, committed at the edge."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session, sessionmaker

from api.private_files import make_private

_BUSY_SECONDS = 30
_WRITES = "anw_writes"
_TURN = "anw_turn"
_SPARE = 4
"""Connections for what is done beside requests, and by those few that need a second one."""
MOST_AT_ONCE = 8
"""Of the forty threads that serve requests; more at once only take turns at the interpreter, and all wait longer."""
MOST_WRITE = 3
_Gates = WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore]


class Database:
    """The engine with its two kinds of session: `reading`, which never locks others out, and `writing`."""

    def __init__(
        self, url: str, *, pool_size: int = 10, most_at_once: int = MOST_AT_ONCE, most_write: int = MOST_WRITE
    ) -> None:
        self.url, self._most_write = url, most_write
        self.engine = _engine(url, pool_size)
        self._gates, self._gates_of_writers = _Gates(), _Gates()
        self._at_once = min(pool_size + _overflow(url, pool_size) - _SPARE, most_at_once)
        # SQLite shows one state for as long as a transaction lasts, PostgreSQL only when it is asked to
        one_state = {} if self.on_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._read = sessionmaker(self.engine.execution_options(**one_state), expire_on_commit=False)
        self._write = sessionmaker(self.engine.execution_options(**{_WRITES: True}), expire_on_commit=False)

    @property
    def on_sqlite(self) -> bool:
        """Whether this is an SQLite file."""
        return self.engine.dialect.name == "sqlite"

    def gate(self) -> asyncio.Semaphore:
        """Lets in as many requests of this event loop as there are connections, and fewer than there are threads.

        Requests hop from thread to thread with their connection: were all threads waiting for a connection, or for a
        lock that one of those with a connection holds, nobody would go on.
        """
        return self._gates.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._at_once))

    def gate_of_writers(self) -> asyncio.Semaphore:
        """Lets in those few of them that write at the same time: they ask the most, and more of them are slower."""
        return self._gates_of_writers.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(self._most_write))

    def reader(self) -> Session:
        """A session as of `reading`, which its caller closes."""
        return self._read()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that is rolled back at the end; its statements see one state of the database."""
        with self.reader() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is committed whole at the end, or not at all when anything was raised."""
        with self._write() as session, session.begin():
            yield session

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def _engine(url: str, pool_size: int) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(
            url, connect_args={"timeout": _BUSY_SECONDS}, pool_size=pool_size, max_overflow=_overflow(url, pool_size)
        )
        file = make_url(url).database
        event.listen(engine, "do_connect", lambda *_: make_private(file))
        event.listen(engine, "connect", _set_up_sqlite)
        _Turns().watch(engine)
        return engine
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=_overflow(url, pool_size),
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5},
    )


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    """WAL lets readers go on beside a writer; the driver may not begin transactions by itself."""
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={_BUSY_SECONDS * 1000}", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _overflow(url: str, pool_size: int) -> int:
    """How many connections there may be beside those that are kept; those to a file cost little."""
    return 20 if url.startswith("sqlite") else pool_size


class _Turns:
    """Lets the writers of this process wait in a row, where SQLite would have each try again and again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def watch(self, engine: Engine) -> None:
        """Take part in every transaction of `engine`."""
        event.listen(engine, "begin", self._begin)
        event.listen(engine, "commit", lambda connection: self._leave(connection.info))
        event.listen(engine, "rollback", lambda connection: self._leave(connection.info))
        # whatever became of the transaction: who gives the connection back has no turn any more
        event.listen(engine, "checkin", lambda _connection, record: self._leave(record.info))

    def _begin(self, connection: Connection) -> None:
        """A writer takes its lock at the start: two readers that both want to write would wait for ever."""
        writes = connection.get_execution_options().get(_WRITES)
        if writes and self._lock.acquire(timeout=_BUSY_SECONDS):
            connection.info[_TURN] = True
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    def _leave(self, info: dict[Any, Any]) -> None:
        if info.pop(_TURN, False):
            self._lock.release()
