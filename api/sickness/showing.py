"""Reports, cases and asks as callers see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.tables.sickness import OPEN_STATES, SicknessAsk, SicknessCase, SicknessReport
from api.dossiers.mapping import gp_ids
from api.sickness import deciding, repository
from api.sickness.cases import shown_gaps
from api.sickness.grounds import Grounds
from api.sickness.schemas import (
    AskedShown,
    AskShown,
    CallShown,
    CaseBrief,
    CaseShown,
    PartShown,
    ReportShown,
    StandbyShown,
    StepShown,
)
from scheduler.messages import text

SOON = timedelta(hours=12)
"""A shift that starts this soon and has nobody is urgent, whoever is being asked."""


def _maybe(moment: datetime | None) -> datetime | None:
    return None if moment is None else local(moment)


def _cause(case: SicknessCase) -> str:
    return text(f"sickness.cause.{case.cause}") if case.cause else ""


def reports_shown(session: Session, member: Member, rows: Sequence[SicknessReport]) -> list[ReportShown]:
    """Reports with their cases; how the search for somebody goes, which tells who can, is for planners."""
    hds_id, is_planner = member.hds_id, member.has(Role.PLANNER)
    ids, cases = gp_ids(session, hds_id), repository.cases_of(session, [row.id for row in rows])
    return [
        ReportShown(
            id=row.id, gp_id=ids[row.gp_number], shift_id=row.shift_id, start=local(row.starts_at),
            until=_maybe(row.ends_at), state=row.state, reported_at=local(row.reported_at),
            recovered_at=_maybe(row.recovered_at),
            cases=[
                CaseBrief(
                    id=case.id, kind=case.kind, shift_id=case.shift_id, start=local(case.starts_at),
                    end=local(case.ends_at), state=case.state if is_planner else _state_for_gp(case),
                    cause=_cause(case) if is_planner or case.state not in OPEN_STATES else "",
                    covered_by=ids.get(case.covered_by or 0),
                )
                for case in cases
                if case.report_id == row.id
            ],
        )
        for row in rows
    ]  # fmt: skip


def _state_for_gp(case: SicknessCase) -> str:
    return "asking" if case.state == "planner" else case.state


def urgency(case: SicknessCase, moment: datetime) -> str:
    """How a case is coloured: red where the planner must act or it starts soon."""
    if case.state not in OPEN_STATES:
        return "done"
    if case.state == "planner" or case.since - moment < SOON:
        return "red"
    return "green" if case.state == "waiting" else "orange"


def cases_shown(session: Session, hds_id: str, rows: Sequence[SicknessCase]) -> list[CaseShown]:
    """Cases with who was called and asked, what they said, and what happened when."""
    ids, names, moment = gp_ids(session, hds_id), repository.names_of(session, hds_id), now()
    numbers = [row.id for row in rows]
    asks, calls = repository.asks(session, numbers), repository.calls(session, numbers)
    steps = repository.steps(session, numbers)
    return [
        CaseShown(
            id=row.id, report_id=row.report_id, kind=row.kind, shift_id=row.shift_id, start=local(row.starts_at),
            end=local(row.ends_at), since=local(row.since), gp_id=ids[row.gp_number], state=row.state,
            urgency=urgency(row, moment), cause=_cause(row), covered_by=ids.get(row.covered_by or 0),
            reason=row.reason, opened_at=local(row.opened_at),
            open_parts=[PartShown(start=start, end=end) for start, end in shown_gaps(row, calls)],
            calls=[
                CallShown(
                    standby_id=one.standby_id, gp_id=ids[one.gp_number], start=local(one.starts_at),
                    end=local(one.ends_at), called_at=local(one.called_at),
                )
                for one in calls
                if one.case_id == row.id and one.ended_at is None
            ],
            asks=[_asked(one, ids[one.gp_number], names) for one in asks if one.case_id == row.id],
            steps=[
                StepShown(at=local(one.at), what=text(f"sickness.step.{one.what}"), gp_id=ids.get(one.gp_number or 0))
                for one in steps
                if one.case_id == row.id
            ],
        )
        for row in rows
    ]  # fmt: skip


def _asked(ask: SicknessAsk, gp_id: str, names: dict[str, str]) -> AskedShown:
    return AskedShown(
        gp_id=gp_id, name=names.get(gp_id, gp_id), place=ask.place, state=ask.state, words=ask.words,
        asked_at=local(ask.asked_at), answer_by=local(ask.answer_by), answered_at=_maybe(ask.answered_at),
    )  # fmt: skip


def ask_shown(ask: SicknessAsk, case: SicknessCase) -> AskShown:
    """What a GP was asked: the shift, and nothing of who lost it or why."""
    return AskShown(
        id=ask.id, shift_id=case.shift_id, start=local(max(case.starts_at, case.since)), end=local(case.ends_at),
        state=ask.state, asked_at=local(ask.asked_at), answer_by=local(ask.answer_by),
        answered_at=_maybe(ask.answered_at), open=ask.state in ("asked", "expired") and case.state in OPEN_STATES,
    )  # fmt: skip


def standbys_shown(session: Session, hds_id: str, case: SicknessCase) -> list[StandbyShown]:
    """The standbys that could be called in for what is open of a case."""
    names = repository.names_of(session, hds_id)
    return [
        StandbyShown(
            standby_id=one.standby_id, gp_id=one.gp_id, name=names.get(one.gp_id, one.gp_id),
            start=one.covers.start, end=one.covers.end, whole=one.is_whole, same_post=one.is_same_post,
            legal=one.is_legal, reasons=[violation.text for violation in one.violations],
        )
        for _, some in deciding.standbys(session, case, Grounds(session))
        for one in some
    ]  # fmt: skip
