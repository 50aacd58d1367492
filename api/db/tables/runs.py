"""Runs of the engine and the workers that do them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

RUN_STATES = ("queued", "running", "done", "failed", "cancelled")


class RegionRun(Base):
    """One run over many HDSs at once; its parts are the `roster_run` rows that name it."""

    __tablename__ = "region_run"
    __table_args__ = (
        CheckConstraint(one_of("state", RUN_STATES), "known_state"),
        UniqueConstraint("requested_by", "idempotency_key"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    request: Mapped[dict[str, Any]]
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    requested_at: Mapped[datetime]
    cancel_requested_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class RosterRun(Base):
    """One run of the engine on a dossier as it was when it was asked for (`snapshot`); its id is the workflow's.

    `start_version_id` is no foreign key: a version names its run, and two tables can't each be made first.
    """

    __tablename__ = "roster_run"
    __table_args__ = (
        CheckConstraint(one_of("state", RUN_STATES), "known_state"),
        UniqueConstraint("hds_id", "idempotency_key"),
        ForeignKeyConstraint(["hds_id", "dossier_id"], ["dossier.hds_id", "dossier.id"]),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    dossier_id: Mapped[int] = mapped_column(BigId)
    snapshot: Mapped[str] = mapped_column(ForeignKey("dossier_snapshot.sha256"))
    region_run_id: Mapped[str | None] = mapped_column(ForeignKey("region_run.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), default="queued")
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    request: Mapped[dict[str, Any]]
    start_version_id: Mapped[int | None] = mapped_column(BigId)
    progress: Mapped[dict[str, Any]] = mapped_column(default=dict)
    error_code: Mapped[str | None] = mapped_column(String(100))
    error_detail: Mapped[str | None]
    attempt: Mapped[int] = mapped_column(default=0)
    executor_id: Mapped[str | None] = mapped_column(String(100))
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    requested_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    cancel_requested_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class RunEvent(Base):
    """One step of progress of a run, in order; what the event stream sends."""

    __tablename__ = "run_event"

    run_id: Mapped[str] = mapped_column(ForeignKey("roster_run.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(20))
    payload: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class WorkerHeartbeat(Base):
    """A process that executes runs; `seen_at` is by the clock of the database."""

    __tablename__ = "worker_heartbeat"

    executor_id: Mapped[str] = mapped_column(String(100), primary_key=True)
    hostname: Mapped[str]
    version: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
