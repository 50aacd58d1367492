"""One process that carries out runs: its DBOS, its heartbeat, and its eye on the others."""

from __future__ import annotations

import os
import socket
import time
import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING

import structlog
from dbos import DBOS

from api.jobs import repository
from api.jobs.desk import Desk
from api.jobs.place import Alone, jobs_url, let_read
from api.jobs.rounds import Chore, Round
from api.jobs.watch import Watch
from api.jobs.work import Work
from api.jobs.workflows import REGIONS, ROSTERS, VERSION, register

if TYPE_CHECKING:
    from dbos import DBOSConfig

    from api.db.engine import Database
    from api.settings import Settings

_log = structlog.get_logger()
NAME = "anw-rooster"
BEATS = 4
"""How many heartbeats and looks at those of others fit in the time after which one is dead."""
DESK_SECONDS = 0.5
QUEUE_SECONDS = 0.5
CLEAR_SECONDS = 600.0
LEAVE_SECONDS = 5.0
POOL = 5


class Executor:
    """Carries out runs from `start` to `stop`; one a process, as DBOS is."""

    def __init__(self, settings: Settings, database: Database, chores: Iterable[Chore] = ()) -> None:
        self._chores = tuple(chores)
        self.hostname = socket.gethostname()
        self.id = f"{self.hostname[:40]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"
        self._settings, self._database = settings, database
        self._work = Work(database, self.id, settings.solver_workers)
        self._desk = Desk(database, self._work)
        self._watch = Watch(settings.worker_dead_seconds)
        self._rounds: list[Round] = []
        self._alone = Alone(settings.database_url)

    def start(self) -> None:
        """Sign on and begin; call it outside any event loop, or DBOS would run its workflows in that one."""
        self._beat()
        let_read(jobs_url(self._settings.database_url))
        if self._alone.take():
            with self._database.writing() as session:
                repository.bury(session, repository.beats(session).keys() - {self.id})
        DBOS(config=self._config())
        register(self._work)
        DBOS.listen_queues([ROSTERS, REGIONS])
        DBOS.launch()
        self._register_queues()
        often = self._settings.worker_dead_seconds / BEATS
        self._rounds = [
            Round("beat", often, self._beat),
            Round("desk", DESK_SECONDS, self._desk.hand_out),
            Round("sweep", often, self._sweep),
            Round("clear", CLEAR_SECONDS, self._desk.clear),
            *(Round(*chore) for chore in self._chores),
        ]
        self._sweep()
        _log.info("executor_started", executor_id=self.id)

    def stop(self) -> None:
        """End the solvers, hand every run over to the others, and sign off."""
        self._work.leave()
        deadline = time.monotonic() + LEAVE_SECONDS
        while self._work.solving and time.monotonic() < deadline:
            time.sleep(0.05)
        self.abandon()
        with self._database.writing() as session:
            repository.bury(session, [self.id])
        _log.info("executor_stopped", executor_id=self.id)

    def abandon(self) -> None:
        """Let everything go as it stands, also after a start that failed."""
        for one in self._rounds:
            one.stop()
        DBOS.destroy()
        self._alone.give_back()

    def _config(self) -> DBOSConfig:
        return {
            "name": NAME,
            "system_database_url": jobs_url(self._settings.database_url),
            "application_version": VERSION,
            "executor_id": self.id,
            "sys_db_pool_size": POOL,
            "log_level": "WARNING",
            "enable_otlp": False,
        }

    def _register_queues(self) -> None:
        DBOS.register_queue(
            ROSTERS,
            worker_concurrency=self._settings.runs_per_worker,
            polling_interval_sec=QUEUE_SECONDS,
            on_conflict="always_update",
        )
        DBOS.register_queue(REGIONS, polling_interval_sec=QUEUE_SECONDS, on_conflict="always_update")

    def _beat(self) -> None:
        with self._database.writing() as session:
            repository.beat(session, self.id, self.hostname)

    def _sweep(self) -> None:
        """Hand the runs of dead executors back to the queues, then see whether any run was lost otherwise."""
        # work before beats: who took work up has signed on before
        working = {
            one.executor_id for one in DBOS.list_workflows(status="PENDING", load_input=False) if one.executor_id
        }
        with self._database.reading() as session:
            beats = repository.beats(session)
        dead = self._watch.dead(beats, working - {self.id})
        if dead:
            for executor_id in sorted(dead):
                _log.warning("executor_dead", executor_id=executor_id)
            # the only call that asks who had the work: two sweeps at once hand a run over once
            DBOS._recover_pending_workflows(sorted(dead))
            with self._database.writing() as session:
                repository.bury(session, dead)
        self._desk.settle()
