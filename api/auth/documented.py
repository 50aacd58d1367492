"""What the documentation of the API tells of who may call: added to it afterwards, so that no request pays for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from api.auth import cookies
from api.auth.access import MemberWith, caller, newcomer

SCHEMES = {
    "token": {"type": "http", "scheme": "bearer", "description": "A bearer token, made at `/tokens`."},
    "session": {
        "type": "apiKey", "in": "cookie", "name": cookies.SESSION,
        "description": "The cookie of a session; a change also needs its `X-CSRF-Token`.",
    },
}  # fmt: skip


def describe_security(document: dict[str, Any], routes: Iterable[BaseRoute]) -> None:
    """Tell in an OpenAPI document which of `routes` need somebody who logged in."""
    document.setdefault("components", {})["securitySchemes"] = SCHEMES
    for route in routes:
        if not isinstance(route, APIRoute) or not route.include_in_schema or not needs_login(route.dependant):
            continue
        for method in route.methods or ():
            document["paths"][route.path_format][method.lower()]["security"] = [{name: []} for name in SCHEMES]


def needs_login(dependant: Dependant | None) -> bool:
    """Whether a route asks who is calling."""
    return any(isinstance(one, MemberWith) or one in (caller, newcomer) for one in calls_of(dependant))


def calls_of(dependant: Dependant | None) -> Iterator[Callable[..., Any]]:
    """Everything that is called to serve a route: the route itself and what it depends on."""
    if dependant is None:
        return
    if dependant.call is not None:
        yield dependant.call
    for one in dependant.dependencies:
        yield from calls_of(one)
