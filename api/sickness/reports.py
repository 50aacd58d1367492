"""Reporting sick and getting better: duties lose their GP, cases open, and the dossier knows of the absence.

A report takes all its locks first, in the one order (roster, GPs, duties, dossiers), and only then writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import local, now, to_minute
from api.db.tables.rosters import Duty
from api.db.tables.sickness import OPEN_STATES, SicknessCase, SicknessReport
from api.dossiers.mapping import gp_ids
from api.dossiers.once import digest_of
from api.errors import Problem
from api.outbox import Notice, tell
from api.sickness import absences, repository
from api.sickness.adopting import adopt, called_for, cut, open_of_calls
from api.sickness.asking import begin, by_another_way, let_go
from api.sickness.cases import ended, gaps, opened, step, subject
from api.sickness.choices import choices_of
from api.sickness.grounds import Grounds
from api.sickness.pay import forget_worked, tell_calls, tell_worked
from api.sickness.schemas import SickAsked
from api.swaps import repository as swaps
from api.swaps.hands import pass_on
from api.swaps.table import Table, table_for
from scheduler.messages import text
from scheduler.swaps.moves import Move

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Stretch:
    """Whose duties are looked at, and from when until when; one shift alone where it is named."""

    hds_id: str
    number: int
    starts_at: datetime
    ends_at: datetime
    shift_id: str | None = None

    def duties(self, session: Session) -> list[Duty]:
        """The GP's duties in it that are not over."""
        found = repository.duties_of(session, self.hds_id, self.number, max(self.starts_at, now()), self.ends_at)
        return [duty for duty in found if self.shift_id in (None, duty.shift_id)]


def report(session: Session, member: Member, asked: SickAsked, key: str | None) -> SicknessReport:
    """Report a GP sick, to one shift or for a period; each duty in it gets a case that is dealt with at once.

    Raises Problem: `forbidden` for another GP, `not_found`, `conflict` when a period is reported already,
    `idempotency_key_reused`.
    """
    number, gp_id = _whom(session, member, asked)
    digest = digest_of(asked.model_dump(mode="json", exclude={"gp_id"}), gp_id)
    if known := _known(session, member, key, digest):
        return known
    stretch = _stretch(session, member.hds_id, number, asked)
    _hold(session, stretch)
    if known := _known(session, member, key, digest):
        return known
    duties = stretch.duties(session)
    _require_new(session, stretch, asked, duties)
    at, until = now(), stretch.ends_at if asked.shift_id or asked.until else None
    row = SicknessReport(
        hds_id=member.hds_id, gp_number=number, shift_id=asked.shift_id, starts_at=stretch.starts_at, ends_at=until,
        seen_until=stretch.ends_at, state="active", reported_at=at, reported_by=member.user_id, idempotency_key=key,
        digest=digest, changed_at=at,
    )  # fmt: skip
    session.add(row)
    session.flush()
    tables = _tables(session, row, gp_id, duties)
    let_go(session, row.hds_id, number, stretch.starts_at, stretch.ends_at)
    _free(session, row, duties)
    if asked.shift_id is None:
        absences.enter(session, row, gp_id, stretch.ends_at)
    after = {"shift_id": asked.shift_id, "from": stretch.starts_at, "until": until}
    about = {"gp_id": gp_id, "report_id": row.id, "count": len(duties)}
    tell(session, member.hds_id, Notice("sickness_reported", about, to_planners=True))
    act = Act("sickness.reported", f"sickness/{row.id}", after=_plain(after), gp_number=number)
    record(session, member.hds_id, member.user_id, act)
    _hand_back(session, row, tables)
    return row


