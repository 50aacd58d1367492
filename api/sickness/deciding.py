"""What the planner does about a case by hand: a standby, another standby, the list again, or leave it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now
from api.db.tables.sickness import SicknessCase
from api.errors import Problem
from api.sickness import repository
from api.sickness.asking import ask_on, locked_out
from api.sickness.cases import Gap, ended, locked_open, step, still_open, subject, to_planner, withdraw_asks
from api.sickness.choices import choices_of
from api.sickness.grounds import Grounds
from api.sickness.reports import hold_for_call
from api.sickness.standby import call, duty_of, options, settle_calls
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
