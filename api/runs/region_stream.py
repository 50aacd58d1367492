"""A run over a region as it goes on: the whole of it, each time something of it has changed."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from fastapi.concurrency import run_in_threadpool
from fastapi.sse import ServerSentEvent

from api.db.engine import Database
from api.db.tables.runs import RegionRun
from api.jobs import repository as jobs
from api.runs.schemas import RegionRunWhole
from api.runs.showing import shown_region_run_whole
from api.runs.stream import LONGEST_SECONDS

LOOK_SECONDS = 1.0


async def states_of(database: Database, region_run_id: str) -> AsyncIterator[ServerSentEvent]:
    """The run with all its parts, now and after each change; at the end of the run one called `end`.

    Every event tells all, so who comes back needs none of those before.
    """
    until, told = time.monotonic() + LONGEST_SECONDS, None
    while time.monotonic() < until:
        whole = await run_in_threadpool(_whole, database, region_run_id)
        if whole != told:
            told = whole
            yield ServerSentEvent(event="state", data=whole)
        if whole.state not in jobs.UNFINISHED:
            yield ServerSentEvent(event="end", data={"region_run_id": region_run_id})
            return
        await asyncio.sleep(LOOK_SECONDS)


def _whole(database: Database, region_run_id: str) -> RegionRunWhole:
    with database.reading() as session:
        return shown_region_run_whole(session, session.get_one(RegionRun, region_run_id))
