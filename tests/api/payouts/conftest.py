"""The tests of this room share one application."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI

from api.db.engine import Database
from api.settings import Settings
from tests.api.one_app import one_app


@pytest.fixture
def app(settings: Settings, database: Database) -> Iterator[FastAPI]:
    """The service on the database of the test."""
    found = one_app(settings, database)
    yield found
    found.state.database.close()
