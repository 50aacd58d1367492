"""A machine whose clock is wrong works like any other."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api.clock import now
from api.db.engine import Database
from tests.api.jobs.stage import Workers, ask, halt_solver, in_state, kill, run_of
from tests.api.rosters.stage import set_up

LATE = "tests.api.jobs.late_worker"


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize("kinds", [(LATE, "api.jobs.worker"), ("api.jobs.worker", LATE)])
def test_a_worker_with_a_wrong_clock_takes_over_and_is_taken_over(
    kinds: tuple[str, str], database: Database, workers: Workers
) -> None:
    """Whoever of the two is wrong: neither takes the other for dead while it lives, and the one left goes on."""
    stage = set_up(database)
    first = workers.start(kinds[0])
    run_id = ask(stage, time_limit=1)
    halt_solver(first)
    workers.start(kinds[1])
    beside = ask(stage, time_limit=1)
    assert in_state(database, beside, "done", "failed").attempt == 1
    assert run_of(database, run_id).attempt == 1
    kill(first)
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt) == ("done", 2)
    assert run.started_at
    assert run.finished_at
    assert now() - timedelta(hours=1) < run.started_at < run.finished_at
