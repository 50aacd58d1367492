"""The sessions that routes ask for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

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


def _writing(request: Request, read: Annotated[Session, Depends(_reading, scope="function")]) -> Iterator[Session]:
    # what asked who is calling gives its connection back: many callers who each hold one and wait for a second would
    # empty the pool and wait for ever
    read.commit()
    with database(request).writing() as session:
        yield session


# scope="function": the commit comes before the answer, so that nobody is told of work that is then lost
ReadSession = Annotated[Session, Depends(_reading, scope="function")]
WriteSession = Annotated[Session, Depends(_writing, scope="function")]
