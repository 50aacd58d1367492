"""Requests that wait for a process apart hold up no other: no place, no connection, no thread of the service."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import httpx2
import pytest
from fastapi import FastAPI

from api.auth.principal import Role
from api.db.engine import Database
from api.rosters import aside
from tests.api.conftest import add_user, token_for
from tests.api.rosters.stage import Stage, set_up
from tests.api.rosters.test_explaining import WEEK

SLOW = 50
FOR_EVER = 3600.0
LONGEST = 60.0
"""Seconds after which a quick request counts as one that is never answered."""


@contextmanager
def _all_turns_taken() -> Iterator[None]:
    """Whoever asks for a process apart waits for its turn until this is over."""
    with ExitStack() as taken:
        for _ in range(aside.AT_ONCE):
            assert aside.TURNS.acquire(timeout=LONGEST)
            taken.callback(aside.TURNS.release)
        yield


async def _ask_all(app: FastAPI, stage: Stage, token: str) -> tuple[int, set[int]]:
    """The status of a quick request while fifty slow ones are there, and those of the slow ones once they may go on."""
    version = stage.draft(WEEK)
    transport = httpx2.ASGITransport(app=app)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
        with _all_turns_taken():
            slow = [
                asyncio.create_task(client.get(stage.url(f"versions/{version}/report"), timeout=None))
                for _ in range(SLOW)
            ]
            # the line is full, so those beyond it have been told to come back
            while sum(one.done() for one in slow) < SLOW - aside.IN_LINE:
                await asyncio.wait(slow, timeout=0.05, return_when=asyncio.FIRST_COMPLETED)
            quick = await asyncio.wait_for(client.get("/api/v1/auth/me"), LONGEST)
            assert sum(not one.done() for one in slow) == aside.IN_LINE
        answers = await asyncio.gather(*slow)
    return quick.status_code, {one.status_code for one in answers}


def test_fifty_slow_requests_hold_up_no_quick_one(
    app: FastAPI, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Twelve wait for their turn and get their answer; the others are told to come back; a quick one is answered."""
    monkeypatch.setattr(aside, "PATIENCE_SECONDS", FOR_EVER)
    stage = set_up(database)
    token = token_for(database, add_user(database, "planner", "test", Role.PLANNER), "test", Role.PLANNER)
    assert asyncio.run(_ask_all(app, stage, token)) == (200, {200, 503})
