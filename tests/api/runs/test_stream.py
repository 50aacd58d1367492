"""A stream that is open costs no connection of the database, and ends when its reader leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy.pool import QueuePool

from api.db.engine import Database
from tests.api.rosters.stage import set_up

SECONDS = 30


class Reader:
    """Somebody who opens a stream, reads the first piece of it, and leaves."""

    def __init__(self, app: FastAPI, path: str, headers: dict[str, str]) -> None:
        self.app = app
        self.scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
            "client": ("192.0.2.1", 1), "server": ("test", 80),
        }  # fmt: skip
        self.pieces: asyncio.Queue[bytes] = asyncio.Queue()
        self.left = asyncio.Event()

    async def read(self, look: Callable[[], Any]) -> tuple[bytes, Any]:
        """The first piece, and what `look` saw while the stream was open."""
        serving = asyncio.create_task(self.app(self.scope, self._receive, self._send))  # type: ignore[arg-type]
        first = await asyncio.wait_for(self.pieces.get(), SECONDS)
        seen = look()
        self.left.set()
        await asyncio.wait_for(serving, SECONDS)
        return first, seen

    async def _receive(self) -> dict[str, Any]:
        if not hasattr(self, "_asked"):
            self._asked = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        if message.get("body"):
            self.pieces.put_nowait(message["body"])


def test_an_open_stream_holds_no_connection(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """Neither that of the rights nor that of the events: hundreds may follow a run at once."""
    stage, planner = set_up(database), as_role("planner")
    place = planner.post(f"/api/v1/hds/test/dossiers/{stage.dossier_id}/runs", json={}).headers["Location"]
    pool = app.state.database.engine.pool
    assert isinstance(pool, QueuePool)
    reader = Reader(app, f"{place}/events", {"Authorization": planner.headers["Authorization"]})
    first, held = asyncio.run(reader.read(pool.checkedout))
    assert b"event: state" in first
    assert held == 0
