"""A dossier with rows in every part, and who asks for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.db.engine import Database
from api.dossiers.service import keep
from tests.api.conftest import add_hds
from tests.api.dossiers.samples import full_dossier

AsRole = Callable[..., TestClient]

SQLITE_ONLY = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what happens before anything is stored."""


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
