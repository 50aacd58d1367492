"""Putting a backup back, where nothing stands yet, after everything about it was checked."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from alembic.script import ScriptDirectory
from alembic.util import CommandError

from api.backup import postgresql
from api.backup.manifest import DUMP, Manifest, read_manifest, require_same, require_whole
from api.backup.sqlite import JOURNALS, fold_log
from api.data_folder import DATABASE, JOBS, SECRET, SHORTEST_SECRET, ServerLock, make_folder
from api.db.engine import Database
from api.db.migrate import migrations, upgrade
from api.private_files import copy_new_file, sync_to_disk
from scheduler.atomic import remove_stale
from scheduler.errors import AnwError, DamageError, OutputError
from scheduler.messages import text

_STAGED = ".restore-"


class WrongTarget(AnwError):
    """A backup can't be put there: something stands there, or it is of another kind of database or a newer version."""

    code = "backup_wrong_target"


def restore_folder(backup: Path, folder: Path) -> Manifest:
    """Put a backup of an SQLite service into `folder`: secret, jobs, and the database last, which makes it count.

    The database gets the tables of this version. Raises DamageError when the backup is not what was put away or its
    audit trail does not verify up to the heads that it notes, WrongTarget when a database stands there or the backup
    is of another kind, AlreadyServed, OutputError.
    """
    manifest = _checked(backup, "sqlite")
    make_folder(folder)
    lock = ServerLock(folder / DATABASE)
    lock.take()
    try:
        _require_free(folder)
        _put(backup, folder, manifest)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(text("backup.unwritable", folder=folder, reason=reason)) from error
    finally:
        lock.give_back()
    return manifest


def _require_free(folder: Path) -> None:
    """A log that was left of another database would be played into this one."""
    names = [f"{name}{end}" for name in (DATABASE, JOBS) for end in ("", *JOURNALS)] + [SECRET]
    standing = [name for name in names if (folder / name).exists()]
    if standing:
        raise WrongTarget(text("backup.taken", folder=folder, names=", ".join(standing)))


def _put(backup: Path, folder: Path, manifest: Manifest) -> None:
    remove_stale(folder, _STAGED)
    staged = folder / f"{_STAGED}{uuid.uuid4().hex[:12]}"
    try:
        staged.mkdir(mode=0o700)
        for name in manifest.files:
            copy_new_file(backup / name, staged / name)
        database = Database(f"sqlite:///{staged / DATABASE}")
        try:
            upgrade(database)
            require_same(database, manifest)
        finally:
            database.close()
        fold_log(staged / DATABASE)
        for last in (SECRET, JOBS, DATABASE):
            if last in manifest.files:
                os.rename(staged / last, folder / last)
        sync_to_disk(folder)
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def restore_server(backup: Path, url: str, secret: str) -> Manifest:
    """Fill an empty PostgreSQL database from a backup; `secret` is the one that the service has now.

    Raises as `restore_folder` does, WrongTarget when the secret is another than that of the backup, ToolFailed. What
    does not verify is taken away again.
    """
    manifest = _checked(backup, "postgresql")
    if SECRET in manifest.files and secret.encode() != (backup / SECRET).read_bytes():
        raise WrongTarget(text("backup.other_secret", path=backup / SECRET))
    if postgresql.has_tables(url):
        raise WrongTarget(text("backup.database_taken"))
    postgresql.restore_database(url, backup / DUMP)
    database = Database(url)
    try:
        upgrade(database)
        require_same(database, manifest)
    except BaseException:
        database.close()
        postgresql.empty_database(url)
        raise
    finally:
        database.close()
    return manifest


def _checked(backup: Path, kind: str) -> Manifest:
    """What the backup says of itself, when all of it is there, of this kind, and not newer than this version."""
    manifest = read_manifest(backup)
    if manifest.database != kind:
        raise WrongTarget(text("backup.other_kind", found=manifest.database, expected=kind))
    require_whole(backup, manifest)
    if SECRET in manifest.files and len((backup / SECRET).read_bytes()) < SHORTEST_SECRET:
        raise DamageError(text("backup.altered", folder=backup, names=SECRET))
    try:
        ScriptDirectory.from_config(migrations()).get_revision(manifest.revision or "")
    except CommandError as error:
        raise WrongTarget(text("backup.newer", version=manifest.version)) from error
    return manifest
