"""Forgetting illness: who was ill, and what was said about it, is kept no longer than absences are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CursorResult, delete, update
from sqlalchemy.orm import Session

from api.db.tables.sickness import SicknessAsk, SicknessReport


def forget_old_illness(session: Session, hds_id: str, until: datetime) -> int:
    """Delete the reports that ended before `until`, with their cases; how many. What was paid and audited stays."""
    old = delete(SicknessReport).where(
        SicknessReport.hds_id == hds_id, SicknessReport.state != "active", SicknessReport.seen_until < until
    )
    result: CursorResult[Any] = session.execute(old)  # type: ignore[assignment]
    return result.rowcount


def forget_illness_of(session: Session, hds_id: str, number: int) -> None:
    """Delete what tells that a GP was ill, and the GP's own words."""
    session.execute(delete(SicknessReport).where(SicknessReport.hds_id == hds_id, SicknessReport.gp_number == number))
    session.execute(update(SicknessAsk).where(SicknessAsk.gp_number == number).values(words=""))
