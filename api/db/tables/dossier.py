"""The dossier in rows: a table for each file, typed and tied together."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from api.db.base import Base, BigId
from api.db.tables.people import one_of

CONTRACTS = ("practice_owner", "salaried", "locum", "trainee", "junior")
ROLES = ("consult", "visit", "lead", "standby")
BURDENS = ("evening", "night", "weekend", "holiday", "standby")


class Dossier(Base):
    """One dossier of an HDS: its period and settings; `revision` goes up with every change of any of its parts."""

    __tablename__ = "dossier"
    __table_args__ = (
        CheckConstraint("period_end >= period_start", "period_in_order"),
        UniqueConstraint("hds_id", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), index=True)
    hds_name: Mapped[str]
    period_start: Mapped[date]
    period_end: Mapped[date]
    calendar: Mapped[dict[str, Any]]
    rules: Mapped[dict[str, Any]]
    weights: Mapped[dict[str, Any]]
    burdens: Mapped[list[str]]
    sharing: Mapped[dict[str, Any]]
    payout: Mapped[dict[str, Any]]
    revision: Mapped[int] = mapped_column(default=1)
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="SET NULL"))


class Part:
    """What every row of a dossier has; rows are in the order of the file, which is the order of `id`."""

    id: Mapped[int] = mapped_column(BigId, primary_key=True)

    @declared_attr
    def dossier_id(cls) -> Mapped[int]:
        """The dossier it belongs to."""
        return mapped_column(ForeignKey("dossier.id", ondelete="CASCADE"), index=True)


def _of_gp(*more: SchemaItem) -> tuple[SchemaItem, ...]:
    """The tie of a row to a GP of the same dossier."""
    return (
        ForeignKeyConstraint(
            ["dossier_id", "gp_number"], ["dossier_gp.dossier_id", "dossier_gp.gp_number"], ondelete="CASCADE"
        ),
        *more,
    )


class PostRow(Part, Base):
    """A row of posts.csv."""

    __tablename__ = "dossier_post"
    __table_args__ = (UniqueConstraint("dossier_id", "post_id"), CheckConstraint("patients >= 0", "patients"))

    post_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str]
    patients: Mapped[int]


class ShiftTypeRow(Part, Base):
    """A row of shift_types.csv; clocks are local."""

    __tablename__ = "dossier_shift_type"
    __table_args__ = (
        UniqueConstraint("dossier_id", "shift_type_id"),
        ForeignKeyConstraint(["dossier_id", "post_id"], ["dossier_post.dossier_id", "dossier_post.post_id"]),
        CheckConstraint("headcount >= 1", "headcount"),
        CheckConstraint(one_of("role", ROLES), "known_role"),
    )

    shift_type_id: Mapped[str] = mapped_column(String(200))
    post_id: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(20))
    days: Mapped[list[str]]
    start: Mapped[time]
    end: Mapped[time]
    headcount: Mapped[int]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]


class PracticeRow(Part, Base):
    """A row of practices.csv."""

    __tablename__ = "dossier_practice"
    __table_args__ = (UniqueConstraint("dossier_id", "practice_id"), CheckConstraint("patients >= 0", "patients"))

    practice_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str]
    patients: Mapped[float]


class GpRow(Part, Base):
    """A row of gps.csv; `name` is personal data."""

    __tablename__ = "dossier_gp"
    __table_args__ = (
        UniqueConstraint("dossier_id", "gp_number"),
        ForeignKeyConstraint(
            ["dossier_id", "practice_id"], ["dossier_practice.dossier_id", "dossier_practice.practice_id"]
        ),
        ForeignKeyConstraint(["dossier_id", "trainer_number"], ["dossier_gp.dossier_id", "dossier_gp.gp_number"]),
        CheckConstraint(one_of("contract", CONTRACTS), "known_contract"),
        CheckConstraint("fte > 0", "fte"),
    )

    gp_number: Mapped[int] = mapped_column(ForeignKey("gp.number"))
    name: Mapped[str]
    contract: Mapped[str] = mapped_column(String(20))
    practice_id: Mapped[str | None] = mapped_column(String(200))
    trainer_number: Mapped[int | None] = mapped_column(BigId)
    registered_until: Mapped[date | None]
    fte: Mapped[float] = mapped_column(default=1.0)


class AgreementRow(Part, Base):
    """A row of agreements.csv; two of one GP never overlap (held by the database)."""

    __tablename__ = "dossier_agreement"
    __table_args__ = _of_gp(
        CheckConstraint("valid_until >= valid_from", "in_order"),
        CheckConstraint("hours >= 0", "hours"),
        CheckConstraint("share > 0", "share"),
        CheckConstraint(one_of("contract", CONTRACTS), "known_contract"),
        UniqueConstraint("dossier_id", "id"),
    )

    gp_number: Mapped[int] = mapped_column(BigId)
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    roles: Mapped[list[str]]
    hours: Mapped[float | None]
    nights: Mapped[bool]
    contract: Mapped[str] = mapped_column(String(20))
    share: Mapped[float] = mapped_column(default=1.0)


class AgreementPost(Base):
    """A post of an agreement."""

    __tablename__ = "dossier_agreement_post"
    __table_args__ = (
        ForeignKeyConstraint(["dossier_id", "post_id"], ["dossier_post.dossier_id", "dossier_post.post_id"]),
        ForeignKeyConstraint(
            ["dossier_id", "agreement_id"], ["dossier_agreement.dossier_id", "dossier_agreement.id"], ondelete="CASCADE"
        ),
    )

    agreement_id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=False)
    post_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(BigId, index=True)


class AbsenceRow(Part, Base):
    """A row of absences.csv; moments in UTC."""

    __tablename__ = "dossier_absence"
    __table_args__ = _of_gp(CheckConstraint("ends_at > starts_at", "in_order"))

    gp_number: Mapped[int] = mapped_column(BigId)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(default="")


class WishRow(Part, Base):
    """A row of wishes.csv; moments in UTC."""

    __tablename__ = "dossier_wish"
    __table_args__ = _of_gp(
        CheckConstraint("ends_at > starts_at", "in_order"),
        CheckConstraint("wish IN ('avoid', 'prefer')", "known_wish"),
        CheckConstraint("weight BETWEEN 1 AND 10", "weight"),
    )

    gp_number: Mapped[int] = mapped_column(BigId)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    wish: Mapped[str] = mapped_column(String(10))
    weight: Mapped[float]


class ClinicDaysRow(Part, Base):
    """A row of clinic_days.csv."""

    __tablename__ = "dossier_clinic_days"
    __table_args__ = _of_gp(UniqueConstraint("dossier_id", "gp_number"))

    gp_number: Mapped[int] = mapped_column(BigId)
    weekdays: Mapped[list[str]]


class BalanceRow(Part, Base):
    """A row of balances.csv; hours."""

    __tablename__ = "dossier_balance"
    __table_args__ = _of_gp(
        UniqueConstraint("dossier_id", "gp_number", "burden"),
        CheckConstraint(one_of("burden", BURDENS), "known_burden"),
    )

    gp_number: Mapped[int] = mapped_column(BigId)
    burden: Mapped[str] = mapped_column(String(20))
    hours: Mapped[float]


class LimitRow(Part, Base):
    """A row of limits.csv; `burden` is `total` for all non-standby hours."""

    __tablename__ = "dossier_limit"
    __table_args__ = _of_gp(
        UniqueConstraint("dossier_id", "gp_number", "burden"),
        CheckConstraint(one_of("burden", (*BURDENS, "total")), "known_burden"),
        CheckConstraint("max_hours >= 0", "max_hours"),
    )

    gp_number: Mapped[int] = mapped_column(BigId)
    burden: Mapped[str] = mapped_column(String(20))
    max_hours: Mapped[float]


class PreferenceRow(Part, Base):
    """A row of preferences.csv."""

    __tablename__ = "dossier_preference"
    __table_args__ = _of_gp(
        UniqueConstraint("dossier_id", "gp_number", "burden"),
        CheckConstraint(one_of("burden", BURDENS), "known_burden"),
        CheckConstraint("factor BETWEEN 0.25 AND 4", "factor"),
    )

    gp_number: Mapped[int] = mapped_column(BigId)
    burden: Mapped[str] = mapped_column(String(20))
    factor: Mapped[float]


class PastHolidayRow(Part, Base):
    """A row of past_holidays.csv."""

    __tablename__ = "dossier_past_holiday"
    __table_args__ = _of_gp()

    gp_number: Mapped[int] = mapped_column(BigId)
    date: Mapped[date]


class LockRow(Part, Base):
    """A row of locks.csv."""

    __tablename__ = "dossier_lock"
    __table_args__ = _of_gp(UniqueConstraint("dossier_id", "shift_id"))

    shift_id: Mapped[str] = mapped_column(String(300))
    gp_number: Mapped[int] = mapped_column(BigId)


class PayeeRow(Part, Base):
    """A row of payees.csv; name and account are personal data."""

    __tablename__ = "dossier_payee"
    __table_args__ = _of_gp(
        UniqueConstraint("dossier_id", "gp_number", "valid_from"),
        CheckConstraint("basis IN ('self_employed', 'via_practice')", "known_basis"),
    )

    gp_number: Mapped[int] = mapped_column(BigId)
    valid_from: Mapped[date]
    payee_name: Mapped[str]
    iban: Mapped[str] = mapped_column(String(34))
    basis: Mapped[str] = mapped_column(String(20))


PARTS: tuple[type[Part], ...] = (
    PostRow,
    ShiftTypeRow,
    PracticeRow,
    GpRow,
    AgreementRow,
    AbsenceRow,
    WishRow,
    ClinicDaysRow,
    BalanceRow,
    LimitRow,
    PreferenceRow,
    PastHolidayRow,
    LockRow,
    PayeeRow,
)
"""In an order in which they can be written; the reverse is an order in which they can be deleted."""


class AddedOnce(Base):
    """What a user added under an idempotency key; `digest` is that of what was sent, `place` where it came to stand."""

    __tablename__ = "added_once"

    hds_id: Mapped[str] = mapped_column(ForeignKey("hds.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    place: Mapped[str] = mapped_column(String(300))
    added_at: Mapped[datetime]
