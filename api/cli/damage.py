"""A database file that is damaged: told in a sentence, and by an exit status that means nothing else."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DatabaseError

from scheduler.messages import text


def is_damage(error: BaseException) -> bool:
    """Whether SQLite says that a file is no database, or no whole one.

    Both come as the plain class of its errors; what it says of a full disk, a lock or a rule has classes of its own.
    """
    cause = error.orig if isinstance(error, DatabaseError) else error
    return type(cause) is sqlite3.DatabaseError


def describe_damage(error: BaseException) -> str:
    """What a reader is told of it."""
    cause = error.orig if isinstance(error, DatabaseError) else error
    return text("service.damaged", trouble=str(cause).splitlines()[0])
