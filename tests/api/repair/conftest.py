"""The roster, the planner and the GPs of this room's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from scheduler.domain.dossier import Lock
from tests.api.jobs.stage import Workers
from tests.api.repair.stage import START, of_two_weeks
from tests.api.rosters.stage import Stage, evening
from tests.api.swaps.market import speaks_for


@pytest.fixture
def stage(database: Database) -> Stage:
    """Three GPs, with a lock on the shift that will fall open."""
    return of_two_weeks(database, locks=(Lock(shift_id=evening(4), gp_id="a"),))


@pytest.fixture
def planner(stage: Stage, as_role: Callable[..., TestClient]) -> TestClient:
    """A planner of an HDS whose roster is in force."""
    client = as_role("planner")
    stage.put_in_force(client, stage.draft(START), "2027-01-04")
    return client


@pytest.fixture
def gps(app: FastAPI, stage: Stage, planner: TestClient) -> Iterator[dict[str, TestClient]]:
    """A client for each GP."""
    clients = {name: speaks_for(app, stage.database, name) for name in "abc"}
    yield clients
    for client in clients.values():
        client.close()


@pytest.fixture
def workers(database: Database, tmp_path: Path) -> Iterator[Workers]:
    """Workers on the database, which end with the test."""
    found = Workers(database, tmp_path)
    yield found
    found.end()
