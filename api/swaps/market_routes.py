"""Wants, and searching the whole market for rings."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Query, Request

from api.auth.access import Planner, PlannerOrGp, member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession, WriteSession, database
from api.errors import Problem, problems
from api.fields import Key
from api.paging import Page, PageCut, page_of
from api.room import room
from api.swaps import market_repository, rings, wants
from api.swaps.market_schemas import SearchAsked, SearchShown, WantAsked, WantShown
from api.swaps.market_showing import searches_shown, wants_shown

router = room("/hds/{hds_id}/swaps", "swaps")

TheGp = Annotated[Member, Depends(member(Role.GP))]
WantId = Annotated[Key, Path(description="The number of the want.", examples=[3])]
SearchId = Annotated[Key, Path(description="The number of the search.", examples=[5])]


@router.get("/wants", summary="Wants, the newest first", responses=problems("bad_cursor"))
def list_wants(
    who: PlannerOrGp,
    session: ReadSession,
    cut: PageCut,
    every: Annotated[bool, Query(description="Also those that were withdrawn.")] = False,
) -> Page[WantShown]:
    """A GP sees the own wants, the planner all."""
    number = None if who.has(Role.PLANNER) else who.gp_number
    rows = market_repository.wants(session, who.hds_id, number, cut, every=every)
    shown = {one.id: one for one in wants_shown(session, who.hds_id, rows)}
    return page_of(rows, cut, lambda row: (row.id,), lambda row: shown[row.id])


@router.post(
    "/wants", status_code=201, summary="State what you would take", responses=problems("conflict", "wrong_state")
)
def state_want(who: TheGp, session: WriteSession, body: WantAsked) -> WantShown:
    """Duties that the caller would take without giving one; the next search for rings counts on it, and asks first."""
    return wants_shown(session, who.hds_id, [wants.state(session, who, body)])[0]


@router.post("/wants/{want_id}/withdraw", summary="Take a want back", responses=problems("not_found", "wrong_state"))
def withdraw_want(who: PlannerOrGp, session: WriteSession, want_id: WantId) -> WantShown:
    """Proposals that came of it stay, and still need the caller's consent."""
    return wants_shown(session, who.hds_id, [wants.withdraw(session, who, want_id)])[0]


@router.post("/rings", status_code=201, summary="Search for rings", responses=problems("busy"))
def search_rings(who: Planner, session: ReadSession, request: Request, body: SearchAsked) -> SearchShown:
    """The largest set of handovers, exchanges, rings and chains in all offers, wants and open duties together.

    Each is proposed to all concerned and done only when all agree; a GP who gave a duty away for nothing has agreed by
    that. What is proposed is not searched again while the proposal stands, nor what somebody refused or left
    unanswered.
    """
    # no connection is held while the search goes on
    session.commit()
    search_id = rings.search(database(request), who.hds_id, who.user_id, body.seconds)
    return _shown(session, who, search_id)


@router.get("/rings", summary="Searches for rings, the newest first", responses=problems("bad_cursor"))
def list_searches(who: Planner, session: ReadSession, cut: PageCut) -> Page[SearchShown]:
    """Those that a planner began and those that were begun at the time that the HDS chose."""
    rows = market_repository.searches(session, who.hds_id, cut)
    shown = {one.id: one for one in searches_shown(session, rows)}
    return page_of(rows, cut, lambda row: (row.id,), lambda row: shown[row.id])


@router.get("/rings/{search_id}", summary="One search for rings", responses=problems("not_found"))
def one_search(who: Planner, session: ReadSession, search_id: SearchId) -> SearchShown:
    """How large the market was, and what came of it."""
    return _shown(session, who, search_id)


def _shown(session: ReadSession, who: Member, search_id: int) -> SearchShown:
    row = market_repository.search(session, who.hds_id, search_id)
    if row is None:
        raise Problem("not_found")
    return searches_shown(session, [row])[0]
