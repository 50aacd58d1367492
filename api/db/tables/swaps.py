"""Duties offered to others, and the deals by which they change hands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId, Json
from api.db.tables.people import one_of

AUDIENCES = ("colleague", "practice", "all")
OFFER_STATES = ("open", "proposed", "awaiting_planner", "done", "withdrawn", "refused", "expired")
DEAL_KINDS = ("handover", "exchange", "ring")
DEAL_STATES = ("proposed", "awaiting_planner", "done", "withdrawn", "refused", "expired")
LIVE = "state IN ('open', 'proposed', 'awaiting_planner')"


class SwapOffer(Base):
    """A duty that its performer would give away, for nothing or for one of those `wanted`; once at a time."""

    __tablename__ = "swap_offer"
    __table_args__ = (
        CheckConstraint(one_of("audience", AUDIENCES), "known_audience"),
        CheckConstraint(one_of("state", OFFER_STATES), "known_state"),
        CheckConstraint("(audience = 'colleague') = (colleague_number IS NOT NULL)", "colleague_named"),
        ForeignKeyConstraint(["hds_id", "shift_id"], ["duty.hds_id", "duty.shift_id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        ForeignKeyConstraint(["hds_id", "colleague_number"], ["gp.hds_id", "gp.number"]),
        Index(
            "uq_swap_offer_live", "hds_id", "shift_id", unique=True,
            postgresql_where=text(LIVE), sqlite_where=text(LIVE),
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    shift_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int] = mapped_column(BigId, index=True)
    wanted: Mapped[dict[str, Any] | None] = mapped_column(Json)
    audience: Mapped[str] = mapped_column(String(20))
    colleague_number: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(20), default="open")
    note: Mapped[str] = mapped_column(default="")
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SwapDeal(Base):
    """Duties that change hands together, once everybody concerned agrees: a handover, an exchange or a ring."""

    __tablename__ = "swap_deal"
    __table_args__ = (
        CheckConstraint(one_of("kind", DEAL_KINDS), "known_kind"),
        CheckConstraint(one_of("state", DEAL_STATES), "known_state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="proposed")
    reason: Mapped[str] = mapped_column(default="")
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class SwapMove(Base):
    """One duty of a deal: from who performs it to who takes it."""

    __tablename__ = "swap_move"
    __table_args__ = (
        CheckConstraint("from_number <> to_number", "to_somebody_else"),
        Index("ix_swap_move_shift", "shift_id"),
    )

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("swap_deal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    from_number: Mapped[int] = mapped_column(ForeignKey("gp.number"))
    to_number: Mapped[int] = mapped_column(ForeignKey("gp.number"))
    offer_id: Mapped[int | None] = mapped_column(ForeignKey("swap_offer.id", ondelete="SET NULL"), index=True)


class SwapConsent(Base):
    """Whether one GP of a deal agrees; None: not asked or not answered yet."""

    __tablename__ = "swap_consent"

    deal_id: Mapped[int] = mapped_column(
        ForeignKey("swap_deal.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), primary_key=True, index=True)
    agreed: Mapped[bool | None]
    answered_at: Mapped[datetime | None]


class SwapQuestions(Base):
    """How many questions about swaps a user asked since a moment, for the limit on them."""

    __tablename__ = "swap_questions"
    __table_args__ = (CheckConstraint("asked >= 1", "asked"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    since: Mapped[datetime]
    asked: Mapped[int]
