"""Every query on escalations, extra shifts, call-ins for them, and open shifts on offer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier, PostRow, ShiftTypeRow
from api.db.tables.peak import Escalation, ExtraShift
from api.db.tables.rosters import Duty, Publication, RosterVersion
from api.dossiers.mapping import MAPPINGS, Reading, settings_fields
from scheduler.domain.dossier import Dossier as DomainDossier
from scheduler.domain.shift import ShiftType


def hold_dossier(session: Session, hds_id: str, dossier_id: int) -> Dossier | None:
    """A dossier of the HDS as it is now; other writers of it wait until the commit."""
    query = select(Dossier).where(Dossier.hds_id == hds_id, Dossier.id == dossier_id)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


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


def escalation(session: Session, hds_id: str, escalation_id: int) -> Escalation | None:
    """One escalation of the HDS."""
    return session.scalar(select(Escalation).where(Escalation.hds_id == hds_id, Escalation.id == escalation_id))


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
    session.execute(
        delete(ShiftTypeRow).where(ShiftTypeRow.dossier_id == dossier_id, ShiftTypeRow.shift_type_id.in_(kinds))
    )
    session.expire_all()
