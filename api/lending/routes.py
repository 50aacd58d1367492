"""Shifts that neighbours open to each other's GPs, and the account of them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Response

from api.auth.access import Planner, member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession, WriteSession
from api.errors import problems
from api.fields import Day, Key
from api.lending import openings, taking
from api.lending.account import account, account_csv
from api.lending.schemas import AccountShown, OpeningsAsked, OpeningShown, OpeningsShown, ShiftsToTake, Taken
from api.room import room

router = room("/hds/{hds_id}/neighbours", "neighbours")

TheGp = Annotated[Member, Depends(member(Role.GP))]
Bookkeeper = Annotated[Member, Depends(member(Role.PLANNER, Role.FINANCE))]
OpeningId = Annotated[Key, Path(description="The number of the opening.", examples=[12])]
First = Annotated[Day, Query(description="The first day.", examples=["2027-01-01"])]
Last = Annotated[Day, Query(description="The last day, included.", examples=["2027-03-31"])]
_CSV: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The lines as CSV.",
        "content": {"text/csv": {"example": "direction,hds_id,shift_id,gp_id\n", "schema": {"type": "string"}}},
    }
}


@router.post(
    "/openings", status_code=201, summary="Open shifts to neighbours", responses=problems("not_found", "malformed")
)
def open_shifts(who: Planner, session: WriteSession, body: OpeningsAsked) -> OpeningsShown:
    """Shifts without a GP, or that their GP offers to all. Opening again what stands open changes nothing."""
    return OpeningsShown(items=openings.open_shifts(session, who, body))


@router.get("/openings", summary="What stands open to neighbours")
def list_openings(
    who: Planner,
    session: ReadSession,
    every: Annotated[bool, Query(description="Also what was taken or withdrawn, or is over.")] = False,
) -> OpeningsShown:
    """The newest first, a thousand at most."""
    return OpeningsShown(items=openings.listed(session, who.hds_id, every=every))


@router.post(
    "/openings/{opening_id}/withdraw", summary="Take an opening back", responses=problems("not_found", "wrong_state")
)
def withdraw(who: Planner, session: WriteSession, opening_id: OpeningId) -> OpeningShown:
    """Possible until somebody takes it."""
    return openings.close(session, who, opening_id)


@router.get("/shifts", summary="Shifts of neighbours that are open to the GP")
def shifts(who: TheGp, session: ReadSession) -> ShiftsToTake:
    """With whether the GP may take each, by the rules of both HDSs, and why not. In order of start, 500 at most."""
    return ShiftsToTake(items=taking.to_take(session, who))


@router.post(
    "/shifts/{opening_id}/take",
    summary="Take a shift of a neighbour",
    responses=problems("not_found", "wrong_state", "breaks_rules", "conflict"),
)
def take(who: TheGp, session: WriteSession, opening_id: OpeningId) -> Taken:
    """The GP becomes a guest there, and is paid by that HDS. Asking again for what one has taken gives the same."""
    return taking.take(session, who, opening_id)


@router.get("/account", summary="Who lent what to whom", responses=problems("malformed"))
def show_account(who: Bookkeeper, session: ReadSession, first: First, last: Last) -> AccountShown:
    """Per neighbour and burden what was lent and borrowed, and every shift of it, by the duties as they stand."""
    return account(session, who.hds_id, first, last)


@router.get(
    "/account.csv",
    summary="Who lent what to whom, as CSV",
    response_class=Response,
    responses={**_CSV, **problems("malformed")},
)
def account_file(who: Bookkeeper, session: ReadSession, first: First, last: Last) -> Response:
    """One line a shift."""
    content = account_csv(account(session, who.hds_id, first, last))
    headers = {"Content-Disposition": 'attachment; filename="uitleen.csv"', "Cache-Control": "private, no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
