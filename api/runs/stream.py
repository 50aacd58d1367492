"""The events of a run as they come, from the table: whoever lost the connection goes on where it broke."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent

from api.clock import local
from api.db.engine import Database
from api.db.tables.runs import RosterRun, RunEvent
from api.jobs import repository as jobs
from api.runs import repository

LOOK_SECONDS = 0.5
LONGEST_SECONDS = 3600.0
"""After which a client connects anew, and its rights are looked at again."""
RETRY_MILLISECONDS = 1000


async def events_of(database: Database, run_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    """Every event after number `after` and those to come; at the end of the run one called `end`, without number."""
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        events, over = await run_in_threadpool(_look, database, run_id, after)
        for event in events:
            after = event.seq
            yield _sent(event)
        if over and not events:
            yield ServerSentEvent(event="end", data={"run_id": run_id})
            return
        if not over:
            await asyncio.sleep(LOOK_SECONDS)


def _look(database: Database, run_id: str, after: int) -> tuple[Sequence[RunEvent], bool]:
    with database.reading() as session:
        run = session.get(RosterRun, run_id)
        over = run is None or run.state not in jobs.UNFINISHED
        return repository.events_after(session, run_id, after), over


def _sent(event: RunEvent) -> ServerSentEvent:
    data = {"at": local(event.at).isoformat(), **event.payload}
    return ServerSentEvent(event=event.kind, id=str(event.seq), data=data, retry=RETRY_MILLISECONDS)
