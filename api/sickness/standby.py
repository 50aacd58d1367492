"""Calling in the standby of a block, with its hours for pay; what that leaves empty is opened anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import local, meet, now, to_minute
from api.db.tables.payouts import Worked
from api.db.tables.rosters import Duty
from api.db.tables.sickness import SicknessCall, SicknessCase, SicknessReport
from api.errors import Problem
from api.outbox import Notice, tell
from api.rosters.mapping import shift_of
from api.sickness import repository
from api.sickness.adopting import cut
from api.sickness.cases import Gap, covered, opened, step, still_open, subject, to_planner
from api.sickness.choices import SicknessChoices
from api.sickness.grounds import Grounds
from api.sickness.pay import tell_calls, tell_worked
from api.swaps import repository as swaps
from api.swaps.illness import find_ill_gps
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.standby import CallIn, StandbyOption


def duty_of(session: Session, case: SicknessCase) -> Duty:
    """The duty of a case; raises Problem `wrong_state` when it is no longer in force."""
    duty = swaps.duty(session, case.hds_id, case.shift_id)
    if duty is None:
        raise Problem("wrong_state", text("sickness.cause.gone"))
    return duty


def options(session: Session, case: SicknessCase, gap: Gap, grounds: Grounds) -> tuple[StandbyOption, ...]:
    """Who could be called in for a part of the shift, best first, also those who may not and why.

    Left out is who is called elsewhere in that time already, is ill, or was told not to have stood by then.
    """
    from scheduler.standby import standbys_for

    duty = duty_of(session, case)
    dossier, roster = _scene(session, duty, gap, case.gp_number, grounds)
    found = standbys_for(dossier, roster, case.shift_id)
    standby_ids = [one.standby_id for one in found]
    busy = {
        call.shift_id
        for call in repository.call_ins(session, case.hds_id, standby_ids)
        if call.starts_at < gap[1] and gap[0] < call.ends_at
    }
    told = repository.told(session, case.hds_id, standby_ids)
    away = {one.standby_id for one in found if _was_away(one, told, grounds.field(duty.dossier_id).number)}
    return tuple(one for one in found if one.standby_id not in busy | away)


def _was_away(option: StandbyOption, told: Sequence[Worked], number: Mapping[str, int]) -> bool:
    """Whether other hours were told of a standby than the GP's at that time: payment knows of no call-in then."""
    rows = [row for row in told if row.shift_id == option.standby_id]
    own = (row for row in rows if row.gp_number == number[option.gp_id])
    return bool(rows) and not any(option.covers.touches(row.starts_at, row.ends_at) for row in own)


def _scene(session: Session, duty: Duty, gap: Gap, absent: int, grounds: Grounds) -> tuple[Dossier, Roster]:
    """The part of the shift among all duties of those on standby then, which is all that the verdicts look at."""
    field = grounds.field(duty.dossier_id)
    part = shift_of(duty).replace(start=local(gap[0]), end=local(gap[1]))
    ill = find_ill_gps(session, duty.hds_id, *gap) | {absent}
    beside = repository.standbys_beside(session, duty.hds_id, duty.dossier_id, *gap)
    numbers = {one.performer_number for one in beside} - ill
    held = repository.duties_held(session, duty.hds_id, duty.dossier_id, numbers)
    others = [one for one in held if one.shift_id != duty.shift_id]
    return field.situation(session, numbers).dossier, Roster(
        shifts=(part, *(shift_of(one) for one in others)),
        gp_of={one.shift_id: field.gp_id[one.performer_number] for one in others if one.performer_number is not None},
    )


def call_who_can(session: Session, case: SicknessCase, choices: SicknessChoices, grounds: Grounds) -> bool:
    """Call in the best standby for each part of the shift for which there is one; whether anybody was called.

    No person does so, whoever reported the illness.
    """
    called = list[str]()
    for gap in still_open(case, repository.calls(session, [case.id])):
        least = min(timedelta(minutes=choices.least_minutes), gap[1] - gap[0])
        fit = [
            one
            for one in options(session, case, gap, grounds)
            if one.is_legal and one.covers.ends_at - one.covers.starts_at >= least
        ]
        if fit:
            called.append(fit[0].standby_id)
            call(session, None, case, fit[0].standby_id, gap, choices, grounds)
    if called:
        settle_calls(session, None, case, grounds)
    return bool(called)


