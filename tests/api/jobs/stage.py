"""Real workers as processes of their own, and the sight of what they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.rosters import RosterVersion
from api.db.tables.runs import RosterRun, RunEvent
from api.jobs.place import jobs_url
from api.runs import service
from api.runs.schemas import RunRequest
from scheduler.domain.dossier import Dossier
from scheduler.generate import generate
from tests.api.conftest import add_user
from tests.api.rosters.stage import Stage

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 90.0
LONG = 600
"""Seconds, for a run that is meant to be stopped."""
QUICK_DEATH = {"ANW_WORKER_DEAD_SECONDS": "2"}
T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """Look again and again; what is seen when it is something. Fails after a deadline."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        time.sleep(0.05)
    raise AssertionError("waited in vain")


def long_dossier() -> Dossier:
    """One that the engine makes better for many seconds after the first roster of it stands."""
    return generate(gps=200, posts=1, seed=3, months=6)


class Workers:
    """Starts workers on a database; ends all of them at the end."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.all: list[subprocess.Popen[bytes]] = []

    def start(self, *command: str, **settings: str) -> subprocess.Popen[bytes]:
        """A worker that soon takes others for dead, or another command, with these settings."""
        environment = {
            **os.environ,
            **QUICK_DEATH,
            "ANW_DATABASE_URL": self.database.engine.url.render_as_string(hide_password=False),
            "ANW_DEVELOPMENT": "1",
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ["PYTHONPATH"]]),
            **settings,
        }
        with (self.folder / f"worker-{len(self.all)}.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", *(command or ("api.jobs.worker",))],
                env=environment, cwd=self.folder, stdout=log, stderr=log,
            )  # fmt: skip
        self.all.append(process)
        return process

    def end(self) -> None:
        """Kill whoever still lives, and with them their solvers, which may stand still."""
        for process in self.all:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9."""
    process.kill()
    process.wait()


def children_of(pid: int) -> set[int]:
    """The processes that a process started and that still live."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return {int(child) for listed in lists for child in listed.read_text().split()}


def ask(stage: Stage, **options: Any) -> str:
    """Ask for a run as a planner does, on one core unless said otherwise; returns its id."""
    user_id = add_user(stage.database, f"planner-{time.monotonic_ns()}", stage.hds_id, "planner")
    asked = RunRequest(**({"workers": 1} | options)).model_dump(mode="json")
    with stage.database.writing() as session:
        return service.start(session, user_id, stage.hds_id, stage.dossier_id, asked, None).id


def cancel(stage: Stage, run_id: str) -> None:
    """Cancel a run as a planner does."""
    user_id = add_user(stage.database, f"planner-{time.monotonic_ns()}", stage.hds_id, "planner")
    with stage.database.writing() as session:
        service.cancel(session, user_id, stage.hds_id, run_id)


def run_of(database: Database, run_id: str) -> RosterRun:
    """The run as it is now."""
    with database.reading() as session:
        return session.get_one(RosterRun, run_id)


def versions_of(database: Database, run_id: str) -> list[RosterVersion]:
    """The versions that a run left."""
    with database.reading() as session:
        return list(session.scalars(select(RosterVersion).where(RosterVersion.run_id == run_id)))


def events_of(database: Database, run_id: str) -> list[RunEvent]:
    """The events of a run so far."""
    with database.reading() as session:
        return list(session.scalars(select(RunEvent).where(RunEvent.run_id == run_id).order_by(RunEvent.seq)))


def in_state(database: Database, run_id: str, *states: str) -> RosterRun:
    """Wait until the run is in one of these states."""

    def look() -> RosterRun | None:
        run = run_of(database, run_id)
        return run if run.state in states else None

    found = until(look)
    assert found is not None
    return found


def halt_solver(worker: subprocess.Popen[bytes]) -> int:
    """Wait for the solver process of a worker, and have it stand still, so that its run lasts; returns its id."""
    (solver,) = until(lambda: solvers_of(worker.pid))
    # its second thread comes once it will die with its parent, which a process that stands still cannot arrange
    until(lambda: len(list(Path(f"/proc/{solver}/task").iterdir())) > 1)
    os.kill(solver, signal.SIGSTOP)
    return solver


def solvers_of(pid: int) -> set[int]:
    """The solver processes that a process has started; libraries start children of their own for a moment."""
    found = set()
    for child in children_of(pid):
        # gone between the two looks
        with suppress(OSError):
            if b"api.jobs.solver_child" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(child)
    return found


def solving(database: Database, run_id: str) -> None:
    """Wait until the engine has told of a roster that it is making better."""
    until(lambda: any(event.payload.get("phase") == "exchange" for event in events_of(database, run_id)))


def best_of(stage: Stage, run_id: str) -> RosterRun:
    """Cancel a run that is being solved; the run at its end, which left the best as its one version."""
    cancel(stage, run_id)
    run = in_state(stage.database, run_id, "cancelled", "done", "failed")
    (version,) = versions_of(stage.database, run_id)
    assert (run.state, version.proof["cancelled"]) == ("cancelled", True)
    return run


class Hold:
    """Keeps everybody else from writing to a table until it is let go, so that a worker waits right before it."""

    def __init__(self, database: Database, table: str) -> None:
        jobs = table.startswith("dbos.")
        url = jobs_url(database.engine.url.render_as_string(hide_password=False)) if jobs else database.url
        self._database = Database(url)
        self._connection = self._database.engine.connect().execution_options(anw_writes=True)
        self._connection.begin()
        if not self._database.on_sqlite:
            self._connection.exec_driver_sql(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")

    def let_go(self) -> None:
        """Let everybody write again."""
        self._connection.rollback()
        self._connection.close()
        self._database.close()


def has_recorded(database: Database, run_id: str, step: str) -> bool:
    """Whether DBOS has the outcome of this step of a run on record."""
    jobs = Database(jobs_url(database.engine.url.render_as_string(hide_password=False)))
    table = "operation_outputs" if jobs.on_sqlite else "dbos.operation_outputs"
    try:
        with jobs.engine.connect() as connection:
            found = connection.exec_driver_sql(
                f"SELECT count(*) FROM {table} WHERE workflow_uuid = '{run_id}' AND function_name = '{step}'"
            )
            return bool(found.scalar())
    finally:
        jobs.close()
