"""The sessions that routes ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from api.db.engine import Database
from api.db.waiting import Place


def database(request: Request) -> Database:
    """The database of this application."""
    found: Database = request.app.state.database
    return found


async def _reading(request: Request) -> AsyncIterator[Session]:
    store = database(request)
    # who must wait does so here, with neither a thread nor a connection, which those inside need to get out again
    request.state.place = place = Place(store.gate())
    await place.take()
    session = store.reader()
    try:
        yield session
    finally:
        # a file is left at once; a server may let one wait, which the event loop may not
        if store.on_sqlite or not session.in_transaction():
            session.close()
        else:
            await run_in_threadpool(session.close)
        place.give_back()


async def _writing(
    request: Request, read: Annotated[Session, Depends(_reading, scope="function")]
) -> AsyncIterator[Session]:
    store = database(request)
    # what asked who is calling gives its connection back before another one is taken
    if read.in_transaction():
        await run_in_threadpool(read.commit)
    async with store.gate_of_writers():
        writing = store.writing()
        # nothing is asked of the database yet; the commit at the end is for a thread
        session = writing.__enter__()
        try:
            yield session
        except BaseException as error:
            await run_in_threadpool(writing.__exit__, type(error), error, error.__traceback__)
            raise
        await run_in_threadpool(writing.__exit__, None, None, None)


# scope="function": the commit comes before the answer, so that nobody is told of work that is then lost
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
