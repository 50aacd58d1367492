"""What is held of messages goes with whom it is about, and after its term."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, String, cast, delete, or_
from sqlalchemy.orm import Session

from api.db.tables.messages import Delivery, Feed, MessagePreference, NoticeRow
from api.db.tables.outbox import OutboxEvent


def forget_gp(session: Session, hds_id: str, gp_number: int, gp_id: str, user_ids: Collection[int]) -> None:
    """Delete the feed, wishes, notices and deliveries of a GP at an HDS, and every event that is about the GP."""
    for table in (Feed, NoticeRow, Delivery):
        of_gp = or_(table.gp_number == gp_number, table.user_id.in_(sorted(user_ids)))
        session.execute(delete(table).where(table.hds_id == hds_id, of_gp))
    session.execute(
        delete(MessagePreference).where(
            MessagePreference.hds_id == hds_id, MessagePreference.user_id.in_(sorted(user_ids))
        )
    )
    about = cast(OutboxEvent.about, String)
    # one database keeps JSON with signs beyond ASCII escaped, the other as they are
    named = {json.dumps(gp_id, ensure_ascii=escaped) for escaped in (True, False)}
    mentions = or_(*(about.contains(one, autoescape=True) for one in sorted(named)))
    session.execute(delete(OutboxEvent).where(OutboxEvent.hds_id == hds_id, mentions))


def forget_old(session: Session, hds_id: str, until: datetime) -> int:
    """Delete events before `until` (aware) that everybody was told of, with what came of them; how many that were."""
    old = delete(OutboxEvent).where(
        OutboxEvent.hds_id == hds_id, OutboxEvent.created_at < until, OutboxEvent.spread_at.is_not(None)
    )
    result: CursorResult[Any] = session.execute(old)  # type: ignore[assignment]
    return result.rowcount
