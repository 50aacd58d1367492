"""What the routers of all rooms have in common."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.routing import APIRoute

from api.errors import ProblemDetails

PREFIX = "/api/v1"
"""Before every path of the API."""


def room(path: str = "", *tags: str, route_class: type[APIRoute] = APIRoute) -> APIRouter:
    """A router for the paths under `path`, whole from the start: included into another one it would be built twice."""
    return APIRouter(
        prefix=f"{PREFIX}{path}",
        tags=list(tags),
        route_class=route_class,
        responses={"default": {"model": ProblemDetails, "content": {"application/problem+json": {}}}},
    )
