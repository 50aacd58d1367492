"""What the planner does about a case by hand: a standby, another standby, the list again, or leave it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now
from api.db.tables.sickness import OPEN_STATES, SicknessCase
from api.dossiers.mapping import gp_ids
from api.errors import Problem
from api.outbox import Notice, tell
from api.sickness import repository
from api.sickness.asking import ask_on, locked_out
from api.sickness.cases import Gap, ended, locked_open, step, still_open, subject, to_planner, withdraw_asks
from api.sickness.choices import choices_of
from api.sickness.grounds import Grounds
from api.sickness.reports import hold_for_call
from api.sickness.standby import call, duty_of, options, settle_calls, take_call_back
from api.swaps import repository as swaps
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.standby import StandbyOption


def standbys(session: Session, case: SicknessCase, grounds: Grounds) -> list[tuple[Gap, tuple[StandbyOption, ...]]]:
    """For each part that nobody does, the standbys of all posts that run then, those who may first."""
    return [
        (gap, options(session, case, gap, grounds)) for gap in still_open(case, repository.calls(session, [case.id]))
    ]


def call_in(session: Session, member: Member, case_id: int, standby_id: str) -> SicknessCase:
    """Call in a standby for every part of the shift in which it runs.

    Raises Problem `not_found`, `already_covered`, `standby_unfit` for a standby that does not run then or has nobody,
    `breaks_rules` for one who may not.
    """
    case = locked_out(session, member.hds_id, case_id)
    duty_of(session, case)
    if swaps.duty(session, member.hds_id, standby_id) is None:
        raise Problem("not_found", text("swaps.not_in_force"))
    hold_for_call(session, case, standby_id)
    case, grounds = locked_open(session, member.hds_id, case_id), Grounds(session)
    found = [
        (gap, one) for gap, some in standbys(session, case, grounds) for one in some if one.standby_id == standby_id
    ]
    if not found:
        raise Problem("standby_unfit", text("sickness.standby_elsewhere", standby=standby_id))
    reasons = [violation for _, one in found for violation in one.violations]
    if reasons:
        told = [{"gp_id": one.gp_id, "rule": one.rule, "expected": one.text} for one in reasons]
        raise Problem("breaks_rules", " ".join(one.text for one in reasons), errors=told)
    choices = choices_of(session, member.hds_id)
    for gap, one in found:
        call(session, member.user_id, case, one.standby_id, gap, choices, grounds)
    settle_calls(session, member.user_id, case, grounds)
    return case


def call_off(session: Session, member: Member, case_id: int, standby_id: str) -> SicknessCase:
    """A standby who was called in does not come, or was called by mistake: the planner sees to the shift again.

    Raises Problem `not_found`, and `wrong_state` for a call that is over or not there, or when a GP has the shift.
    """
    seen = repository.case(session, member.hds_id, case_id)
    if seen is None:
        raise Problem("not_found")
    hold_for_call(session, seen, standby_id)
    case = repository.case(session, member.hds_id, case_id, lock=True)
    assert case is not None
    duty, moment = duty_of(session, case), now()
    calls = [
        one
        for one in repository.calls(session, [case.id])
        if one.standby_id == standby_id and one.ended_at is None and one.ends_at > moment
    ]
    if not calls or duty.performer_number is not None or case.state not in (*OPEN_STATES, "covered"):
        raise Problem("wrong_state", text("sickness.not_called"))
    dossier = Grounds(session).dossier(duty.dossier_id)
    for one in calls:
        take_call_back(session, member.user_id, case, one, dossier)
        step(session, case, "called_off", one.gp_number)
    case.covered_by, case.next_at = None, moment
    to_planner(session, case, "called_off")
    numbers = [one.gp_number for one in calls]
    about = {"shift_id": case.shift_id, "standby_id": standby_id, "case_id": case.id}
    tell(session, member.hds_id, Notice("sickness_called_off", about, numbers))
    ids = gp_ids(session, member.hds_id)
    after = {"standby_id": standby_id, "gp_ids": [ids[number] for number in numbers]}
    record(session, member.hds_id, member.user_id, Act("sickness.called_off", subject(case), after=after))
    return case


def stop(session: Session, member: Member, case_id: int) -> SicknessCase:
    """Ask nobody any more: the planner sees to it; who was asked need not answer."""
    case = locked_open(session, member.hds_id, case_id)
    withdraw_asks(session, case, None)
    to_planner(session, case, "stopped")
    record(session, member.hds_id, member.user_id, Act("sickness.stopped", subject(case)))
    return case


def ask(session: Session, member: Member, case_id: int) -> SicknessCase:
    """Go down the list after all, or on with it."""
    case = locked_open(session, member.hds_id, case_id)
    duty_of(session, case)
    case.cause = ""
    case.state = "asking"
    step(session, case, "asking")
    record(session, member.hds_id, member.user_id, Act("sickness.asking", subject(case)))
    ask_on(session, case, now(), Grounds(session))
    return case


def close(session: Session, member: Member, case_id: int, reason: str) -> SicknessCase:
    """Leave it so: the post does with one less."""
    case = locked_open(session, member.hds_id, case_id)
    ended(session, case, "closed", "by_planner", reason)
    record(session, member.hds_id, member.user_id, Act("sickness.closed", subject(case), reason=reason))
    return case
