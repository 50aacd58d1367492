"""Revisions in the manner of HTTP: an ETag with each answer, If-Match with each change."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Header, Response

from api.clock import local
from api.errors import Problem
from scheduler.messages import text

IfMatch = Annotated[str | None, Header(alias="If-Match", description="The ETag of what you saw; `*` for any.")]


def etag(revision: int | str) -> str:
    """The ETag of a revision, or of a digest of the content."""
    return f'"{revision}"'


def show_revision(response: Response, revision: int | str) -> None:
    """Put the ETag on an answer."""
    response.headers["ETag"] = etag(revision)


def require_match(if_match: str | None, revision: int | str, changed_by: str, changed_at: datetime) -> None:
    """Refuse a change of something that changed meanwhile (412, telling who changed it), or without If-Match (428)."""
    if if_match is None:
        raise Problem("if_match_needed", text("problems.detail.if_match"))
    seen = {one.strip().removeprefix("W/") for one in if_match.split(",")}
    if "*" in seen or etag(revision) in seen:
        return
    moment = local(changed_at)
    raise Problem(
        "changed_meanwhile",
        text("problems.detail.changed", who=changed_by, when=f"{moment:%d-%m-%Y %H:%M}"),
        headers={"ETag": etag(revision)},
        changed_by=changed_by,
        changed_at=moment.isoformat(),
    )
