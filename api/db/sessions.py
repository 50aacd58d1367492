"""The sessions that routes ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.orm import Session

from api.db.engine import Database


def database(request: Request) -> Database:
    """The database of this application."""
    found: Database = request.app.state.database
    return found


async def _admitted(request: Request) -> AsyncIterator[None]:
    """Who must wait does so here, with neither a thread nor a connection, which those inside need to get out again."""
    async with database(request).gate():
        yield


def _reading(request: Request, _in: Annotated[None, Depends(_admitted, scope="function")]) -> Iterator[Session]:
    with database(request).reading() as session:
        yield session


def _writing(request: Request, read: Annotated[Session, Depends(_reading, scope="function")]) -> Iterator[Session]:
    # what asked who is calling gives its connection back before another one is taken
    read.commit()
    with database(request).writing() as session:
        yield session


# scope="function": the commit comes before the answer, so that nobody is told of work that is then lost
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
