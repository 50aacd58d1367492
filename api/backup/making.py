"""Making a backup of a service that goes on meanwhile."""

from __future__ import annotations

import os
import shutil
import uuid
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import text as sql
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from api.backup import postgresql
from api.backup.manifest import DUMP, MANIFEST, Manifest, hash_file, heads_in, ledgers_in
from api.backup.sqlite import copy_database
from api.clock import now
from api.data_folder import DATABASE, JOBS, SECRET
from api.db.engine import Database
from api.jobs.place import jobs_url
from api.private_files import PRIVATE, sync_to_disk, write_new_file
from scheduler.atomic import remove_stale
from scheduler.errors import AnwError, OutputError
from scheduler.messages import text
from scheduler.version import __version__


def make_backup(url: str, secret: str, target: Path) -> Manifest:
    """Put a backup of the database at `url` into `target`, a folder that is not there yet or empty.

    It appears whole or not at all, for its owner alone; `secret` (empty: none) goes with it. Raises OutputError when
    something stands there or can't be written, DamageError when the database is not sound, ToolFailed.
    """
    target = target.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError(text("backup.not_empty", folder=target))
    prefix = f".{target.name}.new-"
    staged = target.parent / f"{prefix}{uuid.uuid4().hex[:12]}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        remove_stale(target.parent, prefix)
        staged.mkdir(mode=0o700)
        if secret:
            write_new_file(staged / SECRET, secret.encode())
        manifest = _sqlite(url, staged) if url.startswith("sqlite") else _postgresql(url, staged)
        write_new_file(staged / MANIFEST, manifest.to_bytes())
        sync_to_disk(staged)
        if target.exists():
            target.rmdir()
        staged.rename(target)
        sync_to_disk(target.parent)
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(text("backup.unwritable", folder=target, reason=reason)) from error
    finally:
        shutil.rmtree(staged, ignore_errors=True)
    return manifest


def _sqlite(url: str, staged: Path) -> Manifest:
    """First the jobs, then the rows that are the truth about them: a job of a row that is not there would be lost."""
    jobs = Path(make_url(jobs_url(url)).database or "")
    if jobs.is_file():
        copy_database(jobs, staged / JOBS)
    copy_database(Path(make_url(url).database or ""), staged / DATABASE)
    # the heads are those of the copy: the file in use is further by now; another copy, since opening one changes it
    scratch = staged / f".{DATABASE}"
    shutil.copy(staged / DATABASE, scratch)
    database = Database(f"sqlite:///{scratch}")
    try:
        with database.reading() as session:
            manifest = _describe(session, "sqlite")
    finally:
        database.close()
        for left in staged.glob(f".{DATABASE}*"):
            left.unlink()
    return _with_files(manifest, staged)


def _postgresql(url: str, staged: Path) -> Manifest:
    """The heads are read in the very snapshot that is dumped."""
    database = Database(url)
    try:
        with database.reading() as session:
            snapshot = session.scalar(sql("SELECT pg_export_snapshot()"))
            manifest = _describe(session, "postgresql")
            postgresql.dump_database(url, staged / DUMP, str(snapshot))
    finally:
        database.close()
    os.chmod(staged / DUMP, PRIVATE)
    return _with_files(manifest, staged)


def _describe(session: Session, kind: str) -> Manifest:
    revision = MigrationContext.configure(session.connection()).get_current_revision()
    if revision is None:
        raise NothingToBackUp(text("backup.no_tables"))
    return Manifest.model_validate(
        {
            "version": __version__, "made_at": now().isoformat(timespec="seconds"), "database": kind,
            "revision": revision, "heads": heads_in(session), "ledgers": ledgers_in(session), "files": {},
        }
    )  # fmt: skip


class NothingToBackUp(AnwError):
    """The database has no tables of the service."""

    code = "nothing_to_back_up"


def _with_files(manifest: Manifest, staged: Path) -> Manifest:
    files = sorted(path for path in staged.iterdir() if path.is_file())
    for path in files:
        sync_to_disk(path)
    return manifest.model_copy(update={"files": {path.name: hash_file(path) for path in files}})
