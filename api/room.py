"""What the routers of all rooms have in common."""

from __future__ import annotations

from fastapi import APIRouter

from api.errors import ProblemDetails

PREFIX = "/api/v1"
"""Before every path of the API."""


def room(path: str = "", *tags: str) -> APIRouter:
    """A router for the paths under `path`, whole from the start: included into another one it would be built twice."""
    return APIRouter(
        prefix=f"{PREFIX}{path}",
        tags=list(tags),
        responses={"default": {"model": ProblemDetails, "content": {"application/problem+json": {}}}},
    )
