"""The systems of an HDS that are told: made, changed, given a new secret, tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now
from api.db.tables.messages import Delivery, Webhook
from api.db.tables.outbox import OutboxEvent
from api.errors import Problem
from api.etag import require_match
from api.messages import webhook_repository as repository
from api.messages.calling import fault_of
from api.messages.kinds import kinds
from api.messages.schemas import WebhookAsked, WebhookChange
from api.messages.signing import new_salt, secret_of
from api.settings import Settings
from api.users.repository import name_here
from scheduler.messages import text

MOST = 20
FORMER_SIGNS = timedelta(hours=24)
"""How long a secret that was replaced signs too, so that the system can change over without a gap."""
PING = "ping"


def make(session: Session, member: Member, settings: Settings, asked: WebhookAsked) -> tuple[Webhook, str]:
    """A webhook with its secret; raises Problem `malformed` with every mistake, `conflict` for a URL twice."""
    _require_sound(settings, asked.url, asked.kinds)
    if repository.count_webhooks(session, member.hds_id) >= MOST:
        raise Problem("wrong_state", text("messages.too_many_webhooks", most=MOST))
    at = now()
    row = Webhook(
        hds_id=member.hds_id, url=asked.url, kinds=sorted(set(asked.kinds)), salt=new_salt(), created_at=at,
        changed_at=at, changed_by=member.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    record(session, member.hds_id, member.user_id, Act("webhook.made", _subject(row), after=_told(row)))
    return row, secret_of(settings, row.salt)


def found(session: Session, member: Member, webhook_id: int, *, lock: bool = False) -> Webhook:
    """A webhook of the HDS; raises Problem `not_found`."""
    row = repository.webhook(session, member.hds_id, webhook_id, lock=lock)
    if row is None:
        raise Problem("not_found")
    return row


def change(
    session: Session, member: Member, settings: Settings, webhook_id: int, wish: WebhookChange, if_match: str | None
) -> Webhook:
    """Change a webhook that the member saw; raises Problem `malformed`, `changed_meanwhile`, `if_match_needed`."""
    row = found(session, member, webhook_id, lock=True)
    by = name_here(session, member.hds_id, row.changed_by) or text("users.somebody")
    require_match(if_match, row.revision, by, row.changed_at)
    before = _told(row)
    row.url = row.url if wish.url is None else wish.url
    row.kinds = row.kinds if wish.kinds is None else sorted(set(wish.kinds))
    _require_sound(settings, row.url, wish.kinds or ())
    if wish.active is not None:
        row.active = wish.active
        row.failing_since = row.disabled_at = None
    _touch(row, member)
    session.flush()
    act = Act("webhook.changed", _subject(row), before=before, after=_told(row))
    record(session, member.hds_id, member.user_id, act)
    return row


def remove(session: Session, member: Member, webhook_id: int) -> None:
    """Remove a webhook with what waits for it."""
    row = found(session, member, webhook_id, lock=True)
    session.delete(row)
    session.flush()
    record(session, member.hds_id, member.user_id, Act("webhook.removed", f"webhook/{webhook_id}", before=_told(row)))


def rotate(session: Session, member: Member, settings: Settings, webhook_id: int) -> tuple[Webhook, str]:
    """Give a webhook a new secret; the former one signs beside it for a day."""
    row = found(session, member, webhook_id, lock=True)
    row.former_salt, row.former_until, row.salt = row.salt, now() + FORMER_SIGNS, new_salt()
    _touch(row, member)
    session.flush()
    record(session, member.hds_id, member.user_id, Act("webhook.rotated", _subject(row)))
    return row, secret_of(settings, row.salt)


def ping(session: Session, member: Member, webhook_id: int) -> int:
    """Have a system called with an event that says nothing; the number of the delivery, by which it is followed."""
    row = found(session, member, webhook_id)
    if not row.active:
        raise Problem("wrong_state", text("messages.webhook_off"))
    at = now()
    about = {"webhook_id": row.id}
    event = OutboxEvent(hds_id=row.hds_id, kind=PING, about=about, gp_numbers=[], created_at=at, spread_at=at)
    session.add(event)
    session.flush()
    sent = Delivery(
        event_id=event.id, hds_id=row.hds_id, channel="webhook", webhook_id=row.id, next_at=at, created_at=at
    )  # fmt: skip
    session.add(sent)
    session.flush()
    record(session, member.hds_id, member.user_id, Act("webhook.tested", _subject(row)))
    return sent.id


def _touch(row: Webhook, member: Member) -> None:
    row.revision, row.changed_at, row.changed_by = row.revision + 1, now(), member.user_id


def _require_sound(settings: Settings, url: str, asked: Sequence[str]) -> None:
    known, mistakes = kinds(), list[dict[str, Any]]()
    if fault := fault_of(url, development=settings.development, inside=settings.webhooks_inside):
        mistakes.append({"place": ["body", "url"], "expected": text(f"messages.{fault}"), "kind": fault})
    expected = text("messages.unknown_kind", kinds=", ".join(sorted(known)))
    mistakes += [
        {"place": ["body", "kinds", str(place)], "expected": expected, "kind": "unknown"}
        for place, kind in enumerate(asked)
        if kind not in known
    ]
    if mistakes:
        raise Problem("malformed", text("problems.mistakes", count=len(mistakes)), errors=mistakes)


def _subject(row: Webhook) -> str:
    return f"webhook/{row.id}"


def _told(row: Webhook) -> dict[str, Any]:
    """For the audit trail; what stands after the host may be a secret of the other side."""
    return {"host": urlsplit(row.url).netloc, "kinds": row.kinds, "active": row.active}
