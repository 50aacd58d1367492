"""How much a caller may send: judged before anything is read, and again while it comes in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import STATUS_OF, answer
from api.settings import Settings
from scheduler.messages import text

UPLOADS: Sequence[re.Pattern[str]] = (re.compile(r"/api/v1/hds/[^/]+/dossiers(/[^/]+/content)?"),)
"""The paths that take files; every other body is held to `Settings.largest_body`."""
_CLOSE = {"Connection": "close"}


class BodyLimit:
    """ASGI middleware that refuses larger bodies with `too_large`, whatever length they claim to have."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._largest_body, self._largest_upload = settings.largest_body, settings.largest_upload

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand over with a count on what is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most(scope["path"])
        if _declared(scope) > most:
            refusal = answer(Request(scope), "too_large", _detail(most), headers=_CLOSE)
            await refusal(scope, receive, send)
            return
        await self._app(scope, _counted(receive, most), send)

    def _most(self, path: str) -> int:
        is_upload = any(pattern.fullmatch(path) for pattern in UPLOADS)
        return self._largest_upload if is_upload else self._largest_body


def _declared(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in lengths if value.isdigit()), default=0)


def _counted(receive: Receive, most: int) -> Receive:
    read = 0

    async def counting() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise HTTPException(STATUS_OF["too_large"], headers=_CLOSE)
        return message

    return counting


def _detail(most: int) -> str:
    return text("uploads.too_large", most=f"{most / 2**20:g}")
