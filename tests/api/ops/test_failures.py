"""What goes wrong in the background stands in the log with its work, ids, type and places, and is counted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from api.dossiers.reader import read_apart
from api.errors import Problem
from api.jobs.rounds import do_once
from api.jobs.solver import SolverCrashed, solve_in_process
from api.jobs.solver_request import SolveRequest
from api.ops.failures import FAILURES, report_failure
from api.repair.contract import MendRequest
from api.repair.process import MendCrashed, mending
from api.rosters.aside import run_module
from api.settings import MailSettings, Settings
from api.upkeep import chores_of
from tests.api.ops.log import Log
from tests.api.rosters.stage import small_dossier

VALIDATION_ERROR = "pydantic_core._pydantic_core.ValidationError"
SECRET = "mevrouw Jansen"


def counted(work: str, error: str) -> float:
    """How often this process counted such a failure."""
    found = [
        one.value for one in next(iter(FAILURES.collect())).samples if one.labels == {"work": work, "error": error}
    ]
    return found[0] if found else 0.0


@pytest.fixture(scope="module")
def without_tables(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database in which nothing can be done."""
    return Database(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'anw.sqlite'}")


def test_every_chore_that_breaks_is_told_by_name_type_and_place(without_tables: Database, log: Log) -> None:
    """Each in a database without any table."""
    settings = Settings(development=True, mail=MailSettings(host="localhost", sender="anw@hds.example"))
    chores = chores_of(without_tables, settings)
    before = {chore.name: counted(chore.name.replace(" ", "_"), "OperationalError") for chore in chores}
    assert [chore.name for chore in chores if do_once(chore.name, chore.work)] == []
    lines = log.of("background_failure")
    assert [line["work"] for line in lines] == [chore.name.replace(" ", "_") for chore in chores]
    for chore, line in zip(chores, lines, strict=True):
        assert line["error"][0] == "sqlalchemy.exc.OperationalError"
        assert any(place.startswith("api/") or "/api/" in place for place in line["where"]), line
        assert counted(line["work"], "OperationalError") == before[chore.name] + 1


def test_ids_stand_in_the_log_and_what_the_error_says_does_not(log: Log) -> None:
    """The error quotes a person; the log names its type."""
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        report_failure(error, "round_advanced", hds_id="test", round_id=7)
    [line] = log.of("background_failure")
    assert (line["work"], line["hds_id"], line["round_id"], line["error"]) == (
        "round_advanced", "test", 7, ["builtins.ValueError"],
    )  # fmt: skip
    assert "test_failures.py" in line["where"][-1]
    assert SECRET not in log.text


def test_a_process_that_breaks_is_told_with_its_own_error_and_places(log: Log) -> None:
    """Of work done aside, for a chore: an error of the service, and beneath it where the process broke."""
    with pytest.raises(Problem) as problem:
        run_module("api.planning.closing_child", b'{"name": "mevrouw Jansen"}', "afsluiting")
    report_failure(problem.value, "round_assigned", hds_id="test", round_id=3)
    [line] = log.of("background_failure")
    assert (line["child_status"], line["child_error"]) == (1, VALIDATION_ERROR)
    assert any("api/planning/closing_child.py" in place for place in line["child_where"])
    assert SECRET not in log.text


def test_a_request_whose_process_breaks_is_told_too(app: FastAPI, log: Log) -> None:
    """The answer is a 500 that says no more; the log has the request, and where the process broke."""

    @app.get("/api/v1/aside")
    def aside() -> None:
        run_module("api.swaps.rings_child", b"{}", "ringen")

    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/aside")
    [line] = log.of("unhandled_error")
    assert (answer.status_code, line["route"], line["child_error"]) == (500, "/api/v1/aside", VALIDATION_ERROR)
    assert line["request_id"] == answer.headers["X-Request-ID"]


def test_a_repair_whose_process_breaks_has_its_error_and_places() -> None:
    """What the process wrote before it died comes with the crash."""
    request = MendRequest.model_construct(dossier=None)
    with mending(request) as at_work, pytest.raises(MendCrashed) as crash:
        while at_work.answer(60) is not None:
            pass
    kind, places = crash.value.read_traceback()
    assert (crash.value.status, kind) == (1, VALIDATION_ERROR)
    assert any("api/repair/child.py" in place for place in places)


def test_a_solver_that_breaks_has_its_error_and_places() -> None:
    """As a repair."""
    request = SolveRequest.model_construct(dossier=small_dossier(), time_limit="never", workers=1, seed=1, start=None)
    with pytest.raises(SolverCrashed) as crash:
        asyncio.run(solve_in_process(request, on_progress=lambda _: None, cancelled=asyncio.Event()))
    assert crash.value.read_traceback()[0] == VALIDATION_ERROR


def test_a_dossier_whose_reading_breaks_is_told_with_its_hds(
    tmp_path: Path, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planner reads that the file cannot be read; whoever runs the service reads how the process ended."""
    monkeypatch.setenv("PYTHONHASHSEED", "no number")
    with pytest.raises(Problem) as problem:
        read_apart(tmp_path, "test")
    assert problem.value.code == "archive_invalid"
    [line] = log.of("background_failure")
    assert (line["work"], line["hds_id"], line["child_status"]) == ("dossier_reading", "test", 1)


def test_a_killed_process_has_its_signal_and_no_traceback(log: Log) -> None:
    """There is none: it had no time to write."""
    report_failure(SolverCrashed(-9, b""), "run", run_id="r1", attempt=1)
    [line] = log.of("background_failure")
    assert (line["child_status"], line["child_error"], line["child_where"]) == (-9, None, [])
