"""Messages: the own notices and preferences, and the deliveries for who keeps an eye on them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request, Response

from api.audit import Act, record
from api.auth.access import Anyone, member
from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.messages import DELIVERY_STATES
from api.errors import Problem, problems
from api.etag import IfMatch, show_revision
from api.fields import Key
from api.messages import notices, repository
from api.messages.feed_routes import router as feeds
from api.messages.kinds import Wishes
from api.messages.phone_routes import router as phones
from api.messages.schemas import (
    DeliveryShown,
    DeliveryState,
    NoticePage,
    PreferencesShown,
    ReadMarks,
    Unread,
)
from api.messages.webhook_routes import router as webhooks
from api.paging import Page, PageCut, page_of
from api.room import room
from scheduler.messages import text

router = room("/hds/{hds_id}/messages", "messages")
ROUTERS = (router, feeds, webhooks, phones)

Keeper = Annotated[Member, Depends(member(Role.PLANNER, Role.ADMINISTRATOR))]
DeliveryId = Annotated[Key, Path(description="The number of the delivery.", examples=[7])]


@router.get("/mine", summary="The own notices, the newest first", responses=problems("bad_cursor"))
def mine(
    who: Anyone,
    session: ReadSession,
    cut: PageCut,
    unread: Annotated[bool, Query(description="Only those that are not read.")] = False,
) -> NoticePage:
    """What the caller was told at this HDS, in Dutch, with or without e-mail."""
    return notices.mine(session, who, cut, unread=unread)


@router.post("/mine/read", summary="Mark own notices as read")
def mark_read(who: Anyone, session: WriteSession, body: ReadMarks) -> Unread:
    """Those named, or all up to one; numbers of others are passed over."""
    return Unread(unread=notices.mark_read(session, who, body))


@router.get("/preferences", summary="What the caller is told, and how")
def preferences(request: Request, response: Response, who: Anyone, session: ReadSession) -> PreferencesShown:
    """By group of kinds; what was never chosen has its default."""
    wishes, revision = notices.wishes(session, who)
    return _shown(request, response, who, session, wishes, revision)


@router.put(
    "/preferences",
    summary="Choose what to be told, and how",
    responses=problems("malformed", "changed_meanwhile", "if_match_needed"),
)
def choose(
    request: Request, response: Response, who: Anyone, session: WriteSession, body: Wishes, if_match: IfMatch = None
) -> PreferencesShown:
    """Replaces all; a group that is left out gets its default."""
    revision = notices.choose(session, who, body, if_match)
    return _shown(request, response, who, session, body, revision)


def _shown(
    request: Request, response: Response, who: Member, session: ReadSession, wishes: Wishes, revision: int
) -> PreferencesShown:
    show_revision(response, revision)
    by_email = bool(request.app.state.settings.mail.host and repository.user(session, who.user_id).email)
    return PreferencesShown(**wishes.model_dump(), by_email=by_email)


@router.get("/deliveries", summary="Deliveries, the newest first", responses=problems("bad_cursor"))
def deliveries(
    who: Keeper,
    session: ReadSession,
    cut: PageCut,
    state: Annotated[DeliveryState | None, Query(description="Only those in this state.")] = None,
) -> Page[DeliveryShown]:
    """E-mail and webhooks: what was sent, what is tried again and when, and what failed and why."""
    rows = repository.deliveries(session, who.hds_id, cut, DELIVERY_STATES if state is None else (state,))
    return page_of(rows, cut, lambda row: (row[0].id,), delivery_shown)


@router.post(
    "/deliveries/{delivery_id}/retry",
    status_code=202,
    summary="Try a delivery again",
    responses=problems("not_found", "wrong_state"),
)
def retry(who: Keeper, session: WriteSession, delivery_id: DeliveryId) -> DeliveryShown:
    """One that failed or was dropped starts anew, one that waits is tried at once."""
    row = repository.delivery(session, delivery_id, hds_id=who.hds_id)
    if row is None:
        raise Problem("not_found")
    if row.state in ("sending", "sent"):
        raise Problem("wrong_state", text("messages.delivery_sent"))
    before = {"state": row.state, "attempts": row.attempts}
    if row.state != "waiting":
        row.state, row.attempts = "waiting", 0
    row.next_at = now()
    session.flush()
    record(session, who.hds_id, who.user_id, Act("delivery.retried", f"delivery/{row.id}", before=before))
    return delivery_shown(repository.shown_delivery(session, row.id))


def delivery_shown(found: Any) -> DeliveryShown:
    """A delivery as its keepers see it."""
    row, kind, gp_id = found
    due = row.next_at if row.state == "waiting" else None
    return DeliveryShown(
        id=row.id, kind=kind, channel=row.channel, user_id=row.user_id, gp_id=gp_id, webhook_id=row.webhook_id,
        state=row.state, attempts=row.attempts, last_error=row.last_error, created_at=local(row.created_at),
        next_at=None if due is None else local(due), sent_at=None if row.sent_at is None else local(row.sent_at),
    )  # fmt: skip
