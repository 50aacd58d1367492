"""The embedded service, one process for everything, killed again and again."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator

import httpx2
import pytest

from api.db.engine import Database
from tests.api.conftest import add_user, token_for
from tests.api.jobs.stage import Workers, halt_solver, in_state, kill, until, versions_of
from tests.api.rosters.stage import set_up

Event = tuple[int, str, dict[str, object]]


class Service:
    """The embedded service at a port of its own, and a planner who speaks to it."""

    def __init__(self, database: Database, workers: Workers) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._workers = workers
        secret = token_for(database, add_user(database, "planner", "test", "planner"), "test", "planner")
        self.client = httpx2.Client(
            base_url=f"http://127.0.0.1:{self.port}/api/v1/hds/test",
            headers={"Authorization": f"Bearer {secret}"},
            timeout=60,
        )

    def start(self) -> subprocess.Popen[bytes]:
        """Start it, and wait until it answers."""
        command = ("uvicorn", "--factory", "api.app:production_app", "--port", str(self.port))
        process = self._workers.start(*command, ANW_EMBEDDED="1")
        until(self._answers)
        return process

    def _answers(self) -> bool:
        try:
            return self.client.get("/runs").status_code == 200
        except httpx2.TransportError:
            return False

    def ask(self, dossier_id: int) -> str:
        """Ask for a run under one and the same key."""
        answer = self.client.post(
            f"/dossiers/{dossier_id}/runs",
            json={"time_limit": 1, "workers": 1},
            headers={"Idempotency-Key": "once"},
        )
        assert answer.status_code == 202, answer.text
        return str(answer.json()["run_id"])

    def events(self, run_id: str, after: int = 0) -> Iterator[Event]:
        """Number, kind and data of each event of a run after this one."""
        headers = {"Last-Event-ID": str(after)}
        with self.client.stream("GET", f"/runs/{run_id}/events", headers=headers) as answer:
            found: dict[str, str] = {}
            for line in answer.iter_lines():
                if line:
                    name, _, value = line.partition(": ")
                    found[name] = value
                elif "event" in found:
                    yield int(found.get("id", 0)), found["event"], json.loads(found["data"])
                    found = {}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_run_outlives_its_service_and_its_stream_goes_on_where_it_broke(database: Database, workers: Workers) -> None:
    """Killed right after the run was accepted, and again while it is solved: one run, told without gap, one roster."""
    stage = set_up(database)
    service = Service(database, workers)
    first = service.start()
    run_id = service.ask(stage.dossier_id)
    kill(first)
    second = service.start()
    assert service.ask(stage.dossier_id) == run_id
    halt_solver(second)
    events = service.events(run_id)
    seen = [next(events), next(events)]
    kill(second)
    service.start()
    seen += service.events(run_id, after=seen[-1][0])
    assert [number for number, _, _ in seen[:-1]] == list(range(1, len(seen)))
    assert (seen[-1][1], seen[-2][2]["state"]) == ("end", "done")
    assert in_state(database, run_id, "done").attempt >= 2
    assert len(versions_of(database, run_id)) == 1
