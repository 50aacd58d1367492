"""Trying something out: the same call with `dry_run=true` answers what would come of it, and locks nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session

from api.db.sessions import database

DryRun = Annotated[bool, Query(description="Answer what would come of it, and change nothing; needs no If-Match.")]


def _session(request: Request, dry_run: DryRun = False) -> Iterator[Session]:
    found = database(request)
    with found.reading() if dry_run else found.writing() as session:
        yield session


TrySession = Annotated[Session, Depends(_session, scope="function")]
"""A session that only reads on a dry run, and writes otherwise."""
