"""Repairs of the roster in force: asked for, worked out by a worker, proposed, and done once those concerned agree."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId, Json
from api.db.tables.people import one_of

STATES = (
    "queued", "running", "proposed", "asking", "applied", "refused", "expired", "withdrawn", "failed", "cancelled",
)  # fmt: skip
CAUSES = ("away", "open", "makes_room")


class Repair(Base):
    """One repair: `request` as it was asked, `proposal` the account of what was found (it names no GP).

    A worker that carries it out holds it until `lease_until` by the clock of the database, and renews that as long as
    it works; each taking up raises `attempt`. `expires_at`: when those asked must have answered.
    """

    __tablename__ = "repair"
    __table_args__ = (
        CheckConstraint(one_of("state", STATES), "known_state"),
        UniqueConstraint("hds_id", "idempotency_key"),
        ForeignKeyConstraint(["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"]),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    dossier_id: Mapped[int] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(20), default="queued", index=True)
    reason: Mapped[str]
    request: Mapped[dict[str, Any]]
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proposal: Mapped[dict[str, Any] | None] = mapped_column(Json)
    error_code: Mapped[str | None] = mapped_column(String(100))
    error_detail: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)
    executor_id: Mapped[str | None] = mapped_column(String(100))
    lease_until: Mapped[datetime | None]
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    decision: Mapped[str] = mapped_column(default="")
    expires_at: Mapped[datetime | None]


class RepairAway(Base):
    """A GP who is away in `[starts_at, ends_at)`; `reason` as it stands with the absence."""

    __tablename__ = "repair_away"
    __table_args__ = (CheckConstraint("ends_at > starts_at", "in_order"),)

    repair_id: Mapped[str] = mapped_column(ForeignKey("repair.id", ondelete="CASCADE"), primary_key=True)
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), primary_key=True, index=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class RepairChange(Base):
    """One shift that changes hands by a proposal; no taker: it stays open. `duty_revision` is what was seen of it."""

    __tablename__ = "repair_change"
    __table_args__ = (CheckConstraint(one_of("cause", CAUSES), "known_cause"),)

    repair_id: Mapped[str] = mapped_column(ForeignKey("repair.id", ondelete="CASCADE"), primary_key=True)
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    from_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"), index=True)
    to_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"), index=True)
    cause: Mapped[str] = mapped_column(String(20))
    room_for: Mapped[list[str]] = mapped_column(Json)
    duty_revision: Mapped[int]


class RepairConsent(Base):
    """A GP whose published shifts a repair would move, and whether that GP agrees; None: no answer yet."""

    __tablename__ = "repair_consent"

    repair_id: Mapped[str] = mapped_column(ForeignKey("repair.id", ondelete="CASCADE"), primary_key=True)
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), primary_key=True, index=True)
    agreed: Mapped[bool | None]
    answered_at: Mapped[datetime | None]


class RepairEvent(Base):
    """One step of a repair, in order; what the event stream sends."""

    __tablename__ = "repair_event"

    repair_id: Mapped[str] = mapped_column(ForeignKey("repair.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]
