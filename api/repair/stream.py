"""The events of a repair as they come, from the table: whoever lost the connection goes on where it broke."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence

from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent

from api.clock import local
from api.db.engine import Database
from api.db.tables.repair import Repair, RepairEvent
from api.repair import repository
from api.runs.stream import LONGEST_SECONDS, LOOK_SECONDS, RETRY_MILLISECONDS


async def events_of(database: Database, repair_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    """Every event after number `after` and those to come; once no worker has it any more one called `end`."""
    until = time.monotonic() + LONGEST_SECONDS
    while time.monotonic() < until:
        events, over = await run_in_threadpool(_look, database, repair_id, after)
        for event in events:
            after = event.seq
            data = {"at": local(event.at).isoformat(), **event.payload}
            yield ServerSentEvent(event=event.kind, id=str(event.seq), data=data, retry=RETRY_MILLISECONDS)
        if over and not events:
            yield ServerSentEvent(event="end", data={"repair_id": repair_id})
            return
        if not over:
            await asyncio.sleep(LOOK_SECONDS)


def _look(database: Database, repair_id: str, after: int) -> tuple[Sequence[RepairEvent], bool]:
    with database.reading() as session:
        row = session.get(Repair, repair_id)
        over = row is None or row.state not in repository.UNFINISHED
        return repository.events_after(session, repair_id, after), over
