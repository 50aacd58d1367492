"""One application and one empty database file for all tests of the room, as making them takes most of the time."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.engine import make_url

from api.app import create_app
from api.db.engine import Database
from api.db.tables import Base
from api.dossiers.service import keep
from api.settings import Settings
from tests.api.conftest import add_hds
from tests.api.dossiers.samples import full_dossier

AsRole = Callable[..., TestClient]

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what happens before anything is stored."""


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all tables."""
    path = tmp_path_factory.mktemp("empty") / "anw.sqlite"
    made = Database(f"sqlite:///{path}")
    Base.metadata.create_all(made.engine)
    made.close()
    return path


@pytest.fixture
def database(database_url: str, empty_sqlite: Path) -> Iterator[Database]:
    """A database of each kind with all tables."""
    found = Database(database_url)
    if found.on_sqlite:
        shutil.copyfile(empty_sqlite, str(make_url(database_url).database))
    else:
        Base.metadata.create_all(found.engine)
    yield found
    found.close()


@cache
def _one_app() -> FastAPI:
    return create_app(Settings(database_url="sqlite:///unused.sqlite", development=True, secure_cookies=False))


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[FastAPI]:
    """The service on that database."""
    app = _one_app()
    app.state.settings, app.state.database = settings, Database(database.url)
    yield app
    app.state.database.close()


@pytest.fixture
def planner(as_role: AsRole) -> TestClient:
    """A planner of the HDS `test`."""
    return as_role("planner")


@pytest.fixture
def where(database: Database) -> str:
    """The address of a dossier with rows in every part, of the HDS `test`."""
    add_hds(database, "test")
    with database.writing() as session:
        row = keep(session, None, "test", full_dossier())
        return f"/api/v1/hds/test/dossiers/{row.id}"
