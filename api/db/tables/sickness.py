"""Who reported sick, which duties lost their GP by that, and what was done to have them covered."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

REPORT_STATES = ("active", "recovered", "over")
CASE_KINDS = ("duty", "refill")
OPEN_STATES = ("waiting", "asking", "planner")
CASE_STATES = (*OPEN_STATES, "covered", "taken_back", "closed")
ASK_STATES = ("asked", "agreed", "refused", "expired", "withdrawn")
_OPEN = text(one_of("state", OPEN_STATES))


class SicknessReport(Base):
    """A GP who cannot come: to one shift, or from one moment to another (`ends_at` None: not known yet).

    `seen_until`: up to where duties of an unknown period were freed. That somebody is ill is all that is kept of why.
    """

    __tablename__ = "sickness_report"
    __table_args__ = (
        CheckConstraint(one_of("state", REPORT_STATES), "known_state"),
        CheckConstraint("ends_at IS NULL OR ends_at > starts_at", "in_order"),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        UniqueConstraint("hds_id", "reported_by", "idempotency_key"),
        Index("ix_sickness_report_gp", "hds_id", "gp_number", "starts_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    gp_number: Mapped[int] = mapped_column(BigId, index=True)
    shift_id: Mapped[str | None] = mapped_column(String(300))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    seen_until: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="active")
    recovered_at: Mapped[datetime | None]
    reported_at: Mapped[datetime]
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    changed_at: Mapped[datetime]


class SicknessAbsence(Base):
    """The row of a dossier that says the same to the rules."""

    __tablename__ = "sickness_absence"

    report_id: Mapped[int] = mapped_column(
        ForeignKey("sickness_report.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    dossier_id: Mapped[int] = mapped_column(
        ForeignKey("dossier.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    row_id: Mapped[int] = mapped_column(BigId)


class SicknessCase(Base):
    """One shift that lost its GP, or a standby (`refill`) whose GP was called away; one open case a shift at a time.

    `gp_number`: who cannot, or was called away. `since`: from when it needs somebody, after its start where it had
    begun. `next_at`: when something is to be done about it of its own accord. The shift is named without a tie to the
    roster in force, so that what happened stays when the shift goes.
    """

    __tablename__ = "sickness_case"
    __table_args__ = (
        CheckConstraint(one_of("kind", CASE_KINDS), "known_kind"),
        CheckConstraint(one_of("state", CASE_STATES), "known_state"),
        CheckConstraint("ends_at > starts_at", "in_order"),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        ForeignKeyConstraint(["hds_id", "covered_by"], ["gp.hds_id", "gp.number"]),
        Index("uq_sickness_case_open", "hds_id", "shift_id", unique=True, postgresql_where=_OPEN, sqlite_where=_OPEN),
        Index("ix_sickness_case_start", "hds_id", "starts_at", "id"),
        Index("ix_sickness_case_next", "next_at"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"))
    report_id: Mapped[int] = mapped_column(ForeignKey("sickness_report.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20), default="duty")
    shift_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int] = mapped_column(BigId, index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    since: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20))
    cause: Mapped[str] = mapped_column(String(40), default="")
    covered_by: Mapped[int | None] = mapped_column(BigId, index=True)
    reason: Mapped[str] = mapped_column(default="")
    next_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=1)


class SicknessAsk(Base):
    """One GP who was asked to take a shift: in which place of the list, until when, and what the answer was."""

    __tablename__ = "sickness_ask"
    __table_args__ = (
        CheckConstraint(one_of("state", ASK_STATES), "known_state"),
        UniqueConstraint("case_id", "gp_number"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("sickness_case.id", ondelete="CASCADE"))
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), index=True)
    place: Mapped[int]
    state: Mapped[str] = mapped_column(String(20), default="asked")
    words: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class SicknessCall(Base):
    """A standby called in for (a part of) a shift; `ended_at`: when that was undone, as the standby fell ill too."""

    __tablename__ = "sickness_call"
    __table_args__ = (CheckConstraint("ends_at > starts_at", "in_order"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("sickness_case.id", ondelete="CASCADE"), index=True)
    standby_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    called_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class SicknessStep(Base):
    """What happened with a case, and when."""

    __tablename__ = "sickness_step"

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("sickness_case.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(40))
    gp_number: Mapped[int | None] = mapped_column(ForeignKey("gp.number"), index=True)
