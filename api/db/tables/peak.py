"""Extra shifts opened after publication, standbys called in for them, and open shifts that everybody may take."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

KINDS = ("peak", "refill")


class Escalation(Base):
    """One decision to open extra shifts or to call standbys in: for a peak, or to refill a standby that was called."""

    __tablename__ = "escalation"
    __table_args__ = (
        CheckConstraint(one_of("kind", KINDS), "known_kind"),
        UniqueConstraint("hds_id", "id"),
        UniqueConstraint("hds_id", "idempotency_key"),
        ForeignKeyConstraint(["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"]),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    dossier_id: Mapped[int] = mapped_column(BigId)
    kind: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str]
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class ExtraShift(Base):
    """A shift that an escalation put in force; it stays on record once it is closed and its duty is gone."""

    __tablename__ = "extra_shift"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "escalation_id"], ["escalation.hds_id", "escalation.id"]),
        Index("ix_extra_shift_dossier", "dossier_id"),
        Index("ix_extra_shift_escalation", "escalation_id"),
    )

    hds_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    escalation_id: Mapped[int] = mapped_column(BigId)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    shift_type_id: Mapped[str] = mapped_column(String(200))
    post_id: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class EscalationCall(Base):
    """A standby called in for a shift on behalf of an escalation; the hours that are paid stand in `call_in`."""

    __tablename__ = "escalation_call"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "escalation_id"], ["escalation.hds_id", "escalation.id"]),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        CheckConstraint("ends_at > starts_at", "in_order"),
        UniqueConstraint("hds_id", "shift_id", "standby_id"),
        Index("ix_escalation_call_escalation", "escalation_id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(String(64))
    escalation_id: Mapped[int] = mapped_column(BigId)
    shift_id: Mapped[str] = mapped_column(String(300))
    standby_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int] = mapped_column(BigId, index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    called_at: Mapped[datetime]


class OpenOffer(Base):
    """An open shift that everybody who may legally do it is asked to take; gone with the duty itself.

    `told_until`: the classes of GPs that were let in until then have been told.
    """

    __tablename__ = "open_offer"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "shift_id"], ["duty.hds_id", "duty.shift_id"], ondelete="CASCADE"),
    )

    hds_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    offered_at: Mapped[datetime]
    offered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    told_until: Mapped[datetime]
