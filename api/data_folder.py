"""The folder of a service on SQLite: its database, the tables of its jobs, its secret, and who serves it."""

from __future__ import annotations

import fcntl
import os
import secrets
import uuid
from contextlib import suppress
from pathlib import Path

from api.private_files import PRIVATE, sync_to_disk, write_new_file
from scheduler.errors import AnwError
from scheduler.messages import text

DATABASE, JOBS, SECRET, LOCK = "anw.sqlite", "anw.jobs.sqlite", "secret", "anw.serve.lock"
SHORTEST_SECRET = 32
"""Characters of the secret of an installation."""


class SecretUnsound(AnwError):
    """The secret of the installation is too short to be one, as a full disk may have left it."""

    code = "secret_unsound"


class AlreadyServed(AnwError):
    """Another service has this database."""

    code = "already_served"


class FolderUnwritable(AnwError):
    """A file that a start needs can't be written."""

    code = "data_folder_unwritable"


def database_url(folder: Path) -> str:
    """The address of the database in a folder."""
    return f"sqlite:///{folder / DATABASE}"


def make_folder(folder: Path) -> None:
    """Make the folder for its owner alone; one that is there stays as it is. Raises FolderUnwritable."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise _unwritable(folder, error) from error


def ensure_secret(folder: Path) -> str:
    """The secret of the installation, made at the first start and kept; of two starts at once both get the same.

    Raises SecretUnsound for one of under 32 characters, FolderUnwritable when none can be kept.
    """
    path = folder / SECRET
    with suppress(FileExistsError):
        if not path.exists():
            _put_aside_then_link(path, secrets.token_hex(SHORTEST_SECRET))
    try:
        found = path.read_text(encoding="ascii", errors="replace").strip()
    except OSError as error:
        raise _unwritable(path, error) from error
    if len(found) < SHORTEST_SECRET:
        raise SecretUnsound(text("service.secret_unsound", path=path, least=SHORTEST_SECRET))
    return found


def _put_aside_then_link(path: Path, content: str) -> None:
    """Write a file whole or not at all, where none stands yet; raises FileExistsError when another was first."""
    aside = path.with_name(f".{path.name}.new-{uuid.uuid4().hex[:12]}")
    try:
        write_new_file(aside, content.encode())
        os.link(aside, path)
        sync_to_disk(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise _unwritable(path, error) from error
    finally:
        aside.unlink(missing_ok=True)


def _unwritable(path: Path, error: OSError) -> FolderUnwritable:
    return FolderUnwritable(text("service.unwritable", path=path, reason=error.strerror or str(error)))


class ServerLock:
    """Who has it is the only service on a database file; the kernel takes it from a process that died."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.stem}.serve.lock")
        self._database = database
        self._file: int | None = None

    def take(self) -> None:
        """Take it for as long as this process lives, or until `give_back`; raises AlreadyServed, FolderUnwritable."""
        try:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE)
        except OSError as error:
            raise _unwritable(self._path, error) from error
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self.give_back()
            raise AlreadyServed(text("service.already_served", path=self._database)) from None

    def give_back(self) -> None:
        """Let another service have it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
