"""Trying something out: the same call with `dry_run=true` answers what would come of it, and locks nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session

from api.db.sessions import ReadSession, database

DryRun = Annotated[bool, Query(description="Answer what would come of it, and change nothing; needs no If-Match.")]


def _session(request: Request, read: ReadSession, dry_run: DryRun = False) -> Iterator[Session]:
    if dry_run:
        yield read
        return
    # what asked who is calling gives its connection back before another one is taken
    read.commit()
    with database(request).writing() as session:
        yield session


TrySession = Annotated[Session, Depends(_session, scope="function")]
"""A session that only reads on a dry run, and writes otherwise."""
