"""When persons are on duty outside a roster: read afresh each time, and no more of it than that they are busy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, union_all
from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.people import Gp
from api.db.tables.rosters import Duty
from api.dossiers.mapping import gp_ids
from api.neighbours.persons import Others, others_at, others_of
from scheduler.domain.availability import BusyElsewhere
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.time import DAY, Period
from scheduler.domain.time import local as at

REACH = DAY * 36
"""How far outside the period of a roster a duty still counts for a rule: five weekends."""
Which = tuple[ColumnElement[bool], ...]
_COLUMNS = Duty.starts_at, Duty.ends_at, Duty.is_night, Duty.role


def with_elsewhere(session: Session, dossier: Dossier) -> Dossier:
    """The dossier with what its GPs and trainees do at other HDSs, by the duties in force now."""
    here = dossier.hds_id
    return dossier.with_elsewhere(elsewhere_at(session, here, dossier.period, gp_ids(session, here)))


def with_busy(session: Session, dossier: Dossier) -> Dossier:
    """The same, with what they do at the own HDS just before and after the period of the dossier as well."""
    here = dossier.hds_id
    return dossier.with_elsewhere(busy_at(session, here, dossier.period, gp_ids(session, here)))


def busy_at(session: Session, hds_id: str, period: Period, gp_id: Mapping[int, str]) -> tuple[BusyElsewhere, ...]:
    """What all GPs of an HDS do at others in `period` and near it, and here near it: for a roster not yet in force."""
    return (*elsewhere_at(session, hds_id, period, gp_id), *around_of(session, hds_id, period, gp_id))


def around_of(
    session: Session, hds_id: str, period: Period, gp_id: Mapping[int, str], numbers: Iterable[int] | None = None
) -> tuple[BusyElsewhere, ...]:
    """What GPs (all, or those with these numbers) do at the own HDS just before `period` and after it.

    Rest, weeks and weekends go on across New Year.
    """
    start, end = at(period.start, time(0)), at(period.end + DAY, time(0))
    before = and_(Duty.starts_at >= start - REACH, Duty.starts_at < start)
    after = and_(Duty.starts_at >= end, Duty.starts_at < end + REACH)
    return _here(session, (Duty.hds_id == hds_id, or_(before, after)), gp_id, numbers)


def beside_of(
    session: Session, hds_id: str, dossier_id: int, first: datetime, last: datetime, gp_id: Mapping[int, str],
    numbers: Iterable[int] | None,
) -> tuple[BusyElsewhere, ...]:  # fmt: skip
    """What GPs (all, or those with these numbers) do at the own HDS by rosters of other dossiers in `[first, last)`."""
    return _here(session, _of_others(hds_id, dossier_id, first, last), gp_id, numbers)


def has_beside(session: Session, hds_id: str, dossier_id: int, first: datetime, last: datetime) -> bool:
    """Whether there are such duties in force."""
    found = select(Duty.shift_id).where(*_of_others(hds_id, dossier_id, first, last))
    return session.scalar(found.limit(1)) is not None


def _of_others(hds_id: str, dossier_id: int, first: datetime, last: datetime) -> Which:
    return Duty.hds_id == hds_id, Duty.dossier_id != dossier_id, Duty.starts_at >= first, Duty.starts_at < last


def _here(
    session: Session, which: Which, gp_id: Mapping[int, str], numbers: Iterable[int] | None
) -> tuple[BusyElsewhere, ...]:
    """Of these duties those of the GPs that are asked about, and those beside which they stand as trainees."""
    asked = None if numbers is None else sorted(set(numbers))
    parts = []
    for column in (Duty.performer_number, Duty.trainee_number):
        theirs = column.is_not(None) if asked is None else column.in_(asked)
        parts.append(select(column.label("number"), *_COLUMNS).where(*which, theirs))
    found = sorted(session.execute(union_all(*parts)), key=lambda row: (row.starts_at, row.ends_at, row.number))
    return tuple(_busy(gp_id[row.number], row, is_here=True) for row in found if row.number in gp_id)


def _busy(gp_id: str, row: Any, *, is_here: bool = False) -> BusyElsewhere:
    """No more of a duty (`starts_at`, `ends_at`, `is_night`, `role`) than that a GP is busy."""
    return BusyElsewhere(
        gp_id=gp_id, start=local(row.starts_at), end=local(row.ends_at), is_night=row.is_night,
        is_standby=row.role == Role.STANDBY, is_here=is_here,
    )  # fmt: skip


def elsewhere_of(
    session: Session,
    period: Period,
    numbers: Iterable[int],
    gp_id: Mapping[int, str],
    others: Others | None = None,
) -> tuple[BusyElsewhere, ...]:
    """What the GPs with these numbers do at other HDSs in `period` and near it; `gp_id` names them here.

    `others`: their other numbers, where those are known already.
    """
    others = others_of(session, numbers) if others is None else others
    return _spans(session, period, others, gp_id) if others else ()


def elsewhere_at(session: Session, hds_id: str, period: Period, gp_id: Mapping[int, str]) -> tuple[BusyElsewhere, ...]:
    """What all GPs of an HDS do at other HDSs in `period` and near it."""
    others = others_at(session, hds_id)
    return _spans(session, period, others, gp_id) if others else ()


def busy_spans(session: Session, period: Period, numbers: Iterable[int], gp_id: str) -> tuple[BusyElsewhere, ...]:
    """The duties of these GPs in `period` and near it, all as those of one person under `gp_id`."""
    here = {number: [gp_id] for number in numbers}
    return _told(session, here, period)


def _spans(session: Session, period: Period, others: Others, gp_id: Mapping[int, str]) -> tuple[BusyElsewhere, ...]:
    here: dict[int, list[str]] = {}
    for number, foreign in others.items():
        for one in foreign:
            if number in gp_id:
                here.setdefault(one, []).append(gp_id[number])
    return _told(session, here, period)


def _told(session: Session, here: Mapping[int, Sequence[str]], period: Period) -> tuple[BusyElsewhere, ...]:
    return tuple(_busy(name, row) for row in _duties(session, here, period) for name in here[row.number])


def _duties(session: Session, numbers: Iterable[int], period: Period) -> list[Any]:
    """Duties in force of these GPs, and those beside which they stand as trainees."""
    asked = sorted(numbers)
    first, last = at(period.start - REACH, time(0)), at(period.end + REACH, time(0))
    near = (Duty.starts_at >= first, Duty.starts_at < last)
    # the HDSs too, by which the index on trainees begins
    at_theirs = Duty.hds_id.in_(select(Gp.hds_id).where(Gp.number.in_(asked)))
    found = union_all(
        select(Duty.performer_number.label("number"), *_COLUMNS).where(Duty.performer_number.in_(asked), *near),
        select(Duty.trainee_number.label("number"), *_COLUMNS).where(Duty.trainee_number.in_(asked), at_theirs, *near),
    )
    return sorted(session.execute(found), key=lambda row: (row.starts_at, row.ends_at, row.number))
