"""Sickness: reporting it, answering who is asked, and what the planner sees and does."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Path, Query

from api.auth.access import Planner, PlannerOrGp, member
from api.auth.principal import Member, Role
from api.clock import now
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.sickness import OPEN_STATES, SicknessCase
from api.errors import Problem, problems
from api.fields import Identifier, Key
from api.paging import Page, PageCut, page_of
from api.room import room
from api.sickness import asking, deciding, reports, repository
from api.sickness.schemas import (
    AskAnswer,
    AskShown,
    AssignAsked,
    Better,
    CallAsked,
    CaseShown,
    CloseAsked,
    Longer,
    ReportShown,
    SickAsked,
    StandbyShown,
)
from api.sickness.showing import ask_shown, cases_shown, reports_shown, standbys_shown

router = room("/hds/{hds_id}/sickness", "sickness")

TheGp = Annotated[Member, Depends(member(Role.GP))]
ReportId = Annotated[Key, Path(description="The number of the report.", examples=[3])]
CaseId = Annotated[Key, Path(description="The number of the case.", examples=[12])]
AskId = Annotated[Key, Path(description="The number of what was asked.", examples=[31])]
Once = Annotated[
    Identifier | None,
    Header(alias="Idempotency-Key", description="The same key again gives the same report.", examples=["7f3c"]),
]
STATES = ("not_found", "wrong_state")
ACTS = problems(*STATES, "already_covered")


@router.post(
    "", status_code=201, summary="Report sick",
    responses=problems("not_found", "bad_request", "conflict", "forbidden", "idempotency_key_reused"),
)  # fmt: skip
def report(who: PlannerOrGp, session: WriteSession, body: SickAsked, key: Once = None) -> ReportShown:
    """One shift or a period: the standby is called in, else others are asked in order, else the planner sees it."""
    row = reports.report(session, who, body, key)
    return reports_shown(session, who, [row])[0]


@router.get("", summary="Reports, the newest first", responses=problems("bad_cursor"))
def list_reports(
    who: PlannerOrGp,
    session: ReadSession,
    cut: PageCut,
    running: Annotated[bool, Query(description="Only those that are not over.")] = False,
) -> Page[ReportShown]:
    """A GP sees the own reports and what became of those shifts."""
    number = None if who.has(Role.PLANNER) else who.gp_number
    rows = repository.reports(session, who.hds_id, cut, number, running=running)
    shown = {one.id: one for one in reports_shown(session, who, rows)}
    return page_of(rows, cut, lambda row: (row.id,), lambda row: shown[row.id])


@router.get("/open", summary="Shifts that still need somebody", responses=problems("bad_cursor"))
def list_open(
    who: Planner,
    session: ReadSession,
    cut: PageCut,
    called: Annotated[
        bool, Query(description="Instead those that a called standby does, until they are over.")
    ] = False,
) -> Page[CaseShown]:
    """By start: how urgent each is, who was called and asked, and what they said."""
    rows = repository.open_cases(session, who.hds_id, cut, now() if called else None)
    shown = {one.id: one for one in cases_shown(session, who.hds_id, rows)}
    return page_of(rows, cut, lambda row: (row.starts_at.isoformat(), row.id), lambda row: shown[row.id])


@router.get("/asks/mine", summary="What the caller is asked to take")
def list_asks(
    who: TheGp,
    session: ReadSession,
    every: Annotated[bool, Query(description="Also what is past, the last hundred.")] = False,
) -> list[AskShown]:
    """The shift and the deadline; nothing of who lost it, or why."""
    assert who.gp_number is not None
    return [ask_shown(*pair) for pair in repository.asks_of(session, who.hds_id, who.gp_number, every=every)]


@router.post(
    "/asks/{ask_id}/answer",
    summary="Take the shift or not",
    responses=problems(*STATES, "already_covered", "breaks_rules"),
)
def answer(who: TheGp, session: WriteSession, ask_id: AskId, body: AskAnswer) -> AskShown:
    """The first who says yes has it, judged by the rules as they are now; who comes second gets 409."""
    ask = asking.answer(session, who, ask_id, agreed=body.agreed, reason=body.reason)
    case = repository.case(session, who.hds_id, ask.case_id)
    assert case is not None
    return ask_shown(ask, case)


@router.get("/cases/{case_id}", summary="One case", responses=problems("not_found"))
def read_case(who: Planner, session: ReadSession, case_id: CaseId) -> CaseShown:
    """Every step of it with its time."""
    return cases_shown(session, who.hds_id, [_case(session, who, case_id)])[0]


@router.get("/cases/{case_id}/standbys", summary="Standbys for a case", responses=ACTS)
def list_standbys(who: Planner, session: ReadSession, case_id: CaseId) -> list[StandbyShown]:
    """Of all posts, for the parts that nobody does yet; who may not be called comes with the reasons."""
    case = _case(session, who, case_id)
    return standbys_shown(session, who.hds_id, case) if case.state in OPEN_STATES else []


@router.post(
    "/cases/{case_id}/assign", summary="Give the shift to a GP",
    responses=problems(*STATES, "already_covered", "breaks_rules", "swap_unsound"),
)  # fmt: skip
def assign(who: Planner, session: WriteSession, case_id: CaseId, body: AssignAsked) -> CaseShown:
    """By hand, whoever was asked; no rule is set aside for it."""
    return _shown(session, who, asking.assign(session, who, case_id, body.gp_id))


@router.post(
    "/cases/{case_id}/call", summary="Call in a standby",
    responses=problems(*STATES, "already_covered", "breaks_rules", "standby_unfit"),
)  # fmt: skip
def call_in(who: Planner, session: WriteSession, case_id: CaseId, body: CallAsked) -> CaseShown:
    """Of this post or another; the hours in which both run are recorded for pay."""
    return _shown(session, who, deciding.call_in(session, who, case_id, body.standby_id))


@router.post("/cases/{case_id}/uncall", summary="Call a standby off", responses=problems(*STATES))
def call_off(who: Planner, session: WriteSession, case_id: CaseId, body: CallAsked) -> CaseShown:
    """Who was called in does not come, or was called by mistake: the shift needs somebody again."""
    return _shown(session, who, deciding.call_off(session, who, case_id, body.standby_id))


@router.post("/cases/{case_id}/ask", summary="Go down the list", responses=ACTS)
def ask(who: Planner, session: WriteSession, case_id: CaseId) -> CaseShown:
    """Instead of a standby, or on with it after it was stopped."""
    return _shown(session, who, deciding.ask(session, who, case_id))


@router.post("/cases/{case_id}/stop", summary="Ask nobody any more", responses=ACTS)
def stop(who: Planner, session: WriteSession, case_id: CaseId) -> CaseShown:
    """The planner sees to it."""
    return _shown(session, who, deciding.stop(session, who, case_id))


@router.post("/cases/{case_id}/close", summary="Leave the shift open", responses=ACTS)
def close(who: Planner, session: WriteSession, case_id: CaseId, body: CloseAsked) -> CaseShown:
    """With the reason, as that the post does with one less."""
    return _shown(session, who, deciding.close(session, who, case_id, body.reason))


@router.post("/{report_id}/until", summary="Stay away longer", responses=problems(*STATES))
def prolong(who: PlannerOrGp, session: WriteSession, report_id: ReportId, body: Longer) -> ReportShown:
    """More duties lose their GP, and the absence grows."""
    return reports_shown(session, who, [reports.prolong(session, who, report_id, body.until)])[0]


@router.post("/{report_id}/recovered", summary="Be better", responses=problems(*STATES))
def recovered(who: PlannerOrGp, session: WriteSession, report_id: ReportId, body: Better) -> ReportShown:
    """The absence ends; shifts that nobody does yet can be the GP's again."""
    row = reports.recover(session, who, report_id, at=body.at, take_back=body.take_back)
    return reports_shown(session, who, [row])[0]


def _case(session: ReadSession, who: Member, case_id: int) -> SicknessCase:
    case = repository.case(session, who.hds_id, case_id)
    if case is None:
        raise Problem("not_found")
    return case


def _shown(session: WriteSession, who: Member, case: SicknessCase) -> CaseShown:
    return cases_shown(session, who.hds_id, [case])[0]
