"""Every query on escalations, extra shifts, call-ins for them, and open shifts on offer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from api.db.inserting import insert_into
from api.db.tables.dossier import Dossier, LockRow, PostRow, ShiftTypeRow
from api.db.tables.payouts import CallIn, Worked
from api.db.tables.peak import Escalation, EscalationCall, ExtraShift, OpenOffer
from api.db.tables.rosters import Duty, Publication, RosterVersion
from api.db.tables.sickness import OPEN_STATES, SicknessCall, SicknessCase
from api.dossiers.mapping import MAPPINGS, Reading, settings_fields
from api.paging import Cut
from api.rosters.force_repository import hours_stand
from scheduler.domain.dossier import Dossier as DomainDossier
from scheduler.domain.shift import ShiftType

MOST_ON_OFFER = 200
"""Open shifts that are shown at once, each with a verdict: those that start first."""


def hold_dossier(session: Session, hds_id: str, dossier_id: int) -> Dossier | None:
    """A dossier of the HDS as it is now; other writers of it wait until the commit."""
    query = select(Dossier).where(Dossier.hds_id == hds_id, Dossier.id == dossier_id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def dossier(session: Session, hds_id: str, dossier_id: int) -> Dossier | None:
    """A dossier of the HDS."""
    return session.scalar(select(Dossier).where(Dossier.hds_id == hds_id, Dossier.id == dossier_id))


def demand_of(session: Session, row: Dossier) -> DomainDossier:
    """The dossier without its people: enough to know what shifts it asks for, and quickly read."""
    found: dict[str, Any] = {
        mapped.field: mapped.collect(
            mapped.item(one, Reading({}, {})) for one in session.scalars(_rows(mapped.table, row.id))
        )
        if mapped.table in (PostRow, ShiftTypeRow)
        else mapped.collect(())
        for mapped in MAPPINGS
    }
    return DomainDossier(**settings_fields(row), **found)


def _rows(table: Any, dossier_id: int) -> Any:
    return select(table).where(table.dossier_id == dossier_id).order_by(table.id)


def types_given_out(session: Session, dossier_id: int) -> Sequence[str]:
    """The ids of the types of all extra shifts that the dossier ever had."""
    return session.scalars(select(ExtraShift.shift_type_id).where(ExtraShift.dossier_id == dossier_id)).all()


def publications_of(session: Session, hds_id: str, dossier_id: int) -> Sequence[tuple[int, date]]:
    """Each publication of the dossier with the day it holds from, the last first."""
    found = (
        select(Publication.id, Publication.freeze_from)
        .join(RosterVersion, RosterVersion.id == Publication.version_id)
        .where(Publication.hds_id == hds_id, RosterVersion.dossier_id == dossier_id)
    )
    return [(row.id, row.freeze_from) for row in session.execute(found.order_by(Publication.id.desc()))]


def add_types(session: Session, dossier_id: int, kinds: Iterable[ShiftType]) -> Mapping[str, int]:
    """Put shift types in a dossier; the number of the row of each."""
    mapped = next(one for one in MAPPINGS if one.table is ShiftTypeRow)
    rows = [mapped.values(kind, {}) | {"dossier_id": dossier_id} for kind in kinds]
    made = session.execute(insert(ShiftTypeRow).returning(ShiftTypeRow.shift_type_id, ShiftTypeRow.id), rows)
    return {row.shift_type_id: row.id for row in made}


def add_extra(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put extra shifts on record."""
    session.execute(insert(ExtraShift), [dict(row) for row in rows])


def escalations(session: Session, hds_id: str, cut: Cut) -> Sequence[Escalation]:
    """The escalations of the HDS, the newest first, one more than fits on the page."""
    found = select(Escalation).where(Escalation.hds_id == hds_id)
    if cut.after is not None:
        found = found.where(Escalation.id < cut.after_number())
    return session.scalars(found.order_by(Escalation.id.desc()).limit(cut.limit + 1)).all()


def escalation_of_shift(session: Session, hds_id: str, shift_id: str) -> Escalation | None:
    """The escalation that opened a shift."""
    opened = select(ExtraShift.escalation_id).where(ExtraShift.hds_id == hds_id, ExtraShift.shift_id == shift_id)
    return session.scalar(select(Escalation).where(Escalation.hds_id == hds_id, Escalation.id.in_(opened)))


