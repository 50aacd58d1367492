"""What dossiers know of sickness: an absence, so that rules and later runs count it, and no lock on a freed shift."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import SystemActor
from api.clock import local
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.dossier import LockRow
from api.db.tables.rosters import Duty
from api.db.tables.sickness import SicknessAbsence, SicknessReport
from api.dossiers import repository as dossiers
from api.dossiers import rows_kept
from api.dossiers.cells import to_cells
from api.dossiers.changes import Change, Deed, apply, row_subject
from api.dossiers.parts import PARTS
from api.peak.repository import demand_of
from api.sickness import repository
from scheduler.domain.time import HOUR
from scheduler.messages import text

_ABSENCES, _LOCKS = PARTS["absences"], PARTS["locks"]


def enter(session: Session, row: SicknessReport, gp_id: str, until: datetime) -> None:
    """Put the absence up to `until` in every dossier that knows the GP and whose period it touches.

    The service does so, whoever reports it and whether or not GPs may hand in now: illness keeps to no window, and is
    nothing handed in.
    """
    service, why = SystemActor(row.hds_id), _why(row)
    known = {one.dossier_id: one for one in repository.absences(session, row.id)}
    days = (local(row.starts_at).date(), local(until).date())
    for dossier_id in repository.dossiers_with(session, row.hds_id, row.gp_number, *days):
        _unlock_within(session, row, dossier_id, until)
        cells = _cells(gp_id, row.starts_at, until)
        kept = known.get(dossier_id)
        if kept is not None and rows_kept.one(session, dossier_id, _ABSENCES, kept.row_id) is not None:
            apply(session, service, dossier_id, [Change(_ABSENCES, Deed.REPLACE, cells, kept.row_id, "*")], why)
            continue
        [made] = apply(session, service, dossier_id, [Change(_ABSENCES, Deed.ADD, cells)], why)
        assert made is not None
        session.merge(SicknessAbsence(report_id=row.id, dossier_id=dossier_id, row_id=made.row_id))
        session.flush()


def end(session: Session, row: SicknessReport, gp_id: str, moment: datetime) -> None:
    """The absence lasts until `moment`, and is taken out where it had not begun; one changed by hand stays."""
    for kept in repository.absences(session, row.id):
        if rows_kept.one(session, kept.dossier_id, _ABSENCES, kept.row_id) is None:
            continue
        change = Change(_ABSENCES, Deed.REMOVE, {}, kept.row_id, "*")
        if row.starts_at < moment:
            change = Change(_ABSENCES, Deed.REPLACE, _cells(gp_id, row.starts_at, moment), kept.row_id, "*")
        apply(session, SystemActor(row.hds_id), kept.dossier_id, [change], _why(row))


def unlock(session: Session, row: SicknessReport, duties: Iterable[Duty]) -> None:
    """Take out the locks that hold the GP to these shifts: nobody else could take them."""
    by_dossier: dict[int, list[str]] = {}
    for duty in duties:
        by_dossier.setdefault(duty.dossier_id, []).append(duty.shift_id)
    for dossier_id, shift_ids in by_dossier.items():
        _take_out(session, row, dossier_id, repository.locks_on(session, dossier_id, shift_ids))


def _unlock_within(session: Session, row: SicknessReport, dossier_id: int, until: datetime) -> None:
    """Also on shifts that the GP does not perform: handed over since, or of a roster that is still to come.

    A dossier in which somebody is held to a shift and away at once is refused.
    """
    from scheduler.demand import shifts_of

    held = repository.locks_of(session, dossier_id, row.gp_number)
    if not held:
        return
    # times from the demand, as a roster that is to come has no duties
    span = _whole(row.starts_at, up=False), _whole(until, up=True)
    shifts = shifts_of(demand_of(session, session.get_one(DossierRow, dossier_id)))
    away = {shift.id for shift in shifts if shift.touches(*span)}
    _take_out(session, row, dossier_id, [lock for lock in held if lock.shift_id in away])


def _take_out(session: Session, row: SicknessReport, dossier_id: int, locks: Sequence[LockRow]) -> None:
    if not locks:
        return
    dossiers.touch(session, row.hds_id, dossier_id, None)
    rows_kept.remove(session, _LOCKS, [lock.id for lock in locks])
    for lock in locks:
        act = Act(
            "dossier.locks.removed", row_subject(dossier_id, _LOCKS, lock.id), before={"shift_id": lock.shift_id},
            reason=_why(row), gp_number=lock.gp_number,
        )  # fmt: skip
        record(session, row.hds_id, None, act)
    session.get_one(DossierRow, dossier_id, populate_existing=True)


def _why(row: SicknessReport) -> str:
    return text("sickness.follows", report=row.id)


def _cells(gp_id: str, start: datetime, end: datetime) -> dict[str, str]:
    values = {
        "gp_id": gp_id, "start": _whole(start, up=False).isoformat(), "end": _whole(end, up=True).isoformat(),
        "reason": text("sickness.category"),
    }  # fmt: skip
    return to_cells(_ABSENCES.spec, values)


def _whole(moment: datetime, *, up: bool) -> datetime:
    """A moment that a file can hold, no shorter an absence: whole minutes, and none in the repeated hour of autumn."""
    minute = moment.astimezone(UTC).replace(second=0, microsecond=0)
    if up and minute < moment:
        minute += timedelta(minutes=1)
    if not local(minute).fold:
        return local(minute)
    hour = minute.replace(minute=0)
    return local(hour + HOUR if up else hour - HOUR)
