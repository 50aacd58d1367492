"""Put a whole folder or one file in place at once, so that an interruption leaves the earlier one as it was."""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Mapping
from pathlib import Path

from scheduler.errors import OutputError
from scheduler.messages import text

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_STALE_SECONDS = 3600


def require_writable(folder: Path) -> None:
    """Raise OutputError when a folder of output can't come to stand at `folder`; changes nothing that stands there.

    Tries it with an empty file: rights alone say little to a superuser or about a file system that takes no files.
    """
    folder = folder.resolve()
    if folder.exists() and not folder.is_dir():
        raise OutputError(text("atomic.not_a_folder", path=folder))
    standing = folder
    while not standing.exists():
        standing = standing.parent
    try:
        with tempfile.TemporaryFile(dir=standing):
            pass
    except OSError as error:
        raise OutputError(text("atomic.not_writable", path=folder)) from error


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Write `contents` (file name -> bytes) into `folder` all at once; other files there stay.

    The files are made complete beside the folder first. One rename then swaps the two folders, so a reader, a crash
    or a full disk sees either all old files or all new ones. Where a folder can't be renamed (a mount point, a parent
    without write permission, the working directory) the files are renamed one by one, in the order of `contents`.
    Raises OutputError when anything can't be written; the earlier files are then still there.
    """
    folder = folder.resolve()
    require_writable(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if not _swap_whole(folder, contents):
            _swap_each(folder, contents)
    except OSError as error:
        raise OutputError(text("atomic.failed", path=folder, reason=error.strerror or str(error))) from error


def replace_file(path: Path, content: bytes) -> None:
    """Write one file all at once; other files beside it stay. Raises OutputError when it can't be written."""
    path = path.resolve()
    if path.is_dir():
        raise OutputError(text("atomic.not_a_file", path=path))
    require_writable(path.parent)
    staged = path.parent / f".{path.name}.new-{uuid.uuid4().hex[:12]}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(staged, content)
        os.replace(staged, path)
    except OSError as error:
        raise OutputError(text("atomic.failed", path=path, reason=error.strerror or str(error))) from error
    finally:
        staged.unlink(missing_ok=True)


def _swap_whole(folder: Path, contents: Mapping[str, bytes]) -> bool:
    """Swap the folder by one rename; False when this folder can't be renamed."""
    if folder == Path.cwd() or folder.is_mount() or not os.access(folder.parent, os.W_OK | os.X_OK):
        return False
    remove_stale(folder.parent, f".{folder.name}.new-")
    staged = folder.parent / f".{folder.name}.new-{uuid.uuid4().hex[:12]}"
    try:
        _write_all(staged, contents)
        if not folder.exists():
            staged.rename(folder)
            return True
        _keep_others(folder, staged, contents)
        shutil.copymode(folder, staged)
        return _exchange(staged, folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _swap_each(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Stage inside the folder and rename file by file."""
    folder.mkdir(exist_ok=True)
    remove_stale(folder, ".new-")
    staged = folder / f".new-{uuid.uuid4().hex[:12]}"
    try:
        _write_all(staged, contents)
        for name in contents:
            os.replace(staged / name, folder / name)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write_all(staged: Path, contents: Mapping[str, bytes]) -> None:
    staged.mkdir()
    for name, content in contents.items():
        _write(staged / name, content)


def _write(path: Path, content: bytes) -> None:
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _keep_others(folder: Path, staged: Path, contents: Mapping[str, bytes]) -> None:
    """Take along what else stands in the folder (worked.csv, say): it is not ours to throw away."""
    for entry in folder.iterdir():
        if entry.name in contents:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.copytree(entry, staged / entry.name, symlinks=True)
        else:
            shutil.copy2(entry, staged / entry.name, follow_symlinks=False)


def _exchange(one: Path, other: Path) -> bool:
    """Swap two paths in one step by Linux's renameat2; False where system or file system doesn't know it."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):
        return False
    return bool(renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0)


def remove_stale(parent: Path, prefix: str) -> None:
    """Clear folders named `prefix...` that an earlier run that was killed left behind, an hour ago or longer."""
    before = time.time() - _STALE_SECONDS
    for entry in parent.glob(f"{prefix}*"):
        if entry.is_dir() and entry.stat().st_mtime < before:
            shutil.rmtree(entry, ignore_errors=True)
