"""What escalations came to: who did what, what it costs as payment would have it, and where those concerned stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.clock import local, meet
from api.db.tables.payouts import CallIn, Worked
from api.db.tables.peak import Escalation, EscalationCall, ExtraShift
from api.db.tables.rosters import Duty
from api.dossiers.mapping import gp_ids
from api.payouts import repository as payouts
from api.payouts.mapping import actuals_of, table_of
from api.peak import repository
from api.peak.schemas import BalanceShown, CallShown, EscalationShown, ExtraShown, PeakFigures
from api.rosters.mapping import read_duties_of
from api.swaps.grounds import Field, field_of
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY, HOUR
from scheduler.domain.time import local as at
from scheduler.errors import DossierError

if TYPE_CHECKING:
    from scheduler.payout.worked import Actuals

Cents = Mapping[str, int]


@dataclass(frozen=True)
class _Found:
    """The rows behind some escalations: extra shifts, call-ins, the duties of both, and cents per shift."""

    extras: Sequence[ExtraShift]
    calls: Sequence[EscalationCall]
    duties: Mapping[str, Duty]
    told: frozenset[str]
    ids: Mapping[int, str]
    cents: Cents | None
    before: Cents | None


def shown(session: Session, hds_id: str, escalations: Sequence[Escalation]) -> list[EscalationShown]:
    """Escalations as a planner sees them."""
    if not escalations:
        return []
    fields = {dossier_id: field_of(session, dossier_id) for dossier_id in {row.dossier_id for row in escalations}}
    found = {
        dossier_id: _found(session, hds_id, field, [one.id for one in escalations if one.dossier_id == dossier_id])
        for dossier_id, field in fields.items()
    }
    return [_one(session, row, fields[row.dossier_id], found[row.dossier_id]) for row in escalations]


def just_opened(row: Escalation, shifts: Iterable[Shift]) -> EscalationShown:
    """An escalation in the transaction that makes it: nobody has done anything for it."""
    extras = [
        ExtraShown(
            shift_id=shift.id, post_id=shift.post_id, role=shift.role, start=shift.start, end=shift.end, state="open",
            gp_id=None, hours=shift.hours, cents=0,
        )
        for shift in shifts
    ]  # fmt: skip
    return EscalationShown(
        id=row.id, dossier_id=row.dossier_id, kind=row.kind, reason=row.reason, opened_at=local(row.opened_at),
        shifts=extras, calls=[], hours=0.0, cents=0, balances=[],
    )  # fmt: skip


def _found(session: Session, hds_id: str, field: Field, escalation_ids: Sequence[int]) -> _Found:
    extras = repository.extra_of(session, hds_id, escalation_ids)
    calls = repository.calls_of(session, hds_id, escalation_ids)
    shift_ids = {row.shift_id for row in extras} | {row.standby_id for row in calls}
    duties = {row.shift_id: row for row in repository.duties(session, hds_id, shift_ids)}
    ids = gp_ids(session, hds_id)
    worked = payouts.told(session, Worked, hds_id, duties)
    call_ins = [row for row in payouts.told(session, CallIn, hds_id, duties) if _is_of(row, calls)]
    with_calls, without = actuals_of(worked, call_ins, ids), actuals_of(worked, (), ids)
    return _Found(
        extras, calls, duties, frozenset(row.shift_id for row in worked), ids,
        _cents(session, hds_id, field, duties, with_calls), _cents(session, hds_id, field, duties, without),
    )  # fmt: skip


def _is_of(row: CallIn, calls: Iterable[EscalationCall]) -> bool:
    """Whether hours were told for one of these calls: a standby may be called in for somebody ill as well."""
    return any((row.shift_id, row.gp_number) == (call.standby_id, call.gp_number) and meet(row, call) for call in calls)


def _cents(
    session: Session, hds_id: str, field: Field, shift_ids: Iterable[str], actuals: Actuals
) -> dict[str, int] | None:
    """What payment would make of these shifts alone, in cents each; None where it cannot be reckoned."""
    from scheduler.payout.entitled import payable

    roster = read_duties_of(session, hds_id, shift_ids)
    try:
        due = payable(field.ground.dossier, roster, table_of(payouts.tariffs(session, hds_id)), actuals)
    except DossierError:
        return None
    if len(due.outstanding):
        return None
    cents: defaultdict[str, int] = defaultdict(int)
    for shift_id, amount in due.lines[["shift_id", "amount"]].itertuples(index=False):
        cents[shift_id] += int(amount)
    return dict(cents)


def _one(session: Session, row: Escalation, field: Field, found: _Found) -> EscalationShown:
    extras = [_extra(one, found) for one in found.extras if one.escalation_id == row.id]
    calls = [_call(one, found) for one in found.calls if one.escalation_id == row.id]
    did: list[ExtraShown | CallShown] = [*(one for one in extras if one.state == "filled"), *calls]
    concerned = sorted({one.gp_id for one in did if one.gp_id is not None})
    known = [one.cents for one in did if one.cents is not None]
    return EscalationShown(
        id=row.id, dossier_id=row.dossier_id, kind=row.kind, reason=row.reason, opened_at=local(row.opened_at),
        shifts=extras, calls=calls, hours=sum(one.hours for one in did),
        cents=sum(known) if len(known) == len(did) else None, balances=list(_balances(session, field, concerned)),
    )  # fmt: skip


def _extra(row: ExtraShift, found: _Found) -> ExtraShown:
    duty = found.duties.get(row.shift_id)
    gp_id = found.ids.get(duty.performer_number or 0) if duty else None
    covered = row.shift_id in found.told or any(call.shift_id == row.shift_id for call in found.calls)
    state = "closed" if duty is None else "filled" if gp_id else "covered" if covered else "open"
    return ExtraShown(
        shift_id=row.shift_id, post_id=row.post_id, role=row.role, start=local(row.starts_at), end=local(row.ends_at),
        state=state, gp_id=gp_id, hours=_hours(row),
        cents=None if found.cents is None else found.cents.get(row.shift_id, 0),
    )  # fmt: skip


def _call(row: EscalationCall, found: _Found) -> CallShown:
    return CallShown(
        shift_id=row.shift_id, standby_id=row.standby_id, gp_id=found.ids[row.gp_number], start=local(row.starts_at),
        end=local(row.ends_at), hours=_hours(row), cents=_more(row, found),
    )  # fmt: skip


def _more(row: EscalationCall, found: _Found) -> int | None:
    """What the standby pays more by its call-ins, shared out by their hours: a standby may be called twice."""
    if found.cents is None or found.before is None:
        return None
    more = found.cents.get(row.standby_id, 0) - found.before.get(row.standby_id, 0)
    same = [one for one in found.calls if one.standby_id == row.standby_id]
    if same[-1] is not row:
        return round(more * _hours(row) / sum(map(_hours, same)))
    return more - sum(round(more * _hours(one) / sum(map(_hours, same))) for one in same[:-1])


def _hours(row: ExtraShift | EscalationCall) -> float:
    return (row.ends_at - row.starts_at) / HOUR


def _balances(session: Session, field: Field, concerned: Sequence[str]) -> Iterator[BalanceShown]:
    number_of = {gp_id: number for number, gp_id in field.gp_id.items()}
    situation = field.situation(session, {number_of[gp_id] for gp_id in concerned})
    for gp_id in concerned:
        for burden, hours in situation.hours(gp_id).items():
            yield BalanceShown(
                gp_id=gp_id, burden=burden, share_hours=round(field.ground.targets.get((gp_id, burden), 0.0), 4),
                done_hours=hours, deviation=round(situation.deviation(gp_id, burden), 4),
            )  # fmt: skip


def figures(session: Session, hds_id: str, start: date | None, end: date | None) -> PeakFigures:
    """How often the roster was scaled up for shifts that start in these local days, both included; nobody is named."""
    since: datetime | None = None if start is None else at(start, time(0))
    until: datetime | None = None if end is None else at(end + DAY, time(0))
    extras = repository.extra_between(session, hds_id, "peak", since, until)
    refills = repository.extra_between(session, hds_id, "refill", since, until)
    calls = repository.calls_between(session, hds_id, since, until)
    filled = [row for row, performer in extras if performer is not None]
    decisions = {row.escalation_id for row, _ in extras} | {row.escalation_id for row in calls}
    return PeakFigures(
        start=start, end=end, escalations=len(decisions),
        extra_shifts=len(extras), extra_hours=sum(_hours(row) for row, _ in extras),
        filled_shifts=len(filled), filled_hours=sum(map(_hours, filled)),
        closed_shifts=sum(1 for row, _ in extras if row.closed_at is not None), call_ins=len(calls),
        call_in_hours=sum(map(_hours, calls)), refill_shifts=len(refills),
        refill_hours=sum(_hours(row) for row, _ in refills),
    )  # fmt: skip
