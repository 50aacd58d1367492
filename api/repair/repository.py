"""Every query on repairs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from api.db.tables.dossier import AbsenceRow, Dossier, LockRow
from api.db.tables.people import Gp
from api.db.tables.repair import Repair, RepairAway, RepairChange, RepairConsent, RepairEvent
from api.db.tables.rosters import Duty
from api.errors import Problem
from api.jobs.repository import moment
from api.paging import Cut

UNFINISHED = ("queued", "running")


def dossier(session: Session, hds_id: str, dossier_id: int) -> Dossier | None:
    """A dossier of the HDS as it is now."""
    query = select(Dossier).where(Dossier.hds_id == hds_id, Dossier.id == dossier_id)
    return session.scalar(query.execution_options(populate_existing=True))


def one(session: Session, hds_id: str, repair_id: str, *, lock: bool = False) -> Repair | None:
    """A repair of the HDS; with `lock` nobody else decides on it until the commit."""
    query = select(Repair).where(Repair.hds_id == hds_id, Repair.id == repair_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalar(query)


def of_key(session: Session, hds_id: str, key: str) -> Repair | None:
    """The repair that was asked for under an idempotency key."""
    return session.scalar(select(Repair).where(Repair.hds_id == hds_id, Repair.idempotency_key == key))


def page(session: Session, hds_id: str, cut: Cut) -> Sequence[Repair]:
    """Repairs of the HDS, the latest first, one more than fits on the page."""
    found = select(Repair).where(Repair.hds_id == hds_id)
    if cut.after is not None:
        at, last = _place_of(cut.after)
        found = found.where(or_(Repair.requested_at < at, (Repair.requested_at == at) & (Repair.id < last)))
    return session.scalars(found.order_by(Repair.requested_at.desc(), Repair.id.desc()).limit(cut.limit + 1)).all()


def _place_of(after: Sequence[str | int]) -> tuple[datetime, str]:
    try:
        at, repair_id = after
        moment_of = datetime.fromisoformat(str(at))
    except ValueError:
        raise Problem("bad_cursor") from None
    if moment_of.tzinfo is None:
        raise Problem("bad_cursor")
    return moment_of, str(repair_id)


def free(session: Session) -> Sequence[str]:
    """The repairs that nobody carries out: those that wait, and those whose worker showed no life for too long."""
    lapsed = (Repair.state == "running") & (Repair.lease_until < moment(session))
    found = select(Repair.id).where(or_(Repair.state == "queued", lapsed))
    return session.scalars(found.order_by(Repair.requested_at, Repair.id)).all()


def held(session: Session, repair_id: str) -> Repair | None:
    """A repair that nobody else changes until the commit."""
    query = select(Repair).where(Repair.id == repair_id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def away(session: Session, repair_ids: Iterable[str]) -> Sequence[RepairAway]:
    """Who is away by repairs."""
    found = select(RepairAway).where(RepairAway.repair_id.in_(list(repair_ids)))
    return session.scalars(found.order_by(RepairAway.repair_id, RepairAway.starts_at, RepairAway.gp_number)).all()


def changes(session: Session, repair_ids: Iterable[str]) -> Sequence[RepairChange]:
    """What proposals change."""
    found = select(RepairChange).where(RepairChange.repair_id.in_(list(repair_ids)))
    return session.scalars(found.order_by(RepairChange.repair_id, RepairChange.shift_id)).all()


def replace_changes(session: Session, repair_id: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put down what a proposal changes; what stood there before goes."""
    session.execute(delete(RepairChange).where(RepairChange.repair_id == repair_id))
    if rows:
        session.execute(insert(RepairChange), [dict(row) for row in rows])


def consents(session: Session, repair_ids: Iterable[str]) -> Sequence[RepairConsent]:
    """Who is asked by repairs, and what they said."""
    found = select(RepairConsent).where(RepairConsent.repair_id.in_(list(repair_ids)))
    return session.scalars(found.order_by(RepairConsent.repair_id, RepairConsent.gp_number)).all()


