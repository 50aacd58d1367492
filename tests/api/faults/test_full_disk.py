"""The disk is full: the change is refused whole, and goes through once there is room again."""

from __future__ import annotations

import os
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from api.app import create_app
from api.audit.verify import verify_all
from api.db.engine import Database
from api.db.migrate import upgrade
from api.db.tables.dossier import PARTS, Dossier
from api.settings import Settings
from tests.api.conftest import add_user, token_for
from tests.api.dossiers.files import DEMO, DEMO_HDS, files_in, send, zip_of

pytestmark = pytest.mark.both_databases

_LEFT = 200 * 1024
_MEBIBYTE = 1024 * 1024


@pytest.fixture
def disk() -> Iterator[Path]:
    """A file system of 48 MiB in memory."""
    folder = Path(tempfile.mkdtemp(prefix="anw-disk-"))
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=48m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture
def on_sqlite(disk: Path) -> str:
    """A database that is a file on the small disk."""
    return f"sqlite:///{disk / 'anw.sqlite'}"


@pytest.fixture
def on_postgresql(disk: Path, postgres_server: str) -> Iterator[str]:
    """A database whose tables are on the small disk, on a server whose journal is not."""
    plain = make_url(postgres_server).set(drivername="postgresql").render_as_string(hide_password=False)
    name, place = f"anw_{uuid.uuid4().hex}", disk / "tables"
    with psycopg.connect(plain, autocommit=True) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
        if row is None or not Path(row[0]).is_dir():
            pytest.skip("the server is on another machine")
        owner = os.stat(row[0])
        place.mkdir()
        for folder in (disk, place):
            os.chown(folder, owner.st_uid, owner.st_gid)
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'")
        connection.execute(f'CREATE DATABASE "{name}" TABLESPACE {name}')
    yield make_url(postgres_server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.execute(f"DROP TABLESPACE {name}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A migrated database of each kind on the small disk."""
    found = Database(request.getfixturevalue(f"on_{request.param}"))
    upgrade(found)
    yield found
    found.close()


def fill(disk: Path) -> Callable[[], None]:
    """Leave hardly any room; gives what makes room again."""
    free = os.statvfs(disk)
    ballast = disk / "ballast"
    with ballast.open("wb") as file:
        for _ in range((free.f_bavail * free.f_frsize - _LEFT) // _MEBIBYTE):
            file.write(b"\0" * _MEBIBYTE)
        rest = os.statvfs(disk)
        file.write(b"\0" * max(0, rest.f_bavail * rest.f_frsize - _LEFT))
    return ballast.unlink


def rows(database: Database) -> int:
    """How many rows there are of any dossier."""
    with database.reading() as session:
        return sum(session.scalar(select(func.count()).select_from(table)) or 0 for table in (Dossier, *PARTS))


def test_nothing_is_half_written_on_a_full_disk(database: Database, disk: Path, tmp_path: Path) -> None:
    """507 for the import, the reads go on, no row of it is there; with room again the same import succeeds."""
    user_id = add_user(database, "planner", DEMO_HDS, "planner")
    headers = {"Authorization": f"Bearer {token_for(database, user_id, DEMO_HDS, 'planner')}"}
    app = create_app(Settings(database_url=database.url, development=True, work_folder=tmp_path / "work"))
    content = zip_of(files_in(DEMO))
    with TestClient(app, headers=headers, raise_server_exceptions=False) as client:
        make_room = fill(disk)
        refused = send(client, content, hds_id=DEMO_HDS)
        assert (refused.status_code, refused.json()["code"]) == (507, "storage_full")
        assert client.get(f"/api/v1/hds/{DEMO_HDS}/dossiers").json()["items"] == []
        assert rows(database) == 0
        make_room()
        assert send(client, content, hds_id=DEMO_HDS).status_code == 201
    assert rows(database) > 1000
    trail = verify_all(database)
    assert (trail.troubles, trail.entries) == ((), 1)