def _plain(values: Mapping[str, object]) -> dict[str, object]:
    return {name: local(value).isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _whom(session: Session, member: Member, asked: SickAsked) -> tuple[int, str]:
    if asked.gp_id is None or asked.gp_id == member.gp_id:
        if member.gp_number is None or member.gp_id is None:
            raise Problem("bad_request", text("sickness.whom"))
        return member.gp_number, member.gp_id
    if not member.has(Role.PLANNER):
        raise Problem("forbidden", text("sickness.not_you"))
    number = repository.gp_numbered(session, member.hds_id, asked.gp_id)
    if number is None:
        raise Problem("not_found")
    return number, asked.gp_id


def _known(session: Session, member: Member, key: str | None, digest: str) -> SicknessReport | None:
    found = None if key is None else repository.report_of_key(session, member.hds_id, member.user_id, key)
    if found is not None and found.digest != digest:
        raise Problem("idempotency_key_reused")
    return found


def _stretch(session: Session, hds_id: str, number: int, asked: SickAsked) -> Stretch:
    if asked.shift_id is not None:
        duty = swaps.duty(session, hds_id, asked.shift_id)
        if duty is None:
            raise Problem("not_found", text("swaps.not_in_force"))
        return Stretch(hds_id, number, duty.starts_at, duty.ends_at, asked.shift_id)
    begin = (asked.start or now()).astimezone(UTC)
    known = asked.until.astimezone(UTC) if asked.until else None
    if known is not None and known <= begin:
        raise Problem("bad_request", text("sickness.backwards"))
    until = known or max(begin, now()) + timedelta(days=choices_of(session, hds_id).unknown_days)
    return Stretch(hds_id, number, begin, min(until, begin + LONGEST))


def _hold(session: Session, stretch: Stretch) -> None:
    """Let nobody else change what these GPs, and those on standby beside them, do until the commit."""
    swaps.hold_roster(session, stretch.hds_id)
    duties = stretch.duties(session)
    beside = [standby for duty in duties for standby in _beside(session, duty)]
    for shift_id in sorted(called_for(session, stretch.hds_id, [duty.shift_id for duty in duties])):
        lost = swaps.duty(session, stretch.hds_id, shift_id)
        beside += [lost, *_beside(session, lost)] if lost is not None else []
    numbers = {one.performer_number for one in beside if one.performer_number is not None}
    swaps.hold_still(session, numbers | {stretch.number})
    swaps.locked_duties(session, stretch.hds_id, {one.shift_id for one in (*duties, *beside)})
    days = (local(stretch.starts_at).date(), local(stretch.ends_at).date())
    known = repository.dossiers_with(session, stretch.hds_id, stretch.number, *days)
    repository.hold_dossiers(session, stretch.hds_id, {*known, *(duty.dossier_id for duty in duties)})


def hold_for_call(session: Session, case: SicknessCase, standby_id: str) -> None:
    """Let nobody else change the shift, or what who is on standby does, until the commit."""
    swaps.hold_roster(session, case.hds_id)
    both = [one for one in (swaps.duty(session, case.hds_id, sid) for sid in (case.shift_id, standby_id)) if one]
    swaps.hold_still(session, {case.gp_number, *(one.performer_number for one in both if one.performer_number)})
    swaps.locked_duties(session, case.hds_id, [one.shift_id for one in both])
    repository.hold_dossiers(session, case.hds_id, {one.dossier_id for one in both})


def hold_beside(session: Session, case: SicknessCase) -> None:
    """Let nobody else change the shift, or what those on standby beside it do, until the commit."""
    duty = swaps.duty(session, case.hds_id, case.shift_id)
    if duty is not None:
        swaps.hold_roster(session, case.hds_id)
        both = [duty, *_beside(session, duty)]
        numbers = {one.performer_number for one in both if one.performer_number is not None}
        swaps.hold_still(session, numbers | {case.gp_number})
        swaps.locked_duties(session, case.hds_id, [one.shift_id for one in both])
        repository.hold_dossiers(session, case.hds_id, {duty.dossier_id})


def _beside(session: Session, duty: Duty) -> Sequence[Duty]:
    found: Sequence[Duty] = repository.standbys_beside(
        session, duty.hds_id, duty.dossier_id, duty.starts_at, duty.ends_at
    )
    return found


def _require_new(session: Session, stretch: Stretch, asked: SickAsked, duties: Sequence[Duty]) -> None:
    if asked.shift_id is not None:
        if not duties:
            mine = repository.open_case_of(session, stretch.hds_id, asked.shift_id)
            known = mine is not None and mine.gp_number == stretch.number
            raise Problem("conflict" if known else "not_found", text("sickness.known" if known else "sickness.no_duty"))
        return
    for other in repository.periods_of(session, stretch.hds_id, stretch.number):
        if other.starts_at < stretch.ends_at and (other.ends_at is None or other.ends_at > stretch.starts_at):
            raise Problem("conflict", text("sickness.period_known"), report_id=other.id)


def _free(session: Session, row: SicknessReport, duties: Sequence[Duty]) -> None:
    """Open a case of each duty, and deal with it as far as can be done at once."""
    absences.unlock(session, row, duties)
    grounds = Grounds(session)
    cases = [_case_for(session, row, duty) for duty in duties]
    for case, duty in zip(cases, duties, strict=True):
        if duty.starts_at < case.since:
            tell_worked(session, None, case, grounds.dossier(duty.dossier_id))
    for case in (*cases, *_lose_calls(session, row, duties, grounds)):
        begin(session, case, now(), grounds)


def _case_for(session: Session, row: SicknessReport, duty: Duty) -> SicknessCase:
    """A new case of a duty, unless one is open already: the GP's own, of a shift that a publication gave back, goes on.

    Who got the shift of somebody ill, and is so before that was noticed, has a case of the own.
    """
    known = repository.open_case_of(session, row.hds_id, duty.shift_id)
    known = known and repository.case(session, row.hds_id, known.id, lock=True)
    if known is not None and known.state in OPEN_STATES:
        if known.gp_number == row.gp_number:
            known.report_id = row.id
            return known
        by_another_way(session, known, duty, row.gp_number)
    case = opened(session, row, duty, row.gp_number)
    adopt(session, case)
    return case


def _lose_calls(session: Session, row: SicknessReport, duties: Sequence[Duty], grounds: Grounds) -> list[SicknessCase]:
    """Shifts for which the ill GP had been called in from standby need somebody again."""
    again, moment = list[SicknessCase](), to_minute(now())
    standbys = {one.shift_id: one for one in duties if one.role == "standby"}
    open_of_calls(session, row, standbys)
    for call in repository.calls_by(session, row.hds_id, standbys, now()):
        case = session.get_one(SicknessCase, call.case_id)
        cut(session, call, case.shift_id, moment)
        told = repository.call_ins(session, row.hds_id, [call.standby_id])
        until_now = [(one.gp_number, (one.starts_at, min(one.ends_at, moment))) for one in told]
        left = [one for one in until_now if one[1][0] < one[1][1]]
        dossier = grounds.dossier(standbys[call.standby_id].dossier_id)
        tell_calls(session, row.hds_id, None, call.standby_id, left, dossier)
        if case.state == "covered" and repository.open_case_of(session, row.hds_id, case.shift_id) is None:
            case.state, case.cause, case.covered_by, case.next_at = "asking", "", None, now()
            step(session, case, "standby_ill", call.gp_number)
            again.append(case)
    return again


def _tables(session: Session, row: SicknessReport, gp_id: str, duties: Sequence[Duty]) -> list[Table]:
    """The duties that nobody is to perform any more, opened before anything else is changed."""
    by_dossier: dict[int, list[Move]] = {}
    for duty in duties:
        by_dossier.setdefault(duty.dossier_id, []).append(Move(shift_id=duty.shift_id, from_gp=gp_id))
    return [table_for(session, row.hds_id, moves, still=True) for moves in by_dossier.values()]


def _hand_back(session: Session, row: SicknessReport, tables: Iterable[Table]) -> None:
    """Nobody counts on who is ill any more, and offers and deals about these duties end."""
    for table in tables:
        pass_on(session, row.hds_id, None, table, Act("sickness.freed", f"sickness/{row.id}"))


def prolong(session: Session, member: Member, report_id: int, until: datetime | None) -> SicknessReport:
    """The GP stays away longer than was said (None: unknown how long); raises Problem `not_found`, `wrong_state`."""
    row = _own(session, member, report_id)
    if row.shift_id is not None or row.state != "active":
        raise Problem("wrong_state", text("sickness.not_a_period"))
    until = until.astimezone(UTC) if until else None
    horizon = until or now() + timedelta(days=choices_of(session, row.hds_id).unknown_days)
    last = min(horizon, row.starts_at + LONGEST)
    if last < row.seen_until and until is not None:
        raise Problem("wrong_state", text("sickness.shorter"))
    extend(session, row, max(last, row.seen_until))
    row.ends_at, row.changed_at = None if until is None else last, now()
    session.flush()
    act = Act(
        "sickness.prolonged",
        f"sickness/{row.id}",
        after={"until": until and local(until).isoformat()},
        gp_number=row.gp_number,
    )
    record(session, row.hds_id, member.user_id, act)
    return row


def extend(session: Session, row: SicknessReport, last: datetime) -> None:
    """Free what the GP has up to `last` too, as the service does of its own accord."""
    gp_id = gp_ids(session, row.hds_id)[row.gp_number]
    stretch = Stretch(row.hds_id, row.gp_number, row.starts_at, last)
    _hold(session, stretch)
    locked = repository.report(session, row.hds_id, row.id, lock=True)
    if locked is None or locked.state != "active" or locked.seen_until >= last:
        return
    duties = stretch.duties(session)
    row.seen_until = last
    tables = _tables(session, row, gp_id, duties)
    let_go(session, row.hds_id, row.gp_number, row.starts_at, last)
    _free(session, row, duties)
    absences.enter(session, row, gp_id, row.seen_until)
    _hand_back(session, row, tables)


def recover(
    session: Session, member: Member, report_id: int, *, at: datetime | None, take_back: bool
) -> SicknessReport:
    """The GP is better: the absence ends, and with `take_back` the shifts that nobody does yet are the GP's again.

    Who comes back later than was said, or than an open end was seen, cannot do the shifts until then either. A shift
    that the GP may not do any more stays open. Raises Problem `not_found`, `wrong_state`.
    """
    row = _own(session, member, report_id)
    moment = to_minute(max((at or now()).astimezone(UTC), row.starts_at))
    moment = min(moment, max(to_minute(now()), row.starts_at + LONGEST))
    if row.shift_id is None and row.seen_until < moment:
        extend(session, row, moment)
    swaps.hold_roster(session, row.hds_id)
    mine = _own_cases(session, row)
    swaps.hold_still(session, [row.gp_number])
    swaps.locked_duties(session, row.hds_id, [case.shift_id for case in mine])
    repository.hold_dossiers(session, row.hds_id, [one.dossier_id for one in repository.absences(session, row.id)])
    locked = repository.report(session, row.hds_id, row.id, lock=True)
    if locked is None or locked.state != "active":
        raise Problem("wrong_state", text("sickness.recovered"))
    mine = [case for one in mine if (case := repository.case(session, row.hds_id, one.id, lock=True)) is not None]
    gp_id = gp_ids(session, row.hds_id)[row.gp_number]
    row.state, row.recovered_at, row.changed_at = "recovered", moment, now()
    if row.starts_at < moment:
        row.ends_at = moment
    session.flush()
    absences.end(session, row, gp_id, moment)
    back = [_take_back(session, member, case, gp_id) for case in mine if take_back and case.since >= moment]
    after = {"from": local(moment).isoformat(), "taken_back": [case.shift_id for case in back if case is not None]}
    act = Act("sickness.recovered", f"sickness/{row.id}", after=after, gp_number=row.gp_number)
    record(session, row.hds_id, member.user_id, act)
    tell(session, row.hds_id, Notice("sickness_recovered", {"gp_id": gp_id, "at": moment}, to_planners=True))
    return row


def _own(session: Session, member: Member, report_id: int) -> SicknessReport:
    found = repository.report(session, member.hds_id, report_id)
    if found is None or not (member.has(Role.PLANNER) or found.gp_number == member.gp_number):
        raise Problem("not_found")
    return found


def _own_cases(session: Session, row: SicknessReport) -> list[SicknessCase]:
    """The cases of the GP's own duties: neither refills, nor shifts for which the GP was called in from standby."""
    found = repository.cases_of(session, [row.id])
    calls = repository.calls(session, [case.id for case in found])
    called = {call.case_id for call in calls if call.gp_number == row.gp_number}
    return [case for case in found if case.kind == "duty" and case.id not in called]


def _take_back(session: Session, member: Member, case: SicknessCase, gp_id: str) -> SicknessCase | None:
    duty = swaps.duty(session, case.hds_id, case.shift_id)
    if case.state not in OPEN_STATES or duty is None or duty.performer_number is not None or duty.starts_at <= now():
        return None
    if gaps(case, repository.calls(session, [case.id])) != [(case.starts_at, case.ends_at)]:
        return None
    table = table_for(session, case.hds_id, [Move(shift_id=case.shift_id, to_gp=gp_id)], still=True)
    if not table.verdict.is_legal:
        step(session, case, "not_taken_back", case.gp_number)
        return None
    forget_worked(session, member.user_id, case)
    ended(session, case, "taken_back", "taken_back")
    pass_on(session, case.hds_id, member.user_id, table, Act("sickness.taken_back", subject(case)))
    return case
