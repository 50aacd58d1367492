"""The round that leads to a roster: its phases with their dates, who handed in, and what was done in them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

ROUND_STATES = ("running", "published", "cancelled")
PHASES = ("registration", "making", "draft_published", "free_locums", "closing", "published")
STEPS = ("given_back", "picked_up", "assigned")
_RUNNING = text("state = 'running'")


class PlanningRound(Base):
    """One round of one dossier, one running at a time; `version_id` is the draft that was picked.

    `choices` are those of the HDS when it was opened, as the planner changed them since. `planner_id` is who opened or
    last moved it.
    """

    __tablename__ = "planning_round"
    __table_args__ = (
        CheckConstraint(one_of("state", ROUND_STATES), "known_state"),
        ForeignKeyConstraint(["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"]),
        ForeignKeyConstraint(["hds_id", "version_id"], ["roster_version.hds_id", "roster_version.id"]),
        Index(
            "uq_planning_round_running", "dossier_id", unique=True,
            postgresql_where=_RUNNING, sqlite_where=_RUNNING,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    dossier_id: Mapped[int] = mapped_column(BigId)
    version_id: Mapped[int | None] = mapped_column(BigId)
    state: Mapped[str] = mapped_column(String(20), default="running")
    choices: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    planner_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class PlanningPhase(Base):
    """One phase of a round: when it is to open and close, when it did, and what came of it (counts and ids)."""

    __tablename__ = "planning_phase"
    __table_args__ = (
        CheckConstraint(one_of("name", PHASES), "known_phase"),
        CheckConstraint("closes_at IS NULL OR closes_at > opens_at", "in_order"),
    )

    round_id: Mapped[int] = mapped_column(
        ForeignKey("planning_round.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    skipped: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(default=dict)


class PlanningStep(Base):
    """A shift of the draft that was given back, picked up or assigned; `figures` say why it went to this GP."""

    __tablename__ = "planning_step"
    __table_args__ = (
        CheckConstraint(one_of("kind", STEPS), "known_kind"),
        CheckConstraint(one_of("phase", PHASES), "known_phase"),
        Index("ix_planning_step_gp", "round_id", "gp_number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("planning_round.id", ondelete="CASCADE"))
    phase: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    shift_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"))
    version_id: Mapped[int] = mapped_column(ForeignKey("roster_version.id"))
    minutes: Mapped[int]
    figures: Mapped[dict[str, Any]] = mapped_column(default=dict)
    done_at: Mapped[datetime]


class OwnWindow(Base):
    """When GPs may change what they hand in for a dossier; without a row they always may.

    The room of the round keeps it, the room of dossiers minds it. None: not at any time.
    """

    __tablename__ = "own_window"

    dossier_id: Mapped[int] = mapped_column(
        ForeignKey("dossier.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]


class HandedIn(Base):
    """A GP handed something in for a dossier, or said that there is nothing to hand in; `last_at` is the latest."""

    __tablename__ = "handed_in"

    dossier_id: Mapped[int] = mapped_column(
        ForeignKey("dossier.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), primary_key=True, index=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    changes: Mapped[int] = mapped_column(default=0)
    ready_at: Mapped[datetime | None]
