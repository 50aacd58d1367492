"""Events of long work as they come, from the table: whoever lost the connection goes on where it broke."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent
from sqlalchemy.orm import Session

from api.clock import local
from api.db.engine import Database
from api.db.tables.repair import RepairEvent
from api.db.tables.runs import RosterRun, RunEvent
from api.jobs import repository as jobs
from api.runs import repository

LOOK_SECONDS = 0.5
LONGEST_SECONDS = 3600.0
"""After which a client connects anew, and its rights are looked at again."""
RETRY_MILLISECONDS = 1000


Look = Callable[[Session, int], tuple[Sequence[RunEvent] | Sequence[RepairEvent], bool]]
"""The events after a number, and whether the work was over before they were read."""


async def follow(database: Database, look: Look, after: int, end: Mapping[str, str]) -> AsyncIterator[ServerSentEvent]:
    """Every event after number `after` and those to come; when it is over one called `end`, without number."""
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        events, over = await run_in_threadpool(_looked, database, look, after)
        for event in events:
            after = event.seq
            data = {"at": local(event.at).isoformat(), **event.payload}
            yield ServerSentEvent(event=event.kind, id=str(event.seq), data=data, retry=RETRY_MILLISECONDS)
        if over and not events:
            yield ServerSentEvent(event="end", data=dict(end))
            return
        if not over:
            await asyncio.sleep(LOOK_SECONDS)


def _looked(database: Database, look: Look, after: int) -> tuple[Sequence[RunEvent] | Sequence[RepairEvent], bool]:
    with database.reading() as session:
        return look(session, after)


def events_of(database: Database, run_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    """The events of a run after number `after`, and those to come."""

    def look(session: Session, after: int) -> tuple[Sequence[RunEvent], bool]:
        run = session.get(RosterRun, run_id)
        over = run is None or run.state not in jobs.UNFINISHED
        return repository.events_after(session, run_id, after), over

    return follow(database, look, after, {"run_id": run_id})
