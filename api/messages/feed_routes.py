"""The own calendar: its secret address, and the calendar itself for whoever has that address."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict

from api.auth.access import member
from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.sessions import ReadSession, WriteSession, database
from api.errors import Problem, problems
from api.fields import Moment
from api.messages import feed_repository, feeds
from api.room import room
from api.settings import Settings

router = room("", "messages")
TheGp = Annotated[Member, Depends(member(Role.GP))]
_CALENDAR = "text/calendar"
_CALENDAR_PATH = "/feeds/{secret}.ics"
_EXAMPLE = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//anw-rooster//NL\r\nEND:VCALENDAR\r\n"


class FeedShown(BaseModel):
    """That there is a feed, and since when; its address is shown once, when it is made."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"made_at": "2027-01-04T08:00:00+01:00"}]})

    made_at: Moment


class FeedMade(FeedShown):
    """A feed that was just made; who has `url` sees the duties, so it belongs in one's own calendar only."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "made_at": "2027-01-04T08:00:00+01:00",
                    "url": "https://rooster.example/api/v1/feeds/y3Jw0aZk5xTg1cVb7nQm2uEr4sLp6dHf8iKo9tWe0Xc.ics",
                }
            ]
        }
    )

    url: str


@router.post("/hds/{hds_id}/feed", status_code=201, summary="Make the own calendar feed")
def make_feed(request: Request, who: TheGp, session: WriteSession) -> FeedMade:
    """A secret address for calendar programs; an earlier one opens nothing from then on."""
    settings: Settings = request.app.state.settings
    feed, secret = feeds.make(session, who)
    url = f"{settings.base_url.rstrip('/')}{request.app.url_path_for('read_feed', secret=secret)}"
    return FeedMade(made_at=local(feed.made_at), url=url)


@router.get("/hds/{hds_id}/feed", summary="Is there an own calendar feed?", responses=problems("not_found"))
def show_feed(who: TheGp, session: ReadSession) -> FeedShown:
    """Since when there is one; 404 without."""
    feed = feed_repository.feed_of(session, who.hds_id, who.user_id)
    if feed is None:
        raise Problem("not_found")
    return FeedShown(made_at=local(feed.made_at))


@router.delete("/hds/{hds_id}/feed", status_code=204, summary="Revoke the own calendar feed")
def revoke_feed(who: TheGp, session: WriteSession) -> None:
    """Its address opens nothing any more; nothing happens where there is none."""
    feeds.revoke(session, who)


# calendar programs ask by HEAD whether it is there, and whether it changed
@router.head(_CALENDAR_PATH, response_class=Response, include_in_schema=False)
@router.get(
    _CALENDAR_PATH,
    summary="A calendar by its secret address",
    response_class=Response,
    responses={
        200: {"content": {_CALENDAR: {"schema": {"type": "string"}, "example": _EXAMPLE}}},
        304: {"description": "The caller has it already."},
        **problems("not_found"),
    },
)
def read_feed(
    request: Request,
    session: ReadSession,
    secret: Annotated[str, Path(max_length=200, description="The secret.", examples=["y3Jw0aZk5xTg"])],
    if_none_match: Annotated[str | None, Header(alias="If-None-Match", max_length=1000)] = None,
) -> Response:
    """The duties of one GP at one HDS (RFC 5545), without any other name; what was taken away stays as CANCELLED."""
    content = feeds.calendar(database(request), session, secret, now())
    if content is None:
        raise Problem("not_found")
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    known = {one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=_CALENDAR, headers=headers)
