"""The sessions that routes ask for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated
from weakref import WeakKeyDictionary

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.db.engine import Database


def database(request: Request) -> Database:
    """The database of this application."""
    found: Database = request.app.state.database
    return found


def _reading(request: Request) -> Iterator[Session]:
    with database(request).reading() as session:
        yield session


_WRITERS_AT_ONCE = {"sqlite": 8, "postgresql": 20}
"""Of the forty threads of a process. Writers wait for each other's locks in a thread, and who holds the lock needs
another thread for its answer before it commits: if all of them waited, nobody would go on."""

_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


def _done_reading(read: Annotated[Session, Depends(_reading, scope="function")]) -> None:
    # what asked who is calling gives its connection back: many callers who each hold one and wait for a second would
    # empty the pool and wait for ever
    read.commit()


async def _turn(
    request: Request, _before: Annotated[None, Depends(_done_reading, scope="function")]
) -> AsyncIterator[None]:
    """A turn to write; whoever waits for one holds no thread and no connection."""
    loop = asyncio.get_running_loop()
    if loop not in _turns:
        _turns[loop] = asyncio.Semaphore(_WRITERS_AT_ONCE[database(request).engine.dialect.name])
    async with _turns[loop]:
        yield


def _writing(request: Request, _mine: Annotated[None, Depends(_turn, scope="function")]) -> Iterator[Session]:
    with database(request).writing() as session:
        yield session


# scope="function": the commit comes before the answer, so that nobody is told of work that is then lost
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
