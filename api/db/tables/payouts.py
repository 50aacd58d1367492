"""Tariffs, what was really worked, and closed payment runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from api.db.base import Base, BigId
from api.db.tables.people import one_of

HOUR_KINDS = ("evening", "night", "weekend", "holiday")
CERTAINTIES = ("stated", "secondary", "derived", "fictitious")


class TariffRow(Base):
    """A maximum rate that an HDS entered, in cents an hour; withdrawn rows stay as history."""

    __tablename__ = "tariff"
    __table_args__ = (
        CheckConstraint("cents_per_hour > 0", "cents"),
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
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    paid_cents: Mapped[int] = mapped_column(BigInteger)
    idempotency_key: Mapped[str | None] = mapped_column(String(200))
    request_hash: Mapped[str] = mapped_column(String(64))
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


class PaymentStatement(Base):
    """What one account is paid in a closed run, in cents; `name` is that of its file.

    `only_gp_number` is the GP whose pay alone ever went to this payee and account, up to this run: the statement tells
    nothing of anybody else. None where it does.
    """

    __tablename__ = "payment_statement"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "number"], ["payment_run.hds_id", "payment_run.number"]),
        ForeignKeyConstraint(["hds_id", "only_gp_number"], ["gp.hds_id", "gp.number"]),
        CheckConstraint("paid_cents >= 0 AND carried_in_cents <= 0 AND carried_out_cents <= 0", "signs"),
        CheckConstraint("lines_cents + carried_in_cents = paid_cents + carried_out_cents", "balance"),
        Index("ix_payment_statement_only_gp", "hds_id", "only_gp_number", "number"),
    )

    hds_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    payee: Mapped[str]
    iban: Mapped[str] = mapped_column(String(34))
    gp_id: Mapped[str] = mapped_column(String(200))
    lines_cents: Mapped[int] = mapped_column(BigInteger)
    carried_in_cents: Mapped[int] = mapped_column(BigInteger)
    paid_cents: Mapped[int] = mapped_column(BigInteger)
    carried_out_cents: Mapped[int] = mapped_column(BigInteger)
    only_gp_number: Mapped[int | None] = mapped_column(BigId)


class PaymentLine(Base):
    """A line of a closed run, as `lines.csv` has it at `position` (from 0): for pages and for the own lines of a GP.

    Amounts and rates in cents, `minutes` elapsed and positive, `sign` -1 where it takes back an earlier line.
    """

    __tablename__ = "payment_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["hds_id", "number", "statement"],
            ["payment_statement.hds_id", "payment_statement.number", "payment_statement.name"],
        ),
        ForeignKeyConstraint(["hds_id", "gp_number"], ["gp.hds_id", "gp.number"]),
        CheckConstraint("sign IN (-1, 1)", "sign"),
        CheckConstraint("minutes >= 0 AND rate_cents > 0", "positive"),
        CheckConstraint("sign = -1 OR maximum_cents IS NULL OR rate_cents <= maximum_cents", "at_most_the_maximum"),
        Index("ix_payment_line_gp", "hds_id", "gp_number", "number", "position"),
    )

    hds_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    statement: Mapped[str] = mapped_column(String(200))
    gp_number: Mapped[int] = mapped_column(BigId)
    day: Mapped[date]
    shift_id: Mapped[str] = mapped_column(String(300))
    contract: Mapped[str] = mapped_column(String(20))
    kind: Mapped[str] = mapped_column(String(20))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    sign: Mapped[int]
    rate_cents: Mapped[int] = mapped_column(BigInteger)
    agreed_cents: Mapped[int] = mapped_column(BigInteger)
    maximum_cents: Mapped[int | None]
    capped: Mapped[bool]
    amount_cents: Mapped[int] = mapped_column(BigInteger)
    reason: Mapped[str] = mapped_column(String(20))


class PaymentTransfer(Base):
    """A payment file of a run that was made after its closing: the first of a run closed without one, or a correction.

    `version` counts the payment files of a run; where the run was closed with one, that is the first. A version is in
    force until a later one took its place, for that one's `reason`. Rows never change.
    """

    __tablename__ = "payment_transfer"
    __table_args__ = (
        ForeignKeyConstraint(["hds_id", "number"], ["payment_run.hds_id", "payment_run.number"]),
        CheckConstraint("version >= 1", "version"),
    )

    hds_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pay_on: Mapped[date]
    debtor_name: Mapped[str] = mapped_column(String(200))
    debtor_iban: Mapped[str] = mapped_column(String(34))
    reason: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class PaymentFileSent(Base):
    """The payment file of a run that went to the bank, so that no other takes its place; one a run at most."""

    __tablename__ = "payment_file_sent"
    __table_args__ = (ForeignKeyConstraint(["hds_id", "number"], ["payment_run.hds_id", "payment_run.number"]),)

    hds_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    sent_at: Mapped[datetime]
    sent_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))
