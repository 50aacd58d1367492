"""Where DBOS keeps its tables, and whether this process is the only executor there."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path

from sqlalchemy.engine import make_url

from api.private_files import make_private


def jobs_url(database_url: str) -> str:
    """The system database of DBOS: a file beside an SQLite database, the schema `dbos` of a PostgreSQL one."""
    url = make_url(database_url)
    path = _file_beside(database_url, ".jobs.sqlite")
    return (url if path is None else url.set(database=str(path))).render_as_string(hide_password=False)


def let_read(url: str) -> None:
    """Let readers of an SQLite file go on beside a writer, and nobody but its owner read it; the file keeps this.

    Does nothing on PostgreSQL.
    """
    path = _file_beside(url, ".sqlite")
    if path is not None:
        make_private(path)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.close()


def _file_beside(url: str, suffix: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database or "anw.sqlite").with_suffix(suffix) if url.startswith("sqlite") else None


class Alone:
    """A lock beside an SQLite database: who has it is the only executor there, and the kernel takes it from the dead.

    On PostgreSQL, where executors are on many machines, nobody ever has it.
    """

    def __init__(self, database_url: str) -> None:
        self._path = _file_beside(database_url, ".jobs.lock")
        self._file: int | None = None

    def take(self) -> bool:
        """Whether this process has the lock now."""
        if self._path is None:
            return False
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.give_back()
            return False
        return True

    def give_back(self) -> None:
        """Let another process have the lock."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
