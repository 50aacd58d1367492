"""The roster in force: whole, one's own, and in figures."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Header, Query, Response

from api.auth.access import member as members
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession
from api.errors import problems
from api.fields import Day
from api.paging import Page
from api.room import room
from api.rosters import force
from api.rosters.coverage import coverage_of
from api.rosters.filters import Filters, ShiftsAsked
from api.rosters.force_schemas import Coverage, Duty, Names, OwnDuties
from api.rosters.showing import json_answer

router = room("/hds/{hds_id}", "roster")

Reader = Annotated[Member, Depends(members(Role.PLANNER, Role.GP, Role.FINANCE, Role.INSURER))]
Colleague = Annotated[Member, Depends(members(*force.SEES_NAMES))]
OnlyGp = Annotated[Member, Depends(members(Role.GP))]
Judge = Annotated[Member, Depends(members(Role.INSURER, Role.PLANNER, Role.FINANCE))]
IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", description="The ETag of the answer you have.")]
From = Annotated[Day | None, Query(alias="from", description="First local day.", examples=["2027-01-01"])]
Until = Annotated[Day | None, Query(alias="until", description="Last local day.", examples=["2027-12-31"])]
NOT_MODIFIED: dict[int | str, dict[str, Any]] = {304: {"description": "Nothing changed since that ETag."}}


def _answer(content: bytes, etag: str) -> Response:
    return json_answer(content, {"ETag": etag, "Cache-Control": "private, no-cache"})


def _unchanged(etag: str) -> Response:
    return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})


@router.get(
    "/roster",
    response_model=Page[Duty],
    responses=problems("not_found", "bad_cursor") | NOT_MODIFIED,
)
def show_roster(
    member: Reader, session: ReadSession, asked: ShiftsAsked, if_none_match: IfNoneMatch = None
) -> Response:
    """The roster in force in order of start; an insurer gets it without any GP.

    The ETag changes with every publication and with every duty that changes hands.
    """
    etag = force.etag_of_force(session, member)
    if force.is_known(if_none_match, etag):
        return _unchanged(etag)
    return _answer(force.roster_json(session, member, asked), etag)


@router.get("/roster/mine", response_model=OwnDuties, responses=problems("not_found") | NOT_MODIFIED)
def show_own_duties(
    member: OnlyGp, session: ReadSession, start: From = None, end: Until = None, if_none_match: IfNoneMatch = None
) -> Response:
    """The duties of the GP who asks: those performed, those as a trainee, and those that somebody took over."""
    content, etag = force.own_json(session, member, start, end)
    # asked by everybody at once when a roster is out: the connection is given back in this thread, not in another
    session.close()
    return _unchanged(etag) if force.is_known(if_none_match, etag) else _answer(content, etag)


@router.get("/roster/names", responses=problems("not_found"))
def show_names(member: Colleague, session: ReadSession) -> Names:
    """Who is who and which post is which, for whoever sees the roster with names."""
    return force.names(session, member.hds_id)


@router.get("/coverage", responses=problems("not_found"))
def show_coverage(member: Judge, session: ReadSession, start: From = None, end: Until = None) -> Coverage:
    """Coverage and fairness of the roster in force: no figure tells of one GP."""
    return coverage_of(session, member.hds_id, Filters(start=start, end=end))