def asks_of(session: Session, hds_id: str, number: int) -> Sequence[tuple[Repair, RepairConsent]]:
    """The repairs by which a GP is asked, the latest first."""
    found = (
        select(Repair, RepairConsent)
        .join(RepairConsent, RepairConsent.repair_id == Repair.id)
        .where(Repair.hds_id == hds_id, RepairConsent.gp_number == number)
    )
    rows = session.execute(found.order_by(Repair.decided_at.desc(), Repair.id).limit(100))
    return [(repair, consent) for repair, consent in rows]


def overdue(session: Session, at: datetime) -> Sequence[tuple[str, str]]:
    """HDS and id of each repair whose time to answer has passed."""
    found = select(Repair.hds_id, Repair.id).where(Repair.state == "asking", Repair.expires_at <= at)
    return [(row.hds_id, row.id) for row in session.execute(found.order_by(Repair.id))]


def add_event(session: Session, repair_id: str, kind: str, payload: Mapping[str, Any]) -> None:
    """Add the next event of a repair, whose row the caller has locked."""
    last = session.scalar(select(func.max(RepairEvent.seq)).where(RepairEvent.repair_id == repair_id)) or 0
    at = moment(session)
    session.add(RepairEvent(repair_id=repair_id, seq=last + 1, kind=kind, payload=dict(payload), at=at))
    session.flush()


def events_after(session: Session, repair_id: str, after: int) -> Sequence[RepairEvent]:
    """The events after a number, in order."""
    found = select(RepairEvent).where(RepairEvent.repair_id == repair_id, RepairEvent.seq > after)
    return session.scalars(found.order_by(RepairEvent.seq)).all()


def numbers_of(session: Session, hds_id: str) -> Mapping[str, int]:
    """The number of each GP of the HDS by id."""
    return {row.gp_id: row.number for row in session.execute(select(Gp.gp_id, Gp.number).where(Gp.hds_id == hds_id))}


def duties(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, Duty]:
    """Those of these shifts that are in force."""
    found = select(Duty).where(Duty.hds_id == hds_id, Duty.shift_id.in_(list(shift_ids)))
    return {row.shift_id: row for row in session.scalars(found)}


def duties_of_away(session: Session, hds_id: str, dossier_id: int, row: RepairAway, since: datetime) -> Sequence[str]:
    """The shifts of a dossier that a GP performs during an absence, and that start after `since`."""
    found = select(Duty.shift_id).where(
        Duty.hds_id == hds_id, Duty.dossier_id == dossier_id, Duty.performer_number == row.gp_number,
        Duty.starts_at < row.ends_at, Duty.ends_at > row.starts_at, Duty.starts_at > since,
    )  # fmt: skip
    return session.scalars(found).all()


def absences_of(session: Session, dossier_id: int, number: int) -> Sequence[AbsenceRow]:
    """The absences of a GP in a dossier."""
    found = select(AbsenceRow).where(AbsenceRow.dossier_id == dossier_id, AbsenceRow.gp_number == number)
    return session.scalars(found).all()


def locks_of(session: Session, dossier_id: int, shift_ids: Iterable[str]) -> Sequence[int]:
    """The rows of the locks of shifts in a dossier."""
    found = select(LockRow.id).where(LockRow.dossier_id == dossier_id, LockRow.shift_id.in_(list(shift_ids)))
    return session.scalars(found.order_by(LockRow.id)).all()


def take_trainees_off(session: Session, hds_id: str, shift_ids: Sequence[str], numbers: Iterable[int]) -> None:
    """Have these trainees no longer join these shifts."""
    session.execute(
        update(Duty)
        .where(Duty.hds_id == hds_id, Duty.shift_id.in_(shift_ids), Duty.trainee_number.in_(list(numbers)))
        .values(trainee_number=None, revision=Duty.revision + 1, changed_at=moment(session))
        .execution_options(synchronize_session=False)
    )
