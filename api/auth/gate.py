"""Rights before form: who may not come in is told so, and never what was wrong with the request.

FastAPI reads the body before it asks the dependencies of a route, and tells of a wrong path or query beside them. So
when a request is refused for its form, the rights of its route are looked at first; a good request costs nothing more.
Files, which are large, are only read from somebody who may send them (`UploadRoute`).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import FastAPI, Request, params
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.auth.access import MemberWith, caller, newcomer, settled
from api.auth.callers import caller_of
from api.auth.documented import calls_of
from api.db.sessions import database
from api.errors import Problem

_UNREADABLE = frozenset({400, 413, 415, 422})


class UploadRoute(APIRoute):
    """A route that, if it takes files, looks at the rights of the caller before it reads what is sent."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Serve a request."""
        serve = super().get_route_handler()
        if self.body_field is None or not isinstance(self.body_field.field_info, params.Form):
            return serve

        async def serve_after_rights(request: Request) -> Response:
            refusal = await run_in_threadpool(refusal_of, request)
            if refusal is not None:
                raise refusal
            return await serve(request)

        return serve_after_rights


def install_gate(app: FastAPI) -> None:
    """Put the gate before the handlers of malformed requests; call it after `install_handlers`."""
    for kind in (RequestValidationError, HTTPException, Problem):
        app.add_exception_handler(kind, _after_rights(app.exception_handlers[kind]))


def _after_rights(handler: Callable[..., Any]) -> Callable[..., Any]:
    async def handle(request: Request, error: Exception) -> Response:
        if _is_about_form(error):
            refusal = await run_in_threadpool(refusal_of, request)
            if refusal is not None:
                problem: Response = await request.app.exception_handlers[Problem](request, refusal)
                return problem
        answer: Response = await handler(request, error)
        return answer

    return handle


def _is_about_form(error: Exception) -> bool:
    if isinstance(error, Problem):
        return error.code == "bad_cursor"
    return isinstance(error, RequestValidationError) or getattr(error, "status_code", 0) in _UNREADABLE


def refusal_of(request: Request) -> Problem | None:
    """Why the caller may not use the route of this request; None when the caller may, or anybody may."""
    asked = set(calls_of(getattr(request.scope.get("route"), "dependant", None)))
    members = [one for one in asked if isinstance(one, MemberWith)]
    if not members and asked.isdisjoint({caller, newcomer}):
        return None
    try:
        with database(request).reading() as session:
            who = caller_of(request, session)
            if members or caller in asked:
                settled(who)
            for one in members:
                one.admit(request, request.path_params["hds_id"], who, session)
    except Problem as refusal:
        return refusal
    return None
