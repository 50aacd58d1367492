"""Tariffs, what was really worked, and closed payment runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

HOUR_KINDS = ("evening", "night", "weekend", "holiday")
CERTAINTIES = ("stated", "secondary", "derived", "fictitious")


class TariffRow(Base):
    """A maximum rate that an HDS entered, in cents an hour; withdrawn rows stay as history."""

    __tablename__ = "tariff"
    __table_args__ = (
        CheckConstraint("cents_per_hour >= 0", "cents"),
        CheckConstraint("valid_until IS NULL OR valid_until >= valid_from", "in_order"),
        CheckConstraint(one_of("kind", HOUR_KINDS), "known_kind"),
        CheckConstraint(one_of("certainty", CERTAINTIES), "known_certainty"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    cents_per_hour: Mapped[int]
    source: Mapped[str]
    certainty: Mapped[str] = mapped_column(String(20))
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class Worked(Base):
    """A stretch of a duty that was really worked; all rows of a shift together replace its roster row."""

    __tablename__ = "worked"
    __table_args__ = (
        CheckConstraint("ends_at >= starts_at", "in_order"),
        ForeignKeyConstraint(["hds_id", "shift_id"], ["duty.hds_id", "duty.shift_id"]),
        Index("ix_worked_shift", "hds_id", "shift_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(String(64))
    shift_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class CallIn(Base):
    """Hours that a standby GP was called to work."""

    __tablename__ = "call_in"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "in_order"),
        ForeignKeyConstraint(["hds_id", "shift_id"], ["duty.hds_id", "duty.shift_id"]),
        Index("ix_call_in_shift", "hds_id", "shift_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(String(64))
    shift_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class PaymentRun(Base):
    """A closed payment run; its number, hash and files never change (held by the database)."""

    __tablename__ = "payment_run"
    __table_args__ = (UniqueConstraint("hds_id", "idempotency_key"), CheckConstraint("number >= 1", "number"))

    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    record: Mapped[dict[str, Any]]
    period_start: Mapped[date]
    period_end: Mapped[date]
    closed_on: Mapped[date]
    amount_cents: Mapped[int]
    paid_cents: Mapped[int]
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    closed_at: Mapped[datetime]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class PaymentRunFile(Base):
    """One file of a closed run, byte for byte as it was written."""

    __tablename__ = "payment_run_file"
    __table_args__ = (ForeignKeyConstraint(["hds_id", "number"], ["payment_run.hds_id", "payment_run.number"]),)

    hds_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(300), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
