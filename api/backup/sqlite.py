"""SQLite: a copy of a file that is written to while it is read, as one state of it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from api.private_files import make_private
from scheduler.errors import DamageError
from scheduler.messages import text

_BUSY_SECONDS = 30.0
_FOLD_LOG = "PRAGMA journal_mode=DELETE"
JOURNALS = ("-wal", "-shm", "-journal")
"""What SQLite puts behind the name of a database for files that belong to it."""


def copy_database(source: Path, target: Path) -> None:
    """Copy a database, also one in use, by SQLite's own backup: one state of it, with what is still in its log.

    The copy is one file that needs no other. Raises DamageError when the source is not sound.
    """
    make_private(target)
    try:
        opened = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True, timeout=_BUSY_SECONDS)
        copy = sqlite3.connect(target, timeout=_BUSY_SECONDS)
        try:
            # all pages in one step: a step at a time would begin anew with each write of others
            opened.backup(copy)
            copy.execute(_FOLD_LOG)
            found = [row[0] for row in copy.execute("PRAGMA integrity_check(5)")]
        finally:
            copy.close()
            opened.close()
    except sqlite3.DatabaseError as error:
        raise DamageError(text("backup.unsound", path=source, trouble=error)) from error
    if found != ["ok"]:
        raise DamageError(text("backup.unsound", path=source, trouble=found[0]))


def fold_log(path: Path) -> None:
    """Bring what is in the log of a database that nobody uses into its file, which then needs no other."""
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS)
    connection.execute(_FOLD_LOG)
    connection.close()
