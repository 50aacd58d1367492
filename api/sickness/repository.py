"""Every query on reports of sickness, the cases that they open, and who was asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier, GpRow, LockRow
from api.db.tables.payouts import CallIn, Worked
from api.db.tables.people import Gp, Membership, User
from api.db.tables.rosters import Duty
from api.db.tables.sickness import (
    OPEN_STATES,
    SicknessAbsence,
    SicknessAsk,
    SicknessCall,
    SicknessCase,
    SicknessReport,
    SicknessStep,
)
from api.errors import Problem
from api.paging import Cut


def gp_numbered(session: Session, hds_id: str, gp_id: str) -> int | None:
    """The number of a GP of the HDS."""
    return session.scalar(select(Gp.number).where(Gp.hds_id == hds_id, Gp.gp_id == gp_id))


def report_of_key(session: Session, hds_id: str, user_id: int, key: str) -> SicknessReport | None:
    """The report that a user made under an idempotency key."""
    return session.scalar(
        select(SicknessReport).where(
            SicknessReport.hds_id == hds_id,
            SicknessReport.reported_by == user_id,
            SicknessReport.idempotency_key == key,
        )
    )


def report(session: Session, hds_id: str, report_id: int, *, lock: bool = False) -> SicknessReport | None:
    """One report of the HDS."""
    found = select(SicknessReport).where(SicknessReport.hds_id == hds_id, SicknessReport.id == report_id)
    return session.scalar(_locked(found) if lock else found)


def reports(
    session: Session, hds_id: str, cut: Cut, number: int | None, *, running: bool = False
) -> Sequence[SicknessReport]:
    """Reports, the newest first; with `number` those of one GP, `running`: those that are not over."""
    found = select(SicknessReport).where(SicknessReport.hds_id == hds_id)
    if running:
        found = found.where(SicknessReport.state == "active")
    if number is not None:
        found = found.where(SicknessReport.gp_number == number)
    if cut.after is not None:
        found = found.where(SicknessReport.id < cut.after_number())
    return session.scalars(found.order_by(SicknessReport.id.desc()).limit(cut.limit + 1)).all()


def periods_of(session: Session, hds_id: str, number: int, but: int = 0) -> Sequence[SicknessReport]:
    """Reports of a GP over a period from which the GP has not come back."""
    return session.scalars(
        select(SicknessReport).where(
            SicknessReport.hds_id == hds_id, SicknessReport.gp_number == number, SicknessReport.state == "active",
            SicknessReport.shift_id.is_(None), SicknessReport.id != but,
        )
    ).all()  # fmt: skip


def duties_of(session: Session, hds_id: str, number: int, starts_at: datetime, ends_at: datetime) -> Sequence[Duty]:
    """The duties in force that a GP performs at some moment of a stretch, in order of start."""
    found = select(Duty).where(
        Duty.hds_id == hds_id, Duty.performer_number == number, Duty.starts_at < ends_at, Duty.ends_at > starts_at
    )
    return session.scalars(found.order_by(Duty.starts_at, Duty.shift_id)).all()


def duties_held(session: Session, hds_id: str, dossier_id: int, numbers: Collection[int]) -> Sequence[Duty]:
    """All duties in force of some GPs by one dossier, in order of start."""
    found = select(Duty).where(
        Duty.hds_id == hds_id, Duty.dossier_id == dossier_id, Duty.performer_number.in_(sorted(numbers))
    )
    return session.scalars(found.order_by(Duty.starts_at, Duty.shift_id)).all()


def standbys_beside(session: Session, hds_id: str, dossier_id: int, starts_at: datetime, ends_at: datetime) -> Any:
    """The filled standby duties of the HDS that run at some moment of a stretch."""
    found = select(Duty).where(
        Duty.hds_id == hds_id, Duty.dossier_id == dossier_id, Duty.role == "standby",
        Duty.performer_number.is_not(None), Duty.starts_at < ends_at, Duty.ends_at > starts_at,
    )  # fmt: skip
    return session.scalars(found.order_by(Duty.shift_id)).all()


def call_ins(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Sequence[CallIn]:
    """The call-ins that are told of standby shifts."""
    found = select(CallIn).where(CallIn.hds_id == hds_id, CallIn.shift_id.in_(sorted(set(shift_ids))))
    return session.scalars(found.order_by(CallIn.id)).all()


def told(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Sequence[Worked]:
    """What was told of what was really worked on shifts."""
    found = select(Worked).where(Worked.hds_id == hds_id, Worked.shift_id.in_(sorted(set(shift_ids))))
    return session.scalars(found.order_by(Worked.id)).all()


def is_told(session: Session, hds_id: str, shift_id: str) -> bool:
    """Whether something was told of what was really worked on a shift."""
    found = select(Worked.id).where(Worked.hds_id == hds_id, Worked.shift_id == shift_id)
    return session.scalar(found.limit(1)) is not None


def dossiers_with(session: Session, hds_id: str, number: int, first: Any, last: Any) -> Sequence[int]:
    """The dossiers that know a GP and whose period touches these days."""
    known = select(GpRow.dossier_id).where(GpRow.gp_number == number)
    found = select(Dossier.id).where(
        Dossier.hds_id == hds_id, Dossier.id.in_(known), Dossier.period_start <= last, Dossier.period_end >= first
    )
    return session.scalars(found.order_by(Dossier.id)).all()


def hold_dossiers(session: Session, hds_id: str, dossier_ids: Iterable[int]) -> None:
    """Other writers of these dossiers wait until the commit."""
    found = select(Dossier).where(Dossier.hds_id == hds_id, Dossier.id.in_(sorted(set(dossier_ids))))
    session.scalars(_locked(found.order_by(Dossier.id))).all()


def locks_on(session: Session, dossier_id: int, shift_ids: Iterable[str]) -> Sequence[LockRow]:
    """The locks that hold somebody to these shifts."""
    found = select(LockRow).where(LockRow.dossier_id == dossier_id, LockRow.shift_id.in_(sorted(set(shift_ids))))
    return session.scalars(found.order_by(LockRow.id)).all()


def locks_of(session: Session, dossier_id: int, number: int) -> Sequence[LockRow]:
    """The locks that hold a GP to shifts of a dossier."""
    found = select(LockRow).where(LockRow.dossier_id == dossier_id, LockRow.gp_number == number)
    return session.scalars(found.order_by(LockRow.id)).all()


def absences(session: Session, report_id: int) -> Sequence[SicknessAbsence]:
    """The rows of dossiers that a report made."""
    return session.scalars(
        select(SicknessAbsence).where(SicknessAbsence.report_id == report_id).order_by(SicknessAbsence.dossier_id)
    ).all()


def case(session: Session, hds_id: str, case_id: int, *, lock: bool = False) -> SicknessCase | None:
    """One case of the HDS; with `lock` for this transaction alone, after GPs and duties were locked."""
    found = select(SicknessCase).where(SicknessCase.hds_id == hds_id, SicknessCase.id == case_id)
    return session.scalar(_locked(found) if lock else found)


def cases_of(session: Session, report_ids: Iterable[int]) -> Sequence[SicknessCase]:
    """The cases of reports, in order of start."""
    found = select(SicknessCase).where(SicknessCase.report_id.in_(sorted(set(report_ids))))
    return session.scalars(found.order_by(SicknessCase.starts_at, SicknessCase.id)).all()


def open_cases(session: Session, hds_id: str, cut: Cut, called_at: datetime | None = None) -> Sequence[SicknessCase]:
    """The cases that still need somebody, by start; one more than fits on the page.

    With `called_at` those that a called standby covers, and that are not over then.
    """
    found = select(SicknessCase).where(SicknessCase.hds_id == hds_id)
    if called_at is None:
        found = found.where(SicknessCase.state.in_(OPEN_STATES))
    else:
        by_standby = SicknessCase.state == "covered", SicknessCase.cause == "standby"
        found = found.where(*by_standby, SicknessCase.ends_at > called_at)
    if cut.after is not None:
        start, number = _place(cut.after)
        later = and_(SicknessCase.starts_at == start, SicknessCase.id > number)
        found = found.where(or_(SicknessCase.starts_at > start, later))
    return session.scalars(found.order_by(SicknessCase.starts_at, SicknessCase.id).limit(cut.limit + 1)).all()


def _place(key: Sequence[str | int]) -> tuple[datetime, int]:
    """The start and number that a cursor names; raises Problem `bad_cursor`."""
    try:
        start, number = key
        moment = datetime.fromisoformat(str(start))
    except ValueError:
        raise Problem("bad_cursor") from None
    if not isinstance(number, int) or moment.tzinfo is None:
        raise Problem("bad_cursor")
    return moment, number


def open_case_of(session: Session, hds_id: str, shift_id: str) -> SicknessCase | None:
    """The case of a shift that still needs somebody."""
    return session.scalar(
        select(SicknessCase).where(
            SicknessCase.hds_id == hds_id, SicknessCase.shift_id == shift_id, SicknessCase.state.in_(OPEN_STATES)
        )
    )


def due(session: Session, moment: datetime) -> Sequence[tuple[str, int]]:
    """HDS and number of each case about which something is to be done by `moment`, the first due first."""
    found = select(SicknessCase.hds_id, SicknessCase.id).where(
        SicknessCase.state.in_(OPEN_STATES), SicknessCase.next_at <= moment
    )
    return [(row.hds_id, row.id) for row in session.execute(found.order_by(SicknessCase.next_at, SicknessCase.id))]


def reports_under_way(session: Session) -> Sequence[SicknessReport]:
    """Every report that is not over."""
    return session.scalars(
        select(SicknessReport).where(SicknessReport.state == "active").order_by(SicknessReport.id)
    ).all()


def asks(session: Session, case_ids: Iterable[int]) -> Sequence[SicknessAsk]:
    """Who was asked about cases, in order of asking."""
    found = select(SicknessAsk).where(SicknessAsk.case_id.in_(sorted(set(case_ids))))
    return session.scalars(found.order_by(SicknessAsk.case_id, SicknessAsk.place)).all()


def asks_of(session: Session, hds_id: str, number: int, *, every: bool) -> Sequence[tuple[SicknessAsk, SicknessCase]]:
    """What a GP was asked, with the case: what can still be answered, or the last hundred."""
    found = (
        select(SicknessAsk, SicknessCase)
        .join(SicknessCase, SicknessCase.id == SicknessAsk.case_id)
        .where(SicknessCase.hds_id == hds_id, SicknessAsk.gp_number == number)
    )
    if not every:
        answerable = SicknessAsk.state.in_(("asked", "expired"))
        found = found.where(answerable, SicknessCase.state.in_(OPEN_STATES))
    rows = session.execute(found.order_by(SicknessAsk.id.desc()).limit(100)).all()
    return [(row[0], row[1]) for row in rows]


def ask(session: Session, hds_id: str, ask_id: int) -> SicknessAsk | None:
    """What one GP of the HDS was asked."""
    found = select(SicknessAsk).join(SicknessCase, SicknessCase.id == SicknessAsk.case_id)
    return session.scalar(found.where(SicknessCase.hds_id == hds_id, SicknessAsk.id == ask_id))


def calls(session: Session, case_ids: Iterable[int]) -> Sequence[SicknessCall]:
    """The standbys called in for cases, in order of start."""
    found = select(SicknessCall).where(SicknessCall.case_id.in_(sorted(set(case_ids))))
    return session.scalars(found.order_by(SicknessCall.case_id, SicknessCall.starts_at)).all()


def calls_by(session: Session, hds_id: str, standby_ids: Iterable[str], moment: datetime) -> Sequence[SicknessCall]:
    """The calls of these standbys that are not over at `moment`."""
    found = (
        select(SicknessCall)
        .join(SicknessCase, SicknessCase.id == SicknessCall.case_id)
        .where(
            SicknessCase.hds_id == hds_id, SicknessCall.standby_id.in_(sorted(set(standby_ids))),
            SicknessCall.ended_at.is_(None), SicknessCall.ends_at > moment,
        )
    )  # fmt: skip
    return session.scalars(found.order_by(SicknessCall.id)).all()


def steps(session: Session, case_ids: Iterable[int]) -> Sequence[SicknessStep]:
    """What happened with cases, in order."""
    found = select(SicknessStep).where(SicknessStep.case_id.in_(sorted(set(case_ids))))
    return session.scalars(found.order_by(SicknessStep.case_id, SicknessStep.id)).all()


def reachable(session: Session, hds_id: str) -> frozenset[int]:
    """The GPs of the HDS for whom somebody can answer."""
    found = (
        select(Membership.gp_number)
        .join(User, User.id == Membership.user_id)
        .where(Membership.hds_id == hds_id, Membership.role == "gp", User.disabled_at.is_(None))
    )
    return frozenset(number for number in session.scalars(found) if number is not None)


def names_of(session: Session, hds_id: str) -> dict[str, str]:
    """The name of each GP by its id, of the dossier that was changed last."""
    found = (
        select(Gp.gp_id, GpRow.name)
        .join(GpRow, GpRow.gp_number == Gp.number)
        .join(Dossier, Dossier.id == GpRow.dossier_id)
        .where(Gp.hds_id == hds_id)
        .order_by(Dossier.changed_at, Dossier.id)
    )
    return {row.gp_id: row.name for row in session.execute(found)}


def _locked(found: Any) -> Any:
    return found.with_for_update().execution_options(populate_existing=True)
