"""Who is ill when, by the reports of sickness as they are now: the one reading for whoever asks who could come."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.sickness import SicknessReport
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.time import local as at
from scheduler.messages import text

_PAST_THE_END = timedelta(days=2)
"""After the last day of a roster: no shift of it runs longer."""


class Illness(NamedTuple):
    """A GP cannot come during `[starts_at, ends_at)`; without end it is not known until when."""

    gp_number: int
    starts_at: datetime
    ends_at: datetime | None


def find_illnesses(
    session: Session, hds_id: str, since: datetime, numbers: Collection[int] | None = None
) -> list[Illness]:
    """The illnesses reported at an HDS that are not over at `since` (aware), of these GPs or of all.

    Who got better stays ill up to the moment from which that holds; who never was is left out.
    """
    found = select(SicknessReport.gp_number, SicknessReport.starts_at, SicknessReport.ends_at).where(
        SicknessReport.hds_id == hds_id,
        or_(SicknessReport.ends_at.is_(None), SicknessReport.ends_at > since),
        or_(SicknessReport.state != "recovered", SicknessReport.recovered_at > SicknessReport.starts_at),
    )
    if numbers is not None:
        found = found.where(SicknessReport.gp_number.in_(sorted(numbers)))
    return [Illness(*row) for row in session.execute(found.order_by(SicknessReport.id))]


def find_ill_gps(session: Session, hds_id: str, starts_at: datetime, ends_at: datetime) -> frozenset[int]:
    """The GPs, by number, who are ill at some moment of `[starts_at, ends_at)` (aware)."""
    return frozenset(one.gp_number for one in find_illnesses(session, hds_id, starts_at) if one.starts_at < ends_at)


def absences_of_illnesses(
    dossier: Dossier, illnesses: Iterable[Illness], gp_id: Mapping[int, str]
) -> tuple[Absence, ...]:
    """What a dossier does not know yet of these illnesses, as absences within its period.

    A report of a period stands in the dossier already, one of a single shift does not.
    """
    last = at(dossier.period.end, time(0)) + _PAST_THE_END
    return tuple(
        Absence(gp_id=gp_id[one.gp_number], start=local(start), end=local(end), reason=text("sickness.category"))
        for one in illnesses
        if one.gp_number in gp_id
        for start, end in _unknown_parts(dossier, gp_id[one.gp_number], one.starts_at, min(one.ends_at or last, last))
    )


def _unknown_parts(
    dossier: Dossier, gp_id: str, starts_at: datetime, ends_at: datetime
) -> Iterator[tuple[datetime, datetime]]:
    """The parts of a span in which the dossier has no absence of the GP, in order."""
    moment = starts_at
    for start, end in sorted(one.interval for one in dossier.absences_by_gp.get(gp_id, ())):
        if moment < min(start, ends_at):
            yield moment, min(start, ends_at)
        moment = max(moment, end)
    if moment < ends_at:
        yield moment, ends_at
