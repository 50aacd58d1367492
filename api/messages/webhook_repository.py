"""Every query on webhooks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from api.db.tables.messages import Delivery, Webhook


def webhook(session: Session, hds_id: str, webhook_id: int, *, lock: bool = False) -> Webhook | None:
    """One webhook of the HDS."""
    found = select(Webhook).where(Webhook.hds_id == hds_id, Webhook.id == webhook_id)
    return session.scalar(found.with_for_update() if lock else found)


def webhooks(session: Session, hds_id: str) -> Sequence[Webhook]:
    """Every webhook of the HDS, in the order in which they were made."""
    return session.scalars(select(Webhook).where(Webhook.hds_id == hds_id).order_by(Webhook.id)).all()


def count_webhooks(session: Session, hds_id: str) -> int:
    """How many webhooks the HDS has."""
    return session.scalar(select(func.count()).select_from(Webhook).where(Webhook.hds_id == hds_id)) or 0


def put_off(session: Session, webhook_id: int, until: datetime) -> None:
    """Try nothing that waits for a webhook before `until` (aware)."""
    waiting = (Delivery.webhook_id == webhook_id, Delivery.state == "waiting", Delivery.next_at < until)
    session.execute(update(Delivery).where(*waiting).values(next_at=until))
