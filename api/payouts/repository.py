"""Queries on tariffs, payees, duties and what was worked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from sqlalchemy import ColumnElement, Row, Select, delete, not_, select, tuple_
from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.dossier import GpRow, PayeeRow
from api.db.tables.payouts import CallIn, TariffRow, Worked
from api.db.tables.people import Gp, Hds, User
from api.db.tables.rosters import Duty
from api.errors import Problem
from api.paging import Cut
from api.rosters.mapping import starts_in
from scheduler.domain.time import Period
from scheduler.messages import text

Told = TypeVar("Told", Worked, CallIn)


def lock_hds(session: Session, hds_id: str) -> None:
    """From here to the commit other writers who ask this wait; on SQLite they wait anyway."""
    session.scalars(select(Hds.id).where(Hds.id == hds_id).with_for_update()).all()


def tariffs(session: Session, hds_id: str, *, withdrawn: bool = False) -> Sequence[TariffRow]:
    """The HDS's own rows that hold, or every row there ever was."""
    asked = select(TariffRow).where(TariffRow.hds_id == hds_id)
    if not withdrawn:
        asked = asked.where(TariffRow.withdrawn_at.is_(None))
    return session.scalars(asked.order_by(TariffRow.kind, TariffRow.valid_from, TariffRow.id)).all()


def dossier_in_force(session: Session, hds_id: str, period: Period) -> int | None:
    """The dossier of the duties in force that start in `period`: of the last publication, if there are several."""
    return session.scalar(
        select(Duty.dossier_id)
        .where(Duty.hds_id == hds_id, starts_in(period))
        .order_by(Duty.publication_id.desc(), Duty.starts_at)
        .limit(1)
    )


def dossiers_in_force(session: Session, hds_id: str) -> Sequence[DossierRow]:
    """Every dossier that some duty in force comes from, the latest period first."""
    used = select(Duty.dossier_id).where(Duty.hds_id == hds_id).distinct()
    return session.scalars(
        select(DossierRow)
        .where(DossierRow.hds_id == hds_id, DossierRow.id.in_(used))
        .order_by(DossierRow.period_start.desc(), DossierRow.id.desc())
    ).all()


def newest_dossier(session: Session, hds_id: str) -> DossierRow | None:
    """The dossier with the latest period."""
    return session.scalars(
        select(DossierRow)
        .where(DossierRow.hds_id == hds_id)
        .order_by(DossierRow.period_start.desc(), DossierRow.id.desc())
        .limit(1)
    ).first()


def dossier(session: Session, hds_id: str, dossier_id: int, *, lock: bool = False) -> DossierRow:
    """A dossier of the HDS; raises Problem `not_found`. With `lock` other writers of it wait for the commit."""
    asked = select(DossierRow).where(DossierRow.hds_id == hds_id, DossierRow.id == dossier_id)
    found = session.scalars(asked.with_for_update() if lock else asked).first()
    if found is None:
        raise Problem("not_found", text("payouts.unknown_dossier", dossier_id=dossier_id))
    return found


def duties_outside(session: Session, hds_id: str, period: Period, whole: Period) -> bool:
    """Whether some duty starts in `period` but outside `whole`."""
    asked = select(Duty.shift_id).where(Duty.hds_id == hds_id, starts_in(period), not_(starts_in(whole)))
    return session.scalar(asked.limit(1)) is not None


def duty(session: Session, hds_id: str, shift_id: str, *, lock: bool = False) -> Duty:
    """A shift of the roster in force; raises Problem `not_found`. With `lock` others who ask that wait."""
    asked = select(Duty).where(Duty.hds_id == hds_id, Duty.shift_id == shift_id)
    found = session.scalars(asked.with_for_update() if lock else asked).first()
    if found is None:
        raise Problem("not_found", text("payouts.unknown_shift", shift_id=shift_id))
    return found


def duties_told(session: Session, hds_id: str, period: Period, cut: Cut) -> Sequence[Row[Duty, str | None]]:
    """The duties of `period` of which something was told, with the id of the rostered GP; one more than asked."""
    told = [
        select(table.shift_id).where(table.hds_id == hds_id, table.shift_id == Duty.shift_id).exists()
        for table in (Worked, CallIn)
    ]
    asked = (
        select(Duty, Gp.gp_id)
        .outerjoin(Gp, Gp.number == Duty.performer_number)
        .where(Duty.hds_id == hds_id, starts_in(period), told[0] | told[1])
    )
    if cut.after is not None:
        asked = asked.where(Duty.shift_id > key_of(cut, str)[0])
    return session.execute(asked.order_by(Duty.shift_id).limit(cut.limit + 1)).all()


