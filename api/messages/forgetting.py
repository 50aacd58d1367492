"""What is held of messages goes with whom it is about, and after its term."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, String, cast, delete, or_, select
from sqlalchemy.orm import Session

from api.db.tables.calls import GpPhone
from api.db.tables.messages import Delivery, Feed, MessagePreference, NoticeRow
from api.db.tables.outbox import OutboxEvent
from api.words import as_json, says


def forget_gp(
    session: Session, hds_id: str, gp_number: int, gp_id: str, user_ids: Collection[int], names: Iterable[str] = ()
) -> None:  # fmt: skip
    """Delete telephone, feed, wishes, notices and deliveries of a GP at an HDS, and every event that names the GP."""
    session.execute(delete(GpPhone).where(GpPhone.hds_id == hds_id, GpPhone.gp_number == gp_number))
    for table in (Feed, NoticeRow, Delivery):
        of_gp = or_(table.gp_number == gp_number, table.user_id.in_(sorted(user_ids)))
        session.execute(delete(table).where(table.hds_id == hds_id, of_gp))
    session.execute(
        delete(MessagePreference).where(
            MessagePreference.hds_id == hds_id, MessagePreference.user_id.in_(sorted(user_ids))
        )
    )
    about = cast(OutboxEvent.about, String)
    mentions = or_(*(about.contains(f'"{one}"', autoescape=True) for one in as_json(gp_id)))
    session.execute(delete(OutboxEvent).where(OutboxEvent.hds_id == hds_id, mentions))
    for name in filter(None, names):
        written = or_(*(about.contains(one, autoescape=True) for one in as_json(name)))
        found = session.execute(
            select(OutboxEvent.id, OutboxEvent.about).where(OutboxEvent.hds_id == hds_id, written)
        )  # fmt: skip
        naming = [row.id for row in found if says(row.about, name)]
        session.execute(delete(OutboxEvent).where(OutboxEvent.id.in_(naming)))


def forget_old(session: Session, hds_id: str, until: datetime) -> int:
    """Delete events before `until` (aware) that everybody was told of, with what came of them; how many that were."""
    old = delete(OutboxEvent).where(
        OutboxEvent.hds_id == hds_id, OutboxEvent.created_at < until, OutboxEvent.spread_at.is_not(None)
    )
    result: CursorResult[Any] = session.execute(old)  # type: ignore[assignment]
    return result.rowcount