def call(
    session: Session, user_id: int | None, case: SicknessCase, standby_id: str, gap: Gap, choices: SicknessChoices,
    grounds: Grounds,
) -> None:  # fmt: skip
    """Call in a standby for a part of the shift; raises StandbyUnfit. `settle_calls` must follow."""
    from scheduler.standby import call_in

    duty = duty_of(session, case)
    _, roster = _scene(session, duty, gap, case.gp_number, grounds)
    done = call_in(roster, case.shift_id, standby_id)
    standby = swaps.duty(session, case.hds_id, standby_id)
    assert standby is not None and standby.performer_number is not None
    number = standby.performer_number
    session.add(
        SicknessCall(
            case_id=case.id, standby_id=standby_id, gp_number=number, starts_at=done.call_in.starts_at,
            ends_at=done.call_in.ends_at, called_at=now(),
        )
    )  # fmt: skip
    session.flush()
    step(session, case, "called", number)
    _put_down(session, user_id, case.hds_id, done, number, grounds.dossier(duty.dossier_id))
    about = {
        "shift_id": case.shift_id,
        "standby_id": standby_id,
        "case_id": case.id,
        "start": local(done.call_in.start),
        "end": local(done.call_in.end),
    }
    tell(session, case.hds_id, Notice("sickness_called", about, [number]))
    after = {
        "standby_id": standby_id,
        "gp_id": done.gp_id,
        "start": local(done.call_in.start).isoformat(),
        "end": local(done.call_in.end).isoformat(),
    }
    record(session, case.hds_id, user_id, Act("sickness.called_in", subject(case), after=after))
    _refill(session, user_id, case, roster, done, choices, number)


def _put_down(session: Session, user_id: int | None, hds_id: str, done: CallIn, number: int, dossier: Dossier) -> None:
    before = repository.call_ins(session, hds_id, [done.standby_id])
    told = [(row.gp_number, (row.starts_at, row.ends_at)) for row in before]
    own = (number, (done.call_in.starts_at, done.call_in.ends_at))
    tell_calls(session, hds_id, user_id, done.standby_id, [*told, own], dossier)


def take_call_back(
    session: Session, user_id: int | None, case: SicknessCase, call: SicknessCall, dossier: Dossier
) -> None:
    """The standby works no more of the shift from this minute on; other calls of the same standby stay."""
    moment = to_minute(now())
    told = [
        (row.gp_number, (row.starts_at, min(row.ends_at, moment) if meet(row, call) else row.ends_at))
        for row in repository.call_ins(session, case.hds_id, [call.standby_id])
    ]
    cut(session, call, case.shift_id, moment)
    left = [(number, span) for number, span in told if span[0] < span[1]]
    tell_calls(session, case.hds_id, user_id, call.standby_id, left, dossier)


def settle_calls(session: Session, user_id: int | None, case: SicknessCase, grounds: Grounds) -> None:
    """After calls: the rest of the shift is worked by who has it meanwhile, else it is for the planner to see to."""
    calls, duty = repository.calls(session, [case.id]), duty_of(session, case)
    left = still_open(case, calls)
    rest = None if duty.performer_number == case.gp_number else duty.performer_number
    tell_worked(session, user_id, case, grounds.dossier(duty.dossier_id), rest, left)
    if left and rest is None:
        to_planner(session, case, "part_open")
    else:
        covered(session, case, "standby", calls[-1].gp_number)


def _refill(
    session: Session, user_id: int | None, case: SicknessCase, roster: Roster, done: CallIn,
    choices: SicknessChoices, number: int,
) -> None:  # fmt: skip
    """Open a standby in the place of who was called in, with a case of its own that is dealt with next."""
    from api.peak.opening import open_shifts
    from scheduler.peak import refill_of

    span = done.to_refill
    if span.ends_at - max(span.starts_at, now()) < timedelta(minutes=choices.least_minutes):
        return
    report = session.get_one(SicknessReport, case.report_id)
    try:
        shift_ids: Sequence[str] = open_shifts(
            session, case.hds_id, user_id, duty_of(session, case).dossier_id, [refill_of(roster, done)],
            text("sickness.refill", standby=done.standby_id),
        )  # fmt: skip
    except Problem as refused:
        step(session, case, "not_refilled")
        about = {"shift_id": done.standby_id, "case_id": case.id, "why": refused.detail}
        tell(session, case.hds_id, Notice("sickness_not_refilled", about, to_planners=True))
        return
    for shift_id in shift_ids:
        duty = swaps.duty(session, case.hds_id, shift_id)
        assert duty is not None
        opened(session, report, duty, number, "refill")
