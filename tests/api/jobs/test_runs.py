"""Runs with workers that live: cancelled, shared out, over a region, and found again by the row."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.auth.principal import Caller
from api.db.engine import Database
from api.db.tables.rosters import RosterVersion
from api.db.tables.runs import RegionRun
from api.runs import regions
from api.runs.schemas import RegionRequest
from tests.api.conftest import add_user
from tests.api.jobs.stage import (
    LONG,
    Workers,
    ask,
    best_of,
    events_of,
    halt_solver,
    in_state,
    kill,
    long_dossier,
    run_of,
    solvers_of,
    solving,
    until,
    versions_of,
)
from tests.api.rosters.stage import set_up


def test_a_run_that_is_cancelled_keeps_its_best_and_ends_its_solver(database: Database, workers: Workers) -> None:
    """The draft is whole, the run says cancelled, and the worker has no process left."""
    stage = set_up(database, long_dossier())
    worker = workers.start()
    run_id = ask(stage, time_limit=LONG)
    solving(database, run_id)
    assert solvers_of(worker.pid)
    best_of(stage, run_id)
    assert versions_of(database, run_id)[0].figures["unfilled"] == 0
    assert not solvers_of(worker.pid)
    told = [event.payload for event in events_of(database, run_id)]
    assert [payload["state"] for payload in told if "state" in payload] == ["queued", "running", "running", "cancelled"]
    assert [event.seq for event in events_of(database, run_id)] == list(range(1, len(told) + 1))
    assert run_of(database, run_id).progress["coverage"] == 1.0


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_workers_share_runs_out_and_do_each_once(database: Database, workers: Workers) -> None:
    """Two workers, four runs: each is taken up once and leaves one version, with numbers of its own."""
    stage = set_up(database)
    workers.start()
    workers.start()
    runs = [in_state(database, run_id, "done", "failed") for run_id in [ask(stage, time_limit=2) for _ in range(4)]]
    assert {(run.state, run.attempt) for run in runs} == {("done", 1)}
    assert len({run.executor_id for run in runs}) == 2
    with database.reading() as session:
        numbers = session.scalars(select(RosterVersion.number).order_by(RosterVersion.number)).all()
    assert numbers == [1, 2, 3, 4]


def test_a_run_over_a_region_waits_for_every_part(database: Database, workers: Workers) -> None:
    """One worker that does one run at a time does both parts, and the whole is done after them."""
    region_run_id = _ask_region(database, time_limit=2)
    workers.start()
    until(lambda: _region(database, region_run_id).state not in ("queued", "running"))
    assert _region(database, region_run_id).state == "done"
    with database.reading() as session:
        assert session.scalar(select(func.count(RosterVersion.id))) == 2


def test_a_run_over_a_region_goes_on_after_its_worker_was_killed(database: Database, workers: Workers) -> None:
    """Killed with a part in hand: the next worker does what was not done, and no part twice."""
    region_run_id = _ask_region(database, time_limit=2)
    first = workers.start()
    halt_solver(first)
    kill(first)
    workers.start()
    until(lambda: _region(database, region_run_id).state not in ("queued", "running"))
    assert _region(database, region_run_id).state == "done"
    with database.reading() as session:
        assert session.scalar(select(func.count(RosterVersion.id))) == 2


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_runs_are_found_again_when_the_job_engine_lost_its_memory(
    database: Database, workers: Workers, tmp_path: Path
) -> None:
    """The row is the truth: with the tables of DBOS gone, as after a restore, the run is done all the same."""
    stage = set_up(database)
    first = workers.start()
    run_id = ask(stage, time_limit=1)
    halt_solver(first)
    kill(first)
    for file in tmp_path.glob("anw.jobs.sqlite*"):
        file.unlink()
    workers.start()
    run = in_state(database, run_id, "done", "failed")
    assert (run.state, run.attempt) == ("done", 2)


def _ask_region(database: Database, **options: float) -> str:
    stages = [set_up(database, hds_id=hds_id) for hds_id in ("east", "west")]
    user_ids = {add_user(database, "both", stage.hds_id, "planner") for stage in stages}
    parts = [{"hds_id": stage.hds_id, "dossier_id": stage.dossier_id} for stage in stages]
    with database.writing() as session:
        asked = RegionRequest.model_validate({"parts": parts, "workers": 1, **options})
        return regions.start(session, Caller(user_ids.pop()), asked, None).id


def _region(database: Database, region_run_id: str) -> RegionRun:
    with database.reading() as session:
        return session.get_one(RegionRun, region_run_id)
