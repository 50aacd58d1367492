"""Versions of the roster, what was published, and the duties in force."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.dossier import BURDENS, ROLES
from api.db.tables.people import one_of

ORIGINS = ("run", "import", "edit", "rollback", "repair")
STATES = ("draft", "published", "superseded", "discarded")


class Snapshot(Base):
    """A dossier exactly as a version was made and judged with it: gzipped JSON, under its own SHA-256."""

    __tablename__ = "dossier_snapshot"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class RosterVersion(Base):
    """One version of the roster of a dossier; `proof` holds what the run proved, `figures` what was measured."""

    __tablename__ = "roster_version"
    __table_args__ = (
        UniqueConstraint("dossier_id", "number"),
        UniqueConstraint("hds_id", "id"),
        ForeignKeyConstraint(["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"]),
        CheckConstraint(one_of("origin", ORIGINS), "known_origin"),
        CheckConstraint(one_of("state", STATES), "known_state"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    dossier_id: Mapped[int] = mapped_column(BigId)
    number: Mapped[int]
    snapshot: Mapped[str] = mapped_column(ForeignKey("dossier_snapshot.sha256"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("roster_version.id"))
    run_id: Mapped[str | None] = mapped_column(ForeignKey("roster_run.id"), unique=True)
    origin: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    note: Mapped[str] = mapped_column(default="")
    figures: Mapped[dict[str, Any]]
    proof: Mapped[dict[str, Any]] = mapped_column(default=dict)
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class Assignment(Base):
    """One shift of one version with its GP (none: unfilled); the database refuses a GP on overlapping shifts."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "in_order"),
        CheckConstraint(one_of("role", ROLES), "known_role"),
        CheckConstraint(one_of("burden", BURDENS), "known_burden"),
        CheckConstraint("trainee_number IS NULL OR gp_number IS NOT NULL", "trainee_beside_gp"),
        CheckConstraint("NOT locked OR gp_number IS NOT NULL", "lock_holds_a_gp"),
        Index("ix_assignment_gp", "version_id", "gp_number", "starts_at"),
    )

    version_id: Mapped[int] = mapped_column(
        ForeignKey("roster_version.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    post_id: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    burden: Mapped[str] = mapped_column(String(20))
    is_night: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    gp_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"))
    trainee_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"))
    locked: Mapped[bool] = mapped_column(default=False)


class Publication(Base):
    """One act of publishing: `version` is in force for shifts that start on or after `freeze_from` (local date).

    `outcome` counts what it changed; `violations` are the broken rules that were accepted with `reason`.
    """

    __tablename__ = "publication"
    __table_args__ = (
        UniqueConstraint("hds_id", "number"),
        UniqueConstraint("hds_id", "idempotency_key"),
        UniqueConstraint("hds_id", "id"),
        ForeignKeyConstraint(["hds_id", "version_id"], ["roster_version.hds_id", "roster_version.id"]),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    number: Mapped[int]
    version_id: Mapped[int] = mapped_column(BigId)
    freeze_from: Mapped[date]
    reason: Mapped[str] = mapped_column(default="")
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)
    violations: Mapped[dict[str, Any]] = mapped_column(default=dict)
    published_at: Mapped[datetime]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class PublishedDuty(Base):
    """Who was responsible for a shift by one publication; never changed and never deleted (held by the database)."""

    __tablename__ = "published_duty"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id"), primary_key=True, autoincrement=False)
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    gp_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"))


class Duty(Base):
    """A shift of the roster in force: who performs it now, and who was responsible when it was published.

    `responsible_number` changes with `publication_id` only, and no performer has two overlapping duties (both held
    by the database). `revision` goes up with every change.
    """

    __tablename__ = "duty"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "in_order"),
        CheckConstraint(one_of("role", ROLES), "known_role"),
        CheckConstraint(one_of("burden", BURDENS), "known_burden"),
        CheckConstraint("trainee_number IS NULL OR performer_number IS NOT NULL", "trainee_beside_gp"),
        ForeignKeyConstraint(["hds_id", "publication_id"], ["publication.hds_id", "publication.id"]),
        ForeignKeyConstraint(["hds_id", "performer_number"], ["gp.hds_id", "gp.number"]),
        ForeignKeyConstraint(["hds_id", "responsible_number"], ["gp.hds_id", "gp.number"]),
        Index("ix_duty_performer", "hds_id", "performer_number", "starts_at"),
        Index("ix_duty_performing", "performer_number", "starts_at"),
        Index("ix_duty_responsible", "hds_id", "responsible_number", "starts_at"),
        Index("ix_duty_trainee", "hds_id", "trainee_number", "starts_at"),
        Index("ix_duty_start", "hds_id", "starts_at", "shift_id"),
    )

    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), primary_key=True)
    shift_id: Mapped[str] = mapped_column(String(300), primary_key=True)
    publication_id: Mapped[int] = mapped_column(BigId)
    dossier_id: Mapped[int] = mapped_column(ForeignKey("dossier.id"))
    post_id: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    burden: Mapped[str] = mapped_column(String(20))
    is_night: Mapped[bool]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    performer_number: Mapped[int | None] = mapped_column(BigId)
    responsible_number: Mapped[int | None] = mapped_column(BigId)
    trainee_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"))
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