def call_of(session: Session, hds_id: str, shift_id: str, standby_id: str) -> EscalationCall | None:
    """The call of a standby for a shift."""
    return session.scalar(
        select(EscalationCall).where(
            EscalationCall.hds_id == hds_id,
            EscalationCall.shift_id == shift_id,
            EscalationCall.standby_id == standby_id,
        )
    )


def calls_for(session: Session, hds_id: str, shift_id: str) -> Sequence[EscalationCall]:
    """The call-ins for a shift, in order of start."""
    found = select(EscalationCall).where(EscalationCall.hds_id == hds_id, EscalationCall.shift_id == shift_id)
    return session.scalars(found.order_by(EscalationCall.starts_at, EscalationCall.id)).all()


def calls_by(session: Session, hds_id: str, standby_ids: Iterable[str], moment: datetime) -> Sequence[EscalationCall]:
    """The call-ins of these standbys that are not over at `moment`."""
    found = select(EscalationCall).where(
        EscalationCall.hds_id == hds_id, EscalationCall.standby_id.in_(list(standby_ids)),
        EscalationCall.ends_at > moment,
    )  # fmt: skip
    return session.scalars(found.order_by(EscalationCall.id)).all()


_STANDS = hours_stand(EscalationCall.hds_id, EscalationCall)


def stands(session: Session, call: EscalationCall) -> bool:
    """Whether the hours of a call-in are still told."""
    return session.scalar(select(EscalationCall.id).where(EscalationCall.id == call.id, _STANDS)) is not None


def cut_call(session: Session, call: EscalationCall, moment: datetime) -> None:
    """A call-in lasts until `moment`, and is gone where it had not begun."""
    if call.starts_at < moment:
        call.ends_at = moment
    else:
        session.delete(call)
    session.flush()


def is_of_case(session: Session, hds_id: str, shift_id: str, standby_id: str, *, ended: bool) -> bool:
    """Whether a report of sickness counts the call of a standby for a shift, or, with `ended`, ever did."""
    found = (
        select(SicknessCall.id)
        .join(SicknessCase, SicknessCase.id == SicknessCall.case_id)
        .where(SicknessCase.hds_id == hds_id, SicknessCase.shift_id == shift_id)
        .where(SicknessCall.standby_id == standby_id)
    )
    found = found if ended else found.where(SicknessCall.ended_at.is_(None))
    return session.scalar(found.limit(1)) is not None


def has_open_case(session: Session, hds_id: str, shift_id: str) -> bool:
    """Whether somebody is looked for who does a shift of somebody ill."""
    found = select(SicknessCase.id).where(
        SicknessCase.hds_id == hds_id, SicknessCase.shift_id == shift_id, SicknessCase.state.in_(OPEN_STATES)
    )
    return session.scalar(found.limit(1)) is not None


def calls_of(session: Session, hds_id: str, escalation_ids: Iterable[int]) -> Sequence[EscalationCall]:
    """The call-ins of escalations that stand, in order of start."""
    found = select(EscalationCall).where(
        EscalationCall.hds_id == hds_id, EscalationCall.escalation_id.in_(list(escalation_ids)), _STANDS
    )
    return session.scalars(found.order_by(EscalationCall.starts_at, EscalationCall.id)).all()


def extras(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, ExtraShift]:
    """Those of these shifts that are extra and not closed."""
    found = select(ExtraShift).where(
        ExtraShift.hds_id == hds_id, ExtraShift.shift_id.in_(list(shift_ids)), ExtraShift.closed_at.is_(None)
    )
    return {row.shift_id: row for row in session.scalars(found)}


def put_on_offer(session: Session, hds_id: str, shift_id: str, at: datetime, user_id: int | None) -> None:
    """Offer an open shift to all, or do so anew."""
    values = {"offered_at": at, "offered_by": user_id, "told_until": at}
    session.execute(
        insert_into(session, OpenOffer)
        .values(hds_id=hds_id, shift_id=shift_id, **values)
        .on_conflict_do_update(index_elements=["hds_id", "shift_id"], set_=values)
    )


def offer_of(session: Session, hds_id: str, shift_id: str) -> OpenOffer | None:
    """The offer of a shift to all."""
    return session.get(OpenOffer, (hds_id, shift_id))


