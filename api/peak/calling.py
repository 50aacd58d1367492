"""A standby is called in for a shift: the hours are put where payment reads them, and a refill is opened if asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, meet, now, to_minute
from api.db.tables.payouts import CallIn as CallInRow
from api.db.tables.payouts import Worked
from api.db.tables.peak import Escalation, EscalationCall
from api.db.tables.rosters import Duty
from api.dossiers.mapping import gp_ids
from api.errors import Problem
from api.outbox import Notice, tell
from api.payouts import worked
from api.payouts.schemas import StretchEntry
from api.peak import repository
from api.peak.opening import open_shifts
from api.peak.schemas import CallAsked, Called, CallOffAsked
from api.swaps import repository as swaps
from api.swaps.grounds import field_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.messages import text
from scheduler.payout.worked import Stretch
from scheduler.peak import refill_of
from scheduler.standby import CallIn, StandbyOption, call_in, standbys_for


def standbys(session: Session, hds_id: str, shift_id: str) -> tuple[StandbyOption, ...]:
    """The standbys that could be called in for a shift in force; raises Problem `not_found`."""
    duty = swaps.duty(session, hds_id, shift_id)
    if duty is None:
        raise Problem("not_found")
    field = field_of(session, duty.dossier_id)
    situation = field.situation(session)
    return standbys_for(situation.dossier, situation.roster, shift_id, since=_since(duty, None))


def call(session: Session, member: Member, asked: CallAsked) -> Called:
    """Call a standby in.

    Raises Problem: `not_found`, `wrong_state` while somebody is looked for by a report of sickness, `conflict` for a
    call that was made before, `breaks_rules` unless those are accepted;
    StandbyUnfit where there is nothing to call, DossierError where hours were told that it contradicts.
    """
    duties = _held(session, member, asked)
    if repository.has_open_case(session, member.hds_id, asked.shift_id):
        raise Problem("wrong_state", text("peaks.somebody_ill", shift=asked.shift_id))
    shift = duties[asked.shift_id]
    dossier, roster = _opened(session, duties)
    since = _since(shift, asked.since)
    found = call_in(roster, asked.shift_id, asked.standby_id, since=since, whole=asked.whole)
    _require_legal(dossier, roster, asked, since)
    before = repository.call_of(session, member.hds_id, asked.shift_id, asked.standby_id)
    if before is not None:
        if repository.stands(session, before):
            raise Problem("conflict", text("peaks.called_already", standby=asked.standby_id, shift=asked.shift_id))
        repository.cut_call(session, before, before.starts_at)
    refill = []
    if asked.refill:
        extra = refill_of(roster, found)
        refill = open_shifts(session, member.hds_id, member.user_id, shift.dossier_id, [extra], asked.reason)
    escalation = _escalation(session, member, shift, asked.reason)
    _written(session, member, escalation, found, duties[asked.standby_id])
    return Called(
        escalation_id=escalation.id, shift_id=found.shift_id, standby_id=found.standby_id, gp_id=found.gp_id,
        start=local(found.call_in.start), end=local(found.call_in.end),
        uncovered=[[local(span.start), local(span.end)] for span in found.uncovered], refill=refill,
    )  # fmt: skip


def call_off(session: Session, member: Member, asked: CallOffAsked) -> None:
    """A standby who was called in does not come, or need not; hours that were worked till then stay.

    A call that had not begun is as if it had not been. Raises Problem `not_found`, and `wrong_state` for what is not
    called, is over, or belongs to a report of sickness.
    """
    shift = _held(session, member, asked)[asked.shift_id]
    found, moment = repository.call_of(session, member.hds_id, asked.shift_id, asked.standby_id), to_minute(now())
    if found is None or found.ends_at <= moment or not repository.stands(session, found):
        raise Problem("wrong_state", text("peaks.not_called", standby=asked.standby_id, shift=asked.shift_id))
    if repository.is_of_case(session, member.hds_id, asked.shift_id, asked.standby_id, ended=False):
        raise Problem("wrong_state", text("peaks.of_case", shift=asked.shift_id))
    ids = gp_ids(session, member.hds_id)
    _uncounted(session, member, found, moment, ids)
    number, had_begun = found.gp_number, found.starts_at < moment
    repository.cut_call(session, found, moment)
    if not had_begun and not repository.calls_for(session, member.hds_id, shift.shift_id):
        told = worked.told(session, Worked, member.hds_id, shift.shift_id).rows
        if told and all(row.gp_number in (None, shift.performer_number) for row in told):
            worked.put(session, member, Worked, shift.shift_id, None, "*")
    about = {"shift_id": shift.shift_id, "standby_id": asked.standby_id, "gp_id": ids[number]}
    tell(session, member.hds_id, Notice("standby_called_off", about, [number]))
    act = Act("peak.called_off", f"duty/{asked.standby_id}", after=about, reason=asked.reason)
    record(session, member.hds_id, member.user_id, act)


def _uncounted(
    session: Session, member: Member, call: EscalationCall, moment: datetime, ids: Mapping[int, str]
) -> None:
    """Tell the call-ins of the standby anew, this one up to `moment` at most."""
    left = []
    for row in worked.told(session, CallInRow, member.hds_id, call.standby_id).rows:
        end = min(row.ends_at, moment) if meet(row, call) else row.ends_at
        if row.starts_at < end and row.gp_number is not None:
            left.append(_entry(ids[row.gp_number], local(row.starts_at), local(end)))
    worked.put(session, member, CallInRow, call.standby_id, left or None, "*")


def _held(session: Session, member: Member, asked: CallAsked | CallOffAsked) -> Mapping[str, Duty]:
    """Both duties, which nobody else changes until the commit."""
    swaps.hold_roster(session, member.hds_id)
    both = [swaps.duty(session, member.hds_id, shift_id) for shift_id in (asked.shift_id, asked.standby_id)]
    if any(duty is None for duty in both):
        raise Problem("not_found", text("swaps.not_in_force"))
    swaps.hold_still(session, {duty.performer_number for duty in both if duty and duty.performer_number is not None})
    held = swaps.locked_duties(session, member.hds_id, (asked.shift_id, asked.standby_id))
    if len({duty.dossier_id for duty in held.values()}) > 1:
        raise Problem("wrong_state", text("swaps.two_dossiers"))
    return held


def _opened(session: Session, duties: Mapping[str, Duty]) -> tuple[Dossier, Roster]:
    dossier_id = next(iter(duties.values())).dossier_id
    field = field_of(session, dossier_id)
    numbers = {duty.performer_number for duty in duties.values() if duty.performer_number is not None}
    situation = field.situation(session, numbers)
    return situation.dossier, situation.roster


def _since(shift: Duty, asked: datetime | None) -> datetime | None:
    if asked is not None:
        return asked
    moment = now()
    return moment if shift.starts_at < moment else None


def _require_legal(dossier: Dossier, roster: Roster, asked: CallAsked, since: datetime | None) -> None:
    options = standbys_for(dossier, roster, asked.shift_id, since=since, whole=asked.whole)
    option = next(one for one in options if one.standby_id == asked.standby_id)
    if not option.is_legal and not asked.accept_violations:
        told = [{"gp_id": one.gp_id, "rule": one.rule, "expected": one.text} for one in option.violations]
        raise Problem("breaks_rules", " ".join(one.text for one in option.violations), errors=told)


def _escalation(session: Session, member: Member, shift: Duty, reason: str) -> Escalation:
    """The escalation that opened the shift, or one of its own for a shift that was there."""
    known = repository.escalation_of_shift(session, member.hds_id, shift.shift_id)
    if known is not None:
        return known
    made = Escalation(
        hds_id=member.hds_id, dossier_id=shift.dossier_id, kind="peak", reason=reason, opened_at=now(),
        opened_by=member.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def _written(session: Session, member: Member, escalation: Escalation, found: CallIn, standby: Duty) -> None:
    number = standby.performer_number
    assert number is not None
    session.add(
        EscalationCall(
            hds_id=member.hds_id, escalation_id=escalation.id, shift_id=found.shift_id, standby_id=found.standby_id,
            gp_number=number, starts_at=found.call_in.start, ends_at=found.call_in.end, called_at=now(),
        )
    )  # fmt: skip
    session.flush()
    ids = gp_ids(session, member.hds_id)
    before = worked.told(session, CallInRow, member.hds_id, found.standby_id).rows
    calls = [_entry(ids[row.gp_number or 0], local(row.starts_at), local(row.ends_at)) for row in before]
    worked.put(session, member, CallInRow, found.standby_id, [*calls, _stretch(found.call_in)], "*")
    told = worked.told(session, Worked, member.hds_id, found.shift_id).rows
    still = [_stretch(found.worked)] if found.worked.gp_id else []
    if told:
        # nobody else is paid for the hours of the call
        still = [part for row in told if row.gp_number for part in _outside(ids[row.gp_number], row, found.call_in)]
    worked.put(session, member, Worked, found.shift_id, still, "*")
    about = {"shift_id": found.shift_id, "standby_id": found.standby_id, "gp_id": found.gp_id}
    moments = {"start": local(found.call_in.start).isoformat(), "end": local(found.call_in.end).isoformat()}
    tell(session, member.hds_id, Notice("standby_called", about | moments, [number], to_planners=True))
    act = Act("peak.called", f"duty/{found.standby_id}", after=about | moments, reason=escalation.reason)
    record(session, member.hds_id, member.user_id, act)


def _outside(gp_id: str, row: Worked | CallInRow, call: Stretch) -> Iterator[StretchEntry]:
    if row.starts_at < min(row.ends_at, call.starts_at):
        yield _entry(gp_id, local(row.starts_at), local(min(row.ends_at, call.starts_at)))
    if max(row.starts_at, call.ends_at) < row.ends_at:
        yield _entry(gp_id, local(max(row.starts_at, call.ends_at)), local(row.ends_at))


def _stretch(stretch: Stretch) -> StretchEntry:
    return _entry(stretch.gp_id, stretch.start, stretch.end)


def _entry(gp_id: str, start: datetime, end: datetime) -> StretchEntry:
    return StretchEntry(gp_id=gp_id, start=start, end=end)
