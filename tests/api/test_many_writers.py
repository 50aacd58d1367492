"""Many people who write at once over real connections: nobody is refused, nothing is lost, nobody waits for ever."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx2
import pytest
from fastapi import FastAPI

from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import WishRow
from api.db.tables.runs import RosterRun
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import set_up
from tests.api.serving import listening

pytestmark = pytest.mark.both_databases

WRITERS = 60
"""More than a process has threads (40) and connections (30)."""
FOLLOWERS = 50
WISH = {"start": "2027-01-06T08:00:00+01:00", "end": "2027-01-07T08:00:00+01:00", "wish": "avoid", "weight": 3}


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """The service behind a real socket."""
    with listening(app) as found:
        yield found


def test_more_writers_than_threads_lose_nothing_and_all_get_their_answer(address: str, database: Database) -> None:
    """Sixty GPs state a wish at the same moment; sixty wishes are there."""
    stage = set_up(database)
    user = add_user(database, "somebody", "test", "gp", gp_id="a")
    secret = token_for(database, user, "test", "gp")
    where = f"{address}/api/v1/hds/test/dossiers/{stage.dossier_id}/wishes"
    gate = threading.Barrier(WRITERS)

    def write(_: int) -> int:
        with httpx2.Client(headers={"Authorization": f"Bearer {secret}"}, timeout=60) as client:
            gate.wait()
            return client.post(where, json={"gp_id": "a"} | WISH).status_code

    with ThreadPoolExecutor(WRITERS) as pool:
        statuses = list(pool.map(write, range(WRITERS)))
    assert statuses == [201] * WRITERS
    with database.reading() as session:
        assert session.query(WishRow).count() == WRITERS


def test_many_who_follow_a_run_keep_nobody_out(address: str, database: Database) -> None:
    """Fifty open event streams hold no place of those who ask for something short."""
    stage = set_up(database)
    user = add_user(database, "somebody", "test", "planner")
    headers = {"Authorization": f"Bearer {token_for(database, user, 'test', 'planner')}"}
    with database.writing() as session:
        run = RosterRun(
            id=str(uuid.uuid4()), hds_id="test", dossier_id=stage.dossier_id, snapshot=stage.snapshot,
            state="running", request={}, requested_at=now(),
        )  # fmt: skip
        session.add(run)
    with ExitStack() as stack:
        client = stack.enter_context(httpx2.Client(headers=headers, timeout=20))
        for _ in range(FOLLOWERS):
            follower = stack.enter_context(httpx2.Client(headers=headers, timeout=20))
            events = follower.stream("GET", f"{address}/api/v1/hds/test/runs/{run.id}/events")
            assert stack.enter_context(events).status_code == 200
        assert client.get(f"{address}/api/v1/auth/me").status_code == 200
