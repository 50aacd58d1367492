"""Queries on the audit trail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from api.db.tables.audit import AuditDetail, AuditEntry, AuditHead
from api.db.tables.people import Gp, User


@dataclass(frozen=True)
class Wanted:
    """Which links are asked for; None: any. Moments are aware, `until` is not included."""

    subject: str | None = None
    action: str | None = None
    actor_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    gp_id: str | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same as conditions on entries, details and GPs."""
        asked = (
            (self.subject, AuditEntry.subject == self.subject),
            (self.action, AuditEntry.action == self.action),
            (self.actor_id, AuditEntry.actor_id == self.actor_id),
            (self.gp_id, Gp.gp_id == self.gp_id),
        )
        found = [condition for value, condition in asked if value is not None]
        if self.since is not None:
            found.append(AuditEntry.at >= self.since)
        if self.until is not None:
            found.append(AuditEntry.at < self.until)
        return found


def entries(session: Session, chain: str, wanted: Wanted, before_seq: int | None, limit: int) -> Sequence[Any]:
    """Links of a chain, the newest first, each with its details, actor and GP."""
    detail = AuditDetail
    query = (
        select(
            AuditEntry.__table__, User.display_name, User.username, Gp.gp_id,
            detail.salt, detail.before, detail.after, detail.reason,
        )
        .outerjoin(detail, and_(detail.chain == AuditEntry.chain, detail.seq == AuditEntry.seq))
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .outerjoin(Gp, and_(Gp.number == detail.gp_number, Gp.hds_id == AuditEntry.chain))
        .where(AuditEntry.chain == chain, *wanted.conditions())
        .order_by(AuditEntry.seq.desc())
        .limit(limit)
    )  # fmt: skip
    if before_seq is not None:
        query = query.where(AuditEntry.seq < before_seq)
    return session.execute(query).all()


def head(session: Session, chain: str) -> AuditHead | None:
    """The last link of a chain, as the chain itself keeps it."""
    found = session.get(AuditHead, chain)
    return found if found and found.seq else None
