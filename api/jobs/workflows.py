"""The durable workflows: what DBOS remembers of a run, so that another process goes on where one died.

Only the sequence of steps is written here. A step whose outcome is on record is not done again; every other one may be
done twice, and `api.jobs.lifecycle` makes that harmless.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from dbos import DBOS, SetWorkflowID

from api.jobs import lifecycle
from api.jobs.work import Work

ROSTERS, REGIONS = "rosters", "regions"
"""Queues, of which `rosters` lets a worker do a few runs at a time. A run over a region only waits for its parts: in
the same queue it would keep them from starting."""
ROSTER_RUN, REGION_RUN = "roster_run", "region_run"
VERSION = "1"
"""Goes up when the sequence of steps changes: a process does only runs of its own version. The version of the engine
would strand every run that waits while a new one is installed."""
MOST_RECOVERIES = 10


def register(work: Work) -> None:
    """Make the workflows known to DBOS; call it once a process, before launch."""
    _register_region_run(work, _register_roster_run(work))


def _register_roster_run(work: Work) -> Callable[[str], Coroutine[Any, Any, None]]:
    @DBOS.step(name="solve", preemptible=True)
    async def solve(run_id: str) -> bytes:
        return await work.solve(run_id)

    @DBOS.step(name="finish")
    async def finish(run_id: str, outcome: bytes) -> None:
        await work.finish(run_id, outcome)

    @DBOS.workflow(name=ROSTER_RUN, max_recovery_attempts=MOST_RECOVERIES)
    async def roster_run(run_id: str) -> None:
        with work.in_hand(run_id):
            await finish(run_id, await solve(run_id))

    return roster_run


def _register_region_run(work: Work, roster_run: Callable[[str], Coroutine[Any, Any, None]]) -> None:
    @DBOS.step(name="parts")
    async def parts(region_run_id: str) -> list[str]:
        return await work.in_transaction(lambda session: lifecycle.region_parts(session, region_run_id))

    # not the results of the workflows: DBOS waits for these only as long as the database answers
    @DBOS.step(name="parts_ended", preemptible=True)
    async def parts_ended(region_run_id: str) -> None:
        await work.parts_ended(region_run_id)

    @DBOS.step(name="end_region")
    async def end_region(region_run_id: str) -> None:
        await work.in_transaction(lambda session: lifecycle.end_region(session, region_run_id))

    @DBOS.workflow(name=REGION_RUN, max_recovery_attempts=MOST_RECOVERIES)
    async def region_run(region_run_id: str) -> None:
        with work.in_hand(region_run_id):
            for run_id in await parts(region_run_id):
                with SetWorkflowID(run_id):
                    await DBOS.enqueue_workflow_async(ROSTERS, roster_run, run_id)
            await parts_ended(region_run_id)
            await end_region(region_run_id)
