"""A worker that is killed in any phase of a run loses nothing and does nothing twice."""

from __future__ import annotations

import os
import signal

import pytest
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.runs import WorkerHeartbeat
from tests.api.jobs.stage import (
    Hold,
    Workers,
    ask,
    halt_solver,
    has_recorded,
    in_state,
    kill,
    run_of,
    solvers_of,
    until,
    versions_of,
)
from tests.api.rosters.stage import set_up


def test_a_run_is_solved_and_its_roster_kept_as_a_draft(database: Database, workers: Workers) -> None:
    """The plain way: the draft stands, with figures and proof, and the run says so."""
    stage = set_up(database)
    workers.start()
    run_id = ask(stage, time_limit=2)
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt, run.error_code) == ("done", 1, None)
    (version,) = versions_of(database, run_id)
    assert (version.state, version.origin, version.number) == ("draft", "run", 1)
    assert version.figures["unfilled"] == 0
    assert version.proof["engine_version"]


def test_runs_that_wait_outlive_their_worker(database: Database, workers: Workers) -> None:
    """Killed with one run in hand and one in the queue: the next worker does both, one after the other."""
    stage = set_up(database)
    first = workers.start()
    in_hand = ask(stage, time_limit=1)
    halt_solver(first)
    waiting = ask(stage, time_limit=1)
    kill(first)
    workers.start()
    one, two = (in_state(database, run_id, "done", "failed") for run_id in (in_hand, waiting))
    assert [(run.state, run.attempt) for run in (one, two)] == [("done", 2), ("done", 1)]
    assert [len(versions_of(database, run_id)) for run_id in (in_hand, waiting)] == [1, 1]


def test_a_run_that_is_being_solved_is_solved_anew(database: Database, workers: Workers) -> None:
    """Killed in the middle: the solver dies with its worker, and the run is taken up a second time."""
    stage = set_up(database)
    first = workers.start()
    run_id = ask(stage, time_limit=1)
    solver = halt_solver(first)
    kill(first)
    until(lambda: not os.path.exists(f"/proc/{solver}"))
    workers.start()
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt, len(versions_of(database, run_id))) == ("done", 2, 1)


def test_a_roster_that_was_found_is_not_sought_again(database: Database, workers: Workers) -> None:
    """Killed between solving and keeping: the next worker only keeps it."""
    stage = set_up(database)
    first = workers.start()
    run_id = ask(stage, time_limit=2)
    in_state(database, run_id, "running")
    hold = Hold(database, "roster_version")
    until(lambda: has_recorded(database, run_id, "solve"))
    kill(first)
    hold.let_go()
    assert versions_of(database, run_id) == []
    workers.start()
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt) == ("done", 1)
    assert len(versions_of(database, run_id)) == 1


def test_a_roster_that_was_kept_is_not_kept_twice(database: Database, workers: Workers) -> None:
    """Killed after keeping and before DBOS knew: the step is done again and adds no second version."""
    stage = set_up(database)
    first = workers.start()
    run_id = ask(stage, time_limit=2)
    in_state(database, run_id, "running")
    keeping = Hold(database, "roster_version")
    until(lambda: has_recorded(database, run_id, "solve"))
    recording = Hold(database, "dbos.operation_outputs")
    keeping.let_go()
    (version,) = until(lambda: versions_of(database, run_id))
    kill(first)
    recording.let_go()
    workers.start()
    until(lambda: has_recorded(database, run_id, "finish"))
    assert [found.id for found in versions_of(database, run_id)] == [version.id]
    assert run_of(database, run_id).state == "done"


def test_a_worker_that_is_stopped_hands_its_runs_over(database: Database, workers: Workers) -> None:
    """SIGTERM ends the solver and signs the worker off; the run goes on with the next."""
    stage = set_up(database)
    first = workers.start()
    run_id = ask(stage, time_limit=1)
    solver = halt_solver(first)
    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0
    assert not os.path.exists(f"/proc/{solver}")
    assert _heartbeats(database) == 0
    workers.start()
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt) == ("done", 2)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_dead_worker_is_taken_over_within_half_a_minute(database: Database, workers: Workers) -> None:
    """With the settings as delivered, and another worker that lives."""
    stage = set_up(database)
    first = workers.start(ANW_WORKER_DEAD_SECONDS="12")
    run_id = ask(stage, time_limit=1)
    halt_solver(first)
    workers.start(ANW_WORKER_DEAD_SECONDS="12")
    until(lambda: _heartbeats(database) == 2)
    kill(first)
    until(lambda: run_of(database, run_id).attempt == 2, seconds=30)
    assert in_state(database, run_id, "done", "failed").state == "done"


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_worker_that_was_frozen_finds_its_run_taken_over_and_leaves_it(database: Database, workers: Workers) -> None:
    """The run is done once, by the other; the one that thaws ends its solver and does the next run like any other."""
    stage = set_up(database)
    frozen = workers.start()
    run_id = ask(stage, time_limit=1)
    halt_solver(frozen)
    frozen.send_signal(signal.SIGSTOP)
    other = workers.start()
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt, len(versions_of(database, run_id))) == ("done", 2, 1)
    frozen.send_signal(signal.SIGCONT)
    until(lambda: not solvers_of(frozen.pid))
    kill(other)
    following = ask(stage, time_limit=1)
    assert in_state(database, following, "done", "failed").state == "done"
    assert len(versions_of(database, run_id)) == 1


def _heartbeats(database: Database) -> int:
    with database.reading() as session:
        return len(session.scalars(select(WorkerHeartbeat)).all())