def key_of(cut: Cut, *types: type[str] | type[int]) -> list[str | int]:
    """The key in a cursor, which must have these types; raises Problem `bad_cursor`."""
    key = cut.after or []
    if [type(part) for part in key] != list(types):
        raise Problem("bad_cursor")
    return key


def told(session: Session, table: type[Told], hds_id: str, shift_ids: Iterable[str]) -> Sequence[Told]:
    """What was told about these shifts, in the order of entry."""
    asked = select(table).where(table.hds_id == hds_id, table.shift_id.in_(list(shift_ids)))
    return session.scalars(asked.order_by(table.id)).all()


def forget_told(session: Session, table: type[Worked] | type[CallIn], hds_id: str, shift_id: str) -> None:
    """Delete what was told about a shift."""
    session.execute(delete(table).where(table.hds_id == hds_id, table.shift_id == shift_id))


def worked_in(session: Session, hds_id: str, period: Period) -> Sequence[Worked]:
    """What was told about the shifts that start in `period`."""
    return session.scalars(_told_in(Worked, hds_id, period)).all()


def call_ins_in(session: Session, hds_id: str, period: Period) -> Sequence[CallIn]:
    """The call-ins of the shifts that start in `period`."""
    return session.scalars(_told_in(CallIn, hds_id, period)).all()


def _told_in(table: type[Told], hds_id: str, period: Period) -> Select[Told]:
    same_shift: ColumnElement[bool] = (Duty.hds_id == table.hds_id) & (Duty.shift_id == table.shift_id)
    return select(table).join(Duty, same_shift).where(table.hds_id == hds_id, starts_in(period)).order_by(table.id)


def shifts_with_call_ins_of(session: Session, beside: Duty, gp_numbers: Iterable[int]) -> Sequence[str]:
    """The shifts of the same dossier as `beside` on which any of these GPs was called in."""
    asked = (
        select(CallIn.shift_id)
        .join(Duty, (Duty.hds_id == CallIn.hds_id) & (Duty.shift_id == CallIn.shift_id))
        .where(CallIn.hds_id == beside.hds_id, Duty.dossier_id == beside.dossier_id)
        .where(CallIn.gp_number.in_(list(gp_numbers)))
    )
    return session.scalars(asked.distinct()).all()


def payees(session: Session, dossier_id: int, cut: Cut, gp_id: str | None) -> Sequence[Row[PayeeRow, str, str]]:
    """The payees of a dossier with id and name of the GP, by GP and day; one more than asked."""
    asked = (
        select(PayeeRow, Gp.gp_id, GpRow.name)
        .join(Gp, Gp.number == PayeeRow.gp_number)
        .join(GpRow, (GpRow.dossier_id == PayeeRow.dossier_id) & (GpRow.gp_number == PayeeRow.gp_number))
        .where(PayeeRow.dossier_id == dossier_id)
    )
    if gp_id is not None:
        asked = asked.where(Gp.gp_id == gp_id)
    if cut.after is not None:
        seen_gp, seen_day = key_of(cut, str, str)
        asked = asked.where(tuple_(Gp.gp_id, PayeeRow.valid_from) > tuple_(seen_gp, _day(str(seen_day))))
    return session.execute(asked.order_by(Gp.gp_id, PayeeRow.valid_from).limit(cut.limit + 1)).all()


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise Problem("bad_cursor") from None


def payee(session: Session, hds_id: str, payee_id: int) -> PayeeRow:
    """A payee in some dossier of the HDS; raises Problem `not_found`."""
    asked = select(PayeeRow).join(DossierRow, DossierRow.id == PayeeRow.dossier_id)
    found = session.scalars(asked.where(DossierRow.hds_id == hds_id, PayeeRow.id == payee_id)).first()
    if found is None:
        raise Problem("not_found", text("payouts.unknown_payee", payee_id=payee_id))
    return found


def user_name(session: Session, user_id: int | None) -> str:
    """How a user is shown to colleagues."""
    found = None if user_id is None else session.get(User, user_id)
    return text("payouts.somebody") if found is None else found.display_name or found.username


def gp_name(session: Session, payee_row: PayeeRow) -> str:
    """The name of the GP of a payee."""
    asked = select(GpRow.name).where(
        GpRow.dossier_id == payee_row.dossier_id, GpRow.gp_number == payee_row.gp_number
    )  # fmt: skip
    return session.scalars(asked).one()
