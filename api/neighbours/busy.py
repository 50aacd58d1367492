"""When persons are on duty at other HDSs: read afresh each time, and no more of it than that they are busy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import time
from typing import Any

from sqlalchemy import select, union_all
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


def with_elsewhere(session: Session, dossier: Dossier, hds_id: str | None = None) -> Dossier:
    """The dossier with what its GPs and trainees do at other HDSs, by the duties in force now."""
    here = hds_id or dossier.hds_id
    others = others_at(session, here)
    return dossier.with_elsewhere(_spans(session, dossier.period, others, gp_ids(session, here)) if others else ())


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
    return tuple(
        BusyElsewhere(
            gp_id=name, start=local(row.starts_at), end=local(row.ends_at), is_night=row.is_night,
            is_standby=row.role == Role.STANDBY,
        )
        for row in _duties(session, here, period)
        for name in here[row.number]
    )  # fmt: skip


def _duties(session: Session, numbers: Iterable[int], period: Period) -> list[Any]:
    """Duties in force of these GPs, and those beside which they stand as trainees."""
    asked = sorted(numbers)
    first, last = at(period.start - REACH, time(0)), at(period.end + REACH, time(0))
    columns = Duty.starts_at, Duty.ends_at, Duty.is_night, Duty.role
    near = (Duty.starts_at >= first, Duty.starts_at < last)
    # the HDSs too, by which the index on trainees begins
    at_theirs = Duty.hds_id.in_(select(Gp.hds_id).where(Gp.number.in_(asked)))
    found = union_all(
        select(Duty.performer_number.label("number"), *columns).where(Duty.performer_number.in_(asked), *near),
        select(Duty.trainee_number.label("number"), *columns).where(Duty.trainee_number.in_(asked), at_theirs, *near),
    )
    return sorted(session.execute(found), key=lambda row: (row.starts_at, row.ends_at, row.number))
