"""The audit trail: a chain of hashes for each HDS, with the personal details beside it so that they can be erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId


class AuditHead(Base):
    """The last link of a chain; locking this row puts writers of one chain in a row."""

    __tablename__ = "audit_head"

    chain: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))


class AuditEntry(Base):
    """One link: who did what to which subject, and digests of the details; append-only (held by the database)."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_subject", "chain", "subject"),)

    chain: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(BigId)
    action: Mapped[str] = mapped_column(String(100))
    subject: Mapped[str] = mapped_column(String(300))
    detail_hash: Mapped[str] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)


class AuditDetail(Base):
    """What was before and after, and why; with its salt in the digest of the link, so that erasing it tells nothing."""

    __tablename__ = "audit_detail"
    __table_args__ = (ForeignKeyConstraint(["chain", "seq"], ["audit_entry.chain", "audit_entry.seq"]),)

    chain: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    reason: Mapped[str] = mapped_column(default="")
    gp_number: Mapped[int | None] = mapped_column(BigId, index=True)
