"""From the table of runs to the queues of DBOS: the row is the truth, a workflow only carries it out.

Who asks for a run commits a row and nothing else, so that no crash between two databases can lose it. Executors look
for rows without a workflow and enqueue them; the id of the run is that of the workflow, so that it is done once.
"""

from __future__ import annotations

from datetime import timedelta

import structlog
from dbos import DBOS

from api.clock import now
from api.db.engine import Database
from api.jobs import lifecycle
from api.jobs.repository import unfinished_region_runs, unfinished_runs
from api.jobs.work import Work
from api.jobs.workflows import REGION_RUN, REGIONS, ROSTER_RUN, ROSTERS
from api.ops.failures import report_failure
from scheduler.messages import text

KEPT = timedelta(days=1)
"""How long DBOS keeps what it recorded of a workflow that has ended: for an operator who wonders."""
CLEARED_AT_ONCE = 200
OVER = frozenset({"ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED", "SUCCESS"})
LOOKS_UNTIL_STRAY = 3
_log = structlog.get_logger()


class RunLost(Exception):
    """DBOS gave up a run whose outcome is not on record."""


class Desk:
    """Hands out what was asked for, and settles what DBOS gave up."""

    def __init__(self, database: Database, work: Work) -> None:
        self._database, self._work = database, work
        self._handed_out: set[str] = set()
        self._stray: dict[str, int] = {}

    def hand_out(self) -> None:
        """Enqueue every run that waits and that this process has not enqueued before."""
        for run_id, (name, free) in self._unfinished().items():
            if free and run_id not in self._handed_out:
                _enqueue(run_id, name)
                self._handed_out.add(run_id)

    def settle(self) -> None:
        """Enqueue runs that DBOS does not know, end those that it gave up, free those that nobody here works on."""
        unfinished = self._unfinished()
        self._handed_out &= unfinished.keys()
        found = DBOS.list_workflows(workflow_ids=list(unfinished), load_input=False, load_output=False)
        known = {one.workflow_id: one for one in found}
        mine: set[str] = set()
        for run_id, (name, free) in unfinished.items():
            workflow = known.get(run_id)
            if workflow is None:
                if free:
                    _enqueue(run_id, name)
            elif workflow.status in OVER:
                self._end(run_id, name, workflow.status)
            elif workflow.status == "PENDING" and workflow.executor_id == self._work.executor_id:
                mine.add(run_id)
        self._free({run_id: unfinished[run_id][0] for run_id in mine - self._work.running})

    def clear(self) -> None:
        """Have DBOS forget workflows that ended some time ago; nothing of a run stands there alone."""
        before = (now() - KEPT).isoformat()
        ended = DBOS.list_workflows(
            status=sorted(OVER), completed_before=before, limit=CLEARED_AT_ONCE, load_input=False, load_output=False
        )
        DBOS.delete_workflows([one.workflow_id for one in ended])

    def _unfinished(self) -> dict[str, tuple[str, bool]]:
        """Of each run that has not ended its workflow, and whether it is enqueued here: not what a region enqueues."""
        with self._database.reading() as session:
            runs = {run.id: (ROSTER_RUN, run.region_run_id is None) for run in unfinished_runs(session)}
            return runs | {run.id: (REGION_RUN, True) for run in unfinished_region_runs(session)}

    def _end(self, run_id: str, name: str, status: str) -> None:
        with self._database.writing() as session:
            if name == REGION_RUN:
                lifecycle.end_region(session, run_id)
            else:
                lifecycle.fail(session, run_id, "run_lost", text("runs.lost"))
        report_failure(
            RunLost(status), "run", **{"region_run_id" if name == REGION_RUN else "run_id": run_id}, code=status.lower()
        )

    def _free(self, stray: dict[str, str]) -> None:
        """Enqueue anew what DBOS holds to be done here while nobody does it, as after a disk that was full."""
        self._stray = {run_id: self._stray.get(run_id, 0) + 1 for run_id in stray}
        for run_id, looks in self._stray.items():
            if looks >= LOOKS_UNTIL_STRAY:
                _log.warning("run_enqueued_anew", run_id=run_id)
                DBOS.resume_workflow(run_id, queue_name=_queue_of(stray[run_id]))


def _queue_of(name: str) -> str:
    return REGIONS if name == REGION_RUN else ROSTERS


def _enqueue(run_id: str, name: str) -> None:
    DBOS.enqueue_workflow_with_options(
        {"workflow_name": name, "queue_name": _queue_of(name), "workflow_id": run_id}, run_id
    )
