"""How much a caller may send: judged before anything is read, and again while it comes in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypedDict

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import Problem, answer
from api.json_shape import find_fault
from api.settings import Settings
from scheduler.messages import text


class FormLimits(TypedDict, total=False):
    """How many parts a form may have, and how many bytes each that is no file."""

    max_files: int
    max_fields: int
    max_part_size: int


UPLOADS: Sequence[re.Pattern[str]] = (
    re.compile(r"/api/v1/hds/[^/]+/dossiers(/[^/]+/content)?"),
    re.compile(r"/api/v1/hds/[^/]+/dossiers/[^/]+/versions"),
)
"""The paths that take files: up to `Settings.largest_upload`."""
LONG_LISTS: Sequence[re.Pattern[str]] = (
    re.compile(r"/api/v1/hds/[^/]+/dossiers/[^/]+/changes"),
    re.compile(r"/api/v1/hds/[^/]+/versions/[^/]+/edits"),
    re.compile(r"/api/v1/hds/[^/]+/payouts/forecast"),
)
"""The paths that take hundreds of items: up to `Settings.largest_list`. Every other body: up to `largest_body`."""
ONE_FILE: FormLimits = {"max_files": 1, "max_fields": 5, "max_part_size": 16 * 1024}
"""For the routes of `UPLOADS`: what may stand in their form."""
_CLOSE = {"Connection": "close"}
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
_KIBIBYTE, _MEBIBYTE = 2**10, 2**20


class BodyLimit:
    """ASGI middleware that refuses larger bodies with `too_large`, whatever length they claim to have.

    A body that is no form must also keep the bounds of `json_shape`. FastAPI's own `max_body_size` is not used: it
    answers in plain text, and before the rights of the caller are looked at.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand over with a count on what is read."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = find_limit(scope["path"], self._settings)
        if _declared_length(scope) > most:
            refusal = answer(Request(scope), "too_large", _describe_limit(most), headers=_CLOSE)
            await refusal(scope, receive, send)
            return
        is_form = Headers(scope=scope).get("content-type", "").lower().startswith(_FORMS)
        await self._app(scope, _Bounded(receive, most, is_json=not is_form).receive, send)


def find_limit(path: str, settings: Settings) -> int:
    """How many bytes a body sent to this path may have."""
    if any(pattern.fullmatch(path) for pattern in UPLOADS):
        return settings.largest_upload
    if any(pattern.fullmatch(path) for pattern in LONG_LISTS):
        return settings.largest_list
    return settings.largest_body


def _declared_length(scope: Scope) -> int:
    lengths = [value for name, value in scope["headers"] if name == b"content-length"]
    return max((int(value) for value in lengths if value.isdigit()), default=0)


class _Bounded:
    """Passes on what comes in, up to `most` bytes; a JSON body is kept meanwhile, and judged once it is whole."""

    def __init__(self, receive: Receive, most: int, is_json: bool) -> None:
        self._receive, self._most, self._is_json = receive, most, is_json
        self._count, self._pieces = 0, list[bytes]()

    async def receive(self) -> Message:
        """The next piece; raises Problem `too_large` or `malformed`."""
        message = await self._receive()
        piece = message.get("body", b"")
        self._count += len(piece)
        if self._count > self._most:
            raise Problem("too_large", _describe_limit(self._most), headers=_CLOSE)
        if self._is_json:
            self._pieces.append(piece)
            if not message.get("more_body", False):
                self._judge()
        return message

    def _judge(self) -> None:
        body, self._pieces = b"".join(self._pieces), []
        fault = find_fault(body)
        if fault is not None:
            raise Problem("malformed", fault, errors=[{"place": ["body"], "expected": fault, "kind": "bounds"}])


def _describe_limit(most: int) -> str:
    size = f"{most / _MEBIBYTE:g} MiB" if most >= _MEBIBYTE else f"{most / _KIBIBYTE:g} KiB"
    return text("uploads.too_large", most=size)
