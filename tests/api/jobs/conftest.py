"""Workers for the tests of this room."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.db.engine import Database
from tests.api.jobs.stage import Workers


@pytest.fixture
def workers(database: Database, tmp_path: Path) -> Iterator[Workers]:
    """Workers on the database, which end with the test."""
    found = Workers(database, tmp_path)
    yield found
    found.end()
