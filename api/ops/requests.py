"""What is done for every request: an id, headers that keep browsers safe, a line in the log, and the measures."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Sequence
from typing import Any

import structlog
from fastapi import Request
from opentelemetry import trace
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.db.violations import find_violated_constraint
from api.errors import answer
from api.ops.logs import log_error
from api.ops.metrics import Metrics

REQUEST_ID = "X-Request-ID"
_REQUEST_ID = REQUEST_ID.lower().encode()
RawHeaders = Sequence[tuple[bytes, bytes]]
_GIVEN_ID = re.compile(r"[0-9a-fA-F-]{8,64}")
"""Ids that a proxy made pass, as hexadecimal or UUID; free text might hold anything, so it does not."""
SAFE_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-cache",
}
"""For an answer that says nothing else itself."""
_PROBES = frozenset({"/healthz", "/readyz"})
"""Asked for every few seconds: answers that all is well would bury the rest of the log."""
_POLICY = b"content-security-policy"
_BARE = b"default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
_PAGES = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
"""Pages live on their own files and calls alone; whatever else is answered needs nothing at all."""
_HSTS = "max-age=31536000; includeSubDomains"
_log = structlog.get_logger()


class RequestWatch:
    """Middleware around everything: nothing that goes wrong inside gets past it with what it says."""

    def __init__(self, app: ASGIApp, metrics: Metrics, secure: bool) -> None:
        self.app, self.metrics = app, metrics
        found = SAFE_HEADERS | ({"Strict-Transport-Security": _HSTS} if secure else {})
        self.headers = tuple((name.lower().encode(), value.encode()) for name, value in found.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        watched = _Watched(scope, self.headers, send)
        with self.metrics.under_way():
            try:
                await self.app(scope, receive, watched.send)
            except Exception as error:
                await self._broken(error, watched, receive)
            finally:
                self._report(watched)

    async def _broken(self, error: Exception, watched: _Watched, receive: Receive) -> None:
        watched.state["error"] = error
        if watched.status:
            # the answer is half sent, so that the connection must break; nothing of the error may reach the server
            raise RuntimeError("the answer broke off") from None
        await answer(Request(watched.scope), "internal")(watched.scope, receive, watched.send)

    def _report(self, watched: _Watched) -> None:
        seconds = time.perf_counter() - watched.started
        error = watched.state.get("error")
        if error is not None:
            event = "database_error" if isinstance(error, DBAPIError) else "unhandled_error"
            found = {"constraint": find_violated_constraint(error)} if isinstance(error, IntegrityError) else {}
            error.with_traceback(error.__traceback__ or watched.state.get("traceback"))
            log_error(error, event, request_id=watched.request_id, route=watched.route, **found)
        self.metrics.observe(watched.scope["method"], watched.route, watched.status, seconds)
        asked_by_machine = watched.route in _PROBES and watched.status < 400
        (_log.debug if asked_by_machine else _log.info)("request", **watched.fields(), ms=round(seconds * 1000, 1))


class _Watched:
    """One request while it is served; `status` is 0 until an answer begins."""

    def __init__(self, scope: Scope, headers: RawHeaders, send: Send) -> None:
        self.scope, self.headers, self._send = scope, headers, send
        self.started, self.status = time.perf_counter(), 0
        given = Headers(scope=scope).get(REQUEST_ID, "")
        self.request_id = given if _GIVEN_ID.fullmatch(given) else uuid.uuid4().hex
        self.state: dict[str, Any] = scope.setdefault("state", {})
        self.state["request_id"] = self.request_id

    async def send(self, message: Message) -> None:
        """Pass on a message, with our headers on the first."""
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            given = {name.lower(): value for name, value in message["headers"]}
            ours = [header for header in self.headers if header[0] not in given]
            if _POLICY not in given:
                is_page = given.get(b"content-type", b"").startswith(b"text/html")
                ours.append((_POLICY, _PAGES if is_page else _BARE))
            message["headers"] = [*message["headers"], (_REQUEST_ID, self.request_id.encode()), *ours]
        await self._send(message)

    @property
    def route(self) -> str:
        """The template of the route (`/hds/{hds_id}/audit`), never the path itself; `none` for an unknown path."""
        found = self.scope.get("fastapi", {}).get("effective_route_context") or self.scope.get("route")
        return getattr(found, "path_format", None) or getattr(found, "path", None) or "none"

    def fields(self) -> dict[str, Any]:
        """What the log tells of the request: ids and figures; who asked is known only once it was proven."""
        span = trace.get_current_span().get_span_context()
        found = {
            "request_id": self.request_id, "method": self.scope["method"], "route": self.route, "status": self.status,
            "user_id": self.state.get("user_id"), "hds_id": self.state.get("hds_id"),
            "code": self.state.get("problem"), "trace_id": f"{span.trace_id:032x}" if span.is_valid else None,
        }  # fmt: skip
        return {name: value for name, value in found.items() if value is not None}
