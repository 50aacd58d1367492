"""Every query on openings, guests and what was lent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from api.clock import now
from api.db.tables.dossier import AgreementPost, AgreementRow, Dossier, GpRow
from api.db.tables.neighbours import Guest, LendingOpening
from api.db.tables.people import Gp, Hds
from api.db.tables.rosters import Duty
from api.neighbours.busy import REACH
from scheduler.domain.people import QUALIFIED

_OPENINGS = (
    select(LendingOpening, Hds)
    .join(Hds, Hds.id == LendingOpening.neighbour_hds_id)
    .order_by(LendingOpening.id.desc())
    .limit(1000)
)
_QUALIFIED = tuple(one.value for one in QUALIFIED)


def duties(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, Duty]:
    """Duties in force by id, as they are now."""
    found = select(Duty).where(Duty.hds_id == hds_id, Duty.shift_id.in_(sorted(set(shift_ids))))
    return {row.shift_id: row for row in session.scalars(found.execution_options(populate_existing=True))}


def openings(session: Session, hds_id: str) -> Sequence[Any]:
    """Each opening of an HDS with the `Hds` it is for, the newest first; a thousand at most."""
    return session.execute(_OPENINGS.where(LendingOpening.hds_id == hds_id)).all()


def openings_to_come(session: Session, hds_id: str, moment: datetime) -> Sequence[Any]:
    """As `openings`, those that nobody took or withdrew, of shifts that start after a moment."""
    duty = and_(Duty.hds_id == LendingOpening.hds_id, Duty.shift_id == LendingOpening.shift_id)
    found = _OPENINGS.join(Duty, duty).where(LendingOpening.hds_id == hds_id, LendingOpening.state == "open")
    return session.execute(found.where(Duty.starts_at > moment)).all()


def open_of(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Sequence[LendingOpening]:
    """What stands open of these shifts."""
    found = select(LendingOpening).where(
        LendingOpening.hds_id == hds_id, LendingOpening.shift_id.in_(sorted(set(shift_ids))),
        LendingOpening.state == "open",
    )  # fmt: skip
    return session.scalars(found.order_by(LendingOpening.id).with_for_update()).all()


def opening(session: Session, opening_id: int) -> LendingOpening | None:
    """One opening, of whichever HDS."""
    return session.get(LendingOpening, opening_id, populate_existing=True)


def open_to(session: Session, neighbours: Sequence[str], hds_id: str, moment: datetime) -> Sequence[Any]:
    """What these HDSs have opened to one that has not begun: `LendingOpening`, `Duty`, `Hds`, in order of start."""
    found = (
        select(LendingOpening, Duty, Hds)
        .join(Duty, and_(Duty.hds_id == LendingOpening.hds_id, Duty.shift_id == LendingOpening.shift_id))
        .join(Hds, Hds.id == LendingOpening.hds_id)
        .where(
            LendingOpening.neighbour_hds_id == hds_id, LendingOpening.state == "open",
            LendingOpening.hds_id.in_(neighbours), Duty.starts_at > moment,
        )
    )  # fmt: skip
    return session.execute(found.order_by(Duty.starts_at, LendingOpening.id).limit(500)).all()


def homes_of(session: Session, hds_id: str, number: int) -> Sequence[Any]:
    """What the own HDS lets a GP do, the last dossier first.

    Rows of `valid_from`, `valid_until`, `roles`, `nights` of an agreement, and `name`, `registered_until` of the GP.
    """
    found = (
        select(
            AgreementRow.valid_from, AgreementRow.valid_until, AgreementRow.roles, AgreementRow.nights, GpRow.name,
            GpRow.registered_until,
        )
        .join(Dossier, Dossier.id == AgreementRow.dossier_id)
        .join(GpRow, and_(GpRow.dossier_id == Dossier.id, GpRow.gp_number == AgreementRow.gp_number))
        .where(
            Dossier.hds_id == hds_id, AgreementRow.gp_number == number, AgreementRow.contract.in_(_QUALIFIED)
        )
    )  # fmt: skip
    return session.execute(found.order_by(Dossier.id.desc(), AgreementRow.id)).all()


def guest(session: Session, hds_id: str, home_number: int) -> Guest | None:
    """The guest that a GP of another HDS is here, if the GP has been one before."""
    return session.scalar(select(Guest).where(Guest.hds_id == hds_id, Guest.home_number == home_number))


def number_of_guests(session: Session, hds_id: str) -> int:
    """How many guests an HDS has had."""
    return session.scalar(select(func.count()).select_from(Guest).where(Guest.hds_id == hds_id)) or 0


def ids_taken(session: Session, hds_id: str) -> frozenset[str]:
    """The ids of all GPs of an HDS."""
    return frozenset(session.scalars(select(Gp.gp_id).where(Gp.hds_id == hds_id)))


def locked_dossier(session: Session, dossier_id: int) -> Dossier:
    """A dossier that nobody else changes until the commit."""
    found = select(Dossier).where(Dossier.id == dossier_id).with_for_update()
    return session.scalars(found.execution_options(populate_existing=True)).one()


def agreement_on(session: Session, dossier_id: int, number: int, day: date) -> AgreementRow | None:
    """The agreement of a GP in a dossier on a day."""
    return session.scalar(
        select(AgreementRow).where(
            AgreementRow.dossier_id == dossier_id, AgreementRow.gp_number == number, AgreementRow.valid_from <= day,
            AgreementRow.valid_until >= day,
        )
    )  # fmt: skip


def posts_of(session: Session, agreement_id: int) -> frozenset[str]:
    """The posts of an agreement."""
    found = select(AgreementPost.post_id).where(AgreementPost.agreement_id == agreement_id)
    return frozenset(session.scalars(found))


def gp_row(session: Session, dossier_id: int, number: int) -> GpRow | None:
    """A GP in a dossier."""
    return session.scalar(select(GpRow).where(GpRow.dossier_id == dossier_id, GpRow.gp_number == number))


def dossiers_of(session: Session, hds_id: str, number: int) -> Sequence[int]:
    """The ids of the dossiers of an HDS from which a GP has duties that have to do with others to come."""
    found = select(Duty.dossier_id).where(
        Duty.hds_id == hds_id, Duty.performer_number == number, Duty.starts_at >= now() - REACH
    )
    return session.scalars(found.distinct().order_by(Duty.dossier_id)).all()


def lent(session: Session, hds_id: str, since: datetime, until: datetime) -> Sequence[Any]:
    """Every duty in force in `[since, until)` that a guest does here, or a GP of this HDS does as a guest elsewhere.

    Rows of `Duty` with both HDSs, both ids of the GP, and the GP's name where the duty is.
    """
    here, home = aliased(Gp), aliased(Gp)
    found = (
        select(
            Duty.__table__, Guest.home_hds_id, here.gp_id.label("guest_id"), home.gp_id.label("home_id"),
            GpRow.name.label("gp_name"),
        )
        .join(Guest, Guest.gp_number == Duty.performer_number)
        .join(here, here.number == Guest.gp_number)
        .join(home, home.number == Guest.home_number)
        .outerjoin(GpRow, and_(GpRow.dossier_id == Duty.dossier_id, GpRow.gp_number == Guest.gp_number))
        .where(
            or_(Guest.hds_id == hds_id, Guest.home_hds_id == hds_id), Duty.starts_at >= since, Duty.starts_at < until
        )
    )  # fmt: skip
    return session.execute(found.order_by(Duty.starts_at, Duty.hds_id, Duty.shift_id)).all()


def hds_names(session: Session, hds_ids: Iterable[str]) -> Mapping[str, str]:
    """The names of HDSs."""
    found = select(Hds.id, Hds.name).where(Hds.id.in_(sorted(set(hds_ids))))
    return {row.id: row.name for row in session.execute(found)}
