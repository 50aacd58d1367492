"""Many people who write at once over real connections: nobody is refused, nothing is lost, nobody waits for ever."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
import uvicorn
from fastapi import FastAPI

from api.db.engine import Database
from api.db.tables.dossier import WishRow
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import set_up

WRITERS = 60
"""More than a process has threads (40) and connections (30)."""
WISH = {"start": "2027-01-06T08:00:00+01:00", "end": "2027-01-07T08:00:00+01:00", "wish": "avoid", "weight": 3}


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    """The service behind a real socket."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    running.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    running.join()


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