def held_offer(session: Session, hds_id: str, shift_id: str) -> OpenOffer | None:
    """The offer of a shift to all, which nobody else changes until the commit."""
    found = select(OpenOffer).where(OpenOffer.hds_id == hds_id, OpenOffer.shift_id == shift_id)
    return session.scalar(found.with_for_update().execution_options(populate_existing=True))


def offering(session: Session) -> Sequence[str]:
    """The HDSs that have something on offer."""
    return session.scalars(select(OpenOffer.hds_id).distinct().order_by(OpenOffer.hds_id)).all()


def on_offer(
    session: Session, hds_id: str, moment: datetime, most: int | None = None
) -> Sequence[tuple[Duty, OpenOffer]]:
    """Open shifts on offer that start after `moment` and of which no hours were told, by start; at most so many."""
    told = [
        select(table.shift_id).where(table.hds_id == hds_id, table.shift_id == Duty.shift_id).exists()
        for table in (Worked, CallIn)
    ]
    found = (
        select(Duty, OpenOffer)
        .join(OpenOffer, (OpenOffer.hds_id == Duty.hds_id) & (OpenOffer.shift_id == Duty.shift_id))
        .where(Duty.hds_id == hds_id, Duty.performer_number.is_(None), Duty.starts_at > moment)
        .where(~told[0], ~told[1])
    )
    rows = session.execute(found.order_by(Duty.starts_at, Duty.shift_id).limit(most)).all()
    return [(duty, offer) for duty, offer in rows]


def escalation_of_key(session: Session, hds_id: str, key: str) -> Escalation | None:
    """The escalation that was decided under an idempotency key."""
    return session.scalar(select(Escalation).where(Escalation.hds_id == hds_id, Escalation.idempotency_key == key))


def extra_of(session: Session, hds_id: str, escalation_ids: Iterable[int]) -> Sequence[ExtraShift]:
    """The extra shifts of escalations, in order of start."""
    found = select(ExtraShift).where(ExtraShift.hds_id == hds_id, ExtraShift.escalation_id.in_(list(escalation_ids)))
    return session.scalars(found.order_by(ExtraShift.starts_at, ExtraShift.shift_id)).all()


def take_out(session: Session, hds_id: str, dossier_id: int, shift_ids: Sequence[str], kinds: Sequence[str]) -> None:
    """Take duties out of force, and their shift types out of the dossier."""
    session.execute(delete(Duty).where(Duty.hds_id == hds_id, Duty.shift_id.in_(shift_ids)))
    session.execute(delete(LockRow).where(LockRow.dossier_id == dossier_id, LockRow.shift_id.in_(shift_ids)))
    session.execute(
        delete(ShiftTypeRow).where(ShiftTypeRow.dossier_id == dossier_id, ShiftTypeRow.shift_type_id.in_(kinds))
    )
    session.expire_all()


def duties(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Sequence[Duty]:
    """Those of these shifts that are in force."""
    return session.scalars(select(Duty).where(Duty.hds_id == hds_id, Duty.shift_id.in_(list(shift_ids)))).all()


def extra_between(
    session: Session, hds_id: str, kind: str, since: datetime | None, until: datetime | None
) -> Sequence[tuple[ExtraShift, int | None]]:
    """The extra shifts of a kind of escalation that start in `[since, until)`, each with who performs it."""
    found = (
        select(ExtraShift, Duty.performer_number)
        .join(Escalation, Escalation.id == ExtraShift.escalation_id)
        .outerjoin(Duty, (Duty.hds_id == ExtraShift.hds_id) & (Duty.shift_id == ExtraShift.shift_id))
        .where(ExtraShift.hds_id == hds_id, Escalation.kind == kind, *_between(ExtraShift.starts_at, since, until))
    )
    return [(row, performer) for row, performer in session.execute(found)]


def calls_between(
    session: Session, hds_id: str, since: datetime | None, until: datetime | None
) -> Sequence[EscalationCall]:
    """The call-ins that stand and start in `[since, until)`."""
    found = select(EscalationCall).where(EscalationCall.hds_id == hds_id, _STANDS)
    return session.scalars(found.where(*_between(EscalationCall.starts_at, since, until))).all()


def _between(column: Any, since: datetime | None, until: datetime | None) -> list[Any]:
    return [*([] if since is None else [column >= since]), *([] if until is None else [column < until])]
