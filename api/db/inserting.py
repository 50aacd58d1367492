"""Inserts that yield to a row that is there already, which plain SQL has no words for."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql import FromClause


def insert_into(session: Session, table: type[Any] | FromClause) -> postgresql.Insert:
    """An insert that knows `on_conflict_do_nothing` and `on_conflict_do_update`, which both databases spell alike."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return cast(postgresql.Insert, dialect.insert(table))
