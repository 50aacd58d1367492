"""Files of a service on one machine: for their owner alone, and on the disk before anybody relies on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

PRIVATE, _OTHERS = 0o600, 0o077


def make_private(database: str | Path | None) -> None:
    """Let nobody but the owner read the file, which is made when it is not there yet.

    SQLite gives its journals the same rights. Does nothing for a database in memory, and leaves a file of somebody
    else as it is.
    """
    if not database or str(database) == ":memory:" or str(database).startswith("file:"):
        return
    # a database in use must not be opened here: to close any descriptor of a file gives up all locks that this process
    # has on it
    with suppress(PermissionError, FileNotFoundError, FileExistsError):
        if not os.path.exists(database):
            os.close(os.open(database, os.O_RDONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE))
            return
        rights = os.stat(database).st_mode
        if rights & _OTHERS:
            os.chmod(database, rights & ~_OTHERS & 0o777)


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file that is not there yet, down to the disk; raises OSError."""
    with _open_new(path) as file:
        file.write(content)


def copy_new_file(source: Path, target: Path) -> None:
    """Copy a file of any size to where none is yet, down to the disk; raises OSError."""
    with _open_new(target) as file, open(source, "rb") as content:
        shutil.copyfileobj(content, file)


@contextmanager
def _open_new(path: Path) -> Iterator[BinaryIO]:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def sync_to_disk(path: Path) -> None:
    """Bring a file, or the names in a folder, down to the disk; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
