"""What a case goes through, each step with its time; whoever is concerned is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from api.clock import local, now, to_minute
from api.db.tables.rosters import Duty
from api.db.tables.sickness import OPEN_STATES, SicknessCall, SicknessCase, SicknessReport, SicknessStep
from api.errors import Problem
from api.outbox import Notice, tell
from api.sickness import repository
from scheduler.messages import text

Gap = tuple[datetime, datetime]


def subject(case: SicknessCase) -> str:
    """How the audit trail names a case."""
    return f"sickness/case/{case.id}"


def opened(session: Session, report: SicknessReport, duty: Duty, number: int, kind: str = "duty") -> SicknessCase:
    """A new case of a duty that has nobody from now on, or from its start."""
    at = now()
    case = SicknessCase(
        hds_id=report.hds_id, report_id=report.id, kind=kind, shift_id=duty.shift_id, gp_number=number,
        starts_at=duty.starts_at, ends_at=duty.ends_at, since=max(duty.starts_at, to_minute(at)), state="asking",
        next_at=at, opened_at=at, changed_at=at,
    )  # fmt: skip
    session.add(case)
    session.flush()
    step(session, case, f"opened_{kind}", number)
    return case


def step(session: Session, case: SicknessCase, what: str, number: int | None = None) -> None:
    """Note that something happened; `what` is a key of the texts `sickness.step`."""
    case.changed_at = now()
    case.revision = (case.revision or 1) + 1
    session.add(SicknessStep(case_id=case.id, at=case.changed_at, what=what, gp_number=number))
    session.flush()


def gaps(case: SicknessCase, calls: Iterable[SicknessCall]) -> list[Gap]:
    """The parts of the shift that nobody does yet, in order."""
    found, at = list[Gap](), case.since
    live = (call for call in calls if call.case_id == case.id and call.ended_at is None)
    for call in sorted(live, key=lambda one: one.starts_at):
        if at < (until := min(call.starts_at, case.ends_at)):
            found.append((at, until))
        at = max(at, call.ends_at)
    return [*found, (at, case.ends_at)] if at < case.ends_at else found


def still_open(case: SicknessCase, calls: Iterable[SicknessCall], at: datetime | None = None) -> list[Gap]:
    """The parts of the shift that somebody could do from a moment on (None: now), as nobody works in the past."""
    moment = to_minute(at or now())
    return [(max(start, moment), end) for start, end in gaps(case, calls) if moment < end]


def needed_from(session: Session, case: SicknessCase) -> datetime:
    """The first moment for which the shift needs somebody."""
    return next(iter(gaps(case, repository.calls(session, [case.id]))), (case.since, case.ends_at))[0]


def to_planner(session: Session, case: SicknessCase, cause: str) -> None:
    """Show a case in red, and tell the planners; `cause` is a key of the texts `sickness.cause`."""
    if (case.state, case.cause) == ("planner", cause):
        return
    case.state, case.cause = "planner", cause
    step(session, case, "to_planner")
    about = {"shift_id": case.shift_id, "case_id": case.id, "cause": text(f"sickness.cause.{cause}")}
    tell(session, case.hds_id, Notice("sickness_planner", about, to_planners=True))


def part_lost(session: Session, case: SicknessCase, number: int) -> None:
    """Nobody does the part of a standby who fell ill, while a GP has the shift for the rest: the planners are told."""
    case.state, case.cause, case.covered_by, case.next_at = "covered", "elsewhere", number, None
    about = {"shift_id": case.shift_id, "case_id": case.id, "cause": text("sickness.cause.part_open")}
    tell(session, case.hds_id, Notice("sickness_planner", about, to_planners=True))


def covered(session: Session, case: SicknessCase, how: str, number: int | None) -> None:
    """The shift has somebody; `how` is a key of the texts `sickness.cause`."""
    case.state, case.cause, case.covered_by, case.next_at = "covered", how, number, None
    step(session, case, f"covered_{how}", number)
    withdraw_asks(session, case, number)
    about = {"shift_id": case.shift_id, "case_id": case.id}
    who = [case.gp_number] if case.kind == "duty" else []
    tell(session, case.hds_id, Notice("sickness_covered", about, who, to_planners=True))


def ended(session: Session, case: SicknessCase, state: str, cause: str, reason: str = "") -> None:
    """Nobody is looked for any more."""
    case.state, case.cause, case.reason, case.next_at = state, cause, reason, None
    step(session, case, f"ended_{cause}")
    withdraw_asks(session, case, None)


def withdraw_asks(session: Session, case: SicknessCase, but: int | None) -> None:
    """Who was asked, and is not the one who does it, need not answer any more."""
    at = now()
    waiting = [one for one in repository.asks(session, [case.id]) if one.state == "asked" and one.gp_number != but]
    for ask in waiting:
        ask.state, ask.answered_at = "withdrawn", at
    session.flush()
    if waiting:
        about = {"shift_id": case.shift_id, "case_id": case.id}
        tell(session, case.hds_id, Notice("sickness_not_needed", about, [ask.gp_number for ask in waiting]))


def locked_open(session: Session, hds_id: str, case_id: int) -> SicknessCase:
    """An open case for this transaction alone; raises Problem `not_found`, or `already_covered` and `wrong_state`."""
    case = repository.case(session, hds_id, case_id, lock=True)
    if case is None:
        raise Problem("not_found")
    if case.state not in OPEN_STATES:
        code = "already_covered" if case.state in ("covered", "taken_back") else "wrong_state"
        raise Problem(code, text(f"sickness.state.{case.state}"))
    return case


def shown_gaps(case: SicknessCase, calls: Sequence[SicknessCall]) -> list[Gap]:
    """What nobody does yet, by the local clock; nothing once a case is no longer open."""
    if case.state not in OPEN_STATES:
        return []
    return [(local(start), local(end)) for start, end in gaps(case, calls)]
