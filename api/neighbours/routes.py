"""One person at several HDSs, and which HDSs are neighbours."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path

from api.auth.access import AnyCaller, member
from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.sessions import ReadSession, WriteSession
from api.errors import problems
from api.fields import Key
from api.neighbours import links, pacts, repository
from api.neighbours.schemas import (
    LinkBegun,
    LinkCode,
    LinkMade,
    LinkShown,
    LinksShown,
    NeighbourAnswer,
    NeighbourInvited,
    NeighbourShown,
    NeighboursShown,
    OwnDuties,
    OwnDuty,
)
from api.room import room

router = room("/hds/{hds_id}", "neighbours")

TheGp = Annotated[Member, Depends(member(Role.GP))]
GpOrAdministrator = Annotated[Member, Depends(member(Role.GP, Role.ADMINISTRATOR))]
Board = Annotated[Member, Depends(member(Role.PLANNER, Role.ADMINISTRATOR))]
LinkId = Annotated[Key, Path(description="The number of the link.", examples=[3])]
NeighbourId = Annotated[Key, Path(description="The number of the agreement between the two HDSs.", examples=[2])]


@router.get("/neighbours", summary="Neighbours of the HDS")
def neighbours(who: Board, session: ReadSession) -> NeighboursShown:
    """Those that are neighbours, were, or are asked to be; the newest first."""
    return NeighboursShown(items=pacts.pacts(session, who.hds_id))


@router.post("/neighbours", status_code=201, summary="Invite another HDS", responses=problems("not_found", "conflict"))
def invite(who: Board, session: WriteSession, body: NeighbourInvited) -> NeighbourShown:
    """The other HDS accepts or refuses; until then nothing is opened to anybody."""
    return pacts.invite(session, who, body)


@router.post(
    "/neighbours/{neighbour_id}/answer", summary="Accept or refuse", responses=problems("not_found", "wrong_state")
)
def answer(who: Board, session: WriteSession, neighbour_id: NeighbourId, body: NeighbourAnswer) -> NeighbourShown:
    """By the HDS that was invited."""
    return pacts.answer(session, who, neighbour_id, agreed=body.agreed)


@router.post(
    "/neighbours/{neighbour_id}/end", summary="Be neighbours no longer", responses=problems("not_found", "wrong_state")
)
def end(who: Board, session: WriteSession, neighbour_id: NeighbourId) -> NeighbourShown:
    """Nothing more is lent; what was lent stays, and stays in the account."""
    return pacts.end(session, who, neighbour_id)


@router.get("/neighbours/links", summary="Who is on duty at another HDS too")
def list_links(who: GpOrAdministrator, session: ReadSession) -> LinksShown:
    """For the administrator all GPs, for a GP the own links; never which other HDS that is."""
    return LinksShown(items=links.links_shown(session, who))


@router.post(
    "/neighbours/links/codes",
    status_code=201,
    summary="A code to link a GP with",
    responses=problems("unknown_gp", "malformed"),
)
def begin_link(who: GpOrAdministrator, session: WriteSession, body: LinkBegun) -> LinkCode:
    """Bring it to the other HDS within a week: the GP with the account there, or the administrator there."""
    return links.begin(session, who, body)


@router.post(
    "/neighbours/links",
    status_code=201,
    summary="Link a GP by the code of another HDS",
    responses=problems("not_found", "unknown_gp", "malformed", "conflict"),
)
def make_link(who: GpOrAdministrator, session: WriteSession, body: LinkMade) -> LinkShown:
    """From now on the rules on working time count the duties of both HDSs, as busy and nothing more."""
    return links.make(session, who, body)


@router.delete("/neighbours/links/{link_id}", status_code=204, summary="Undo a link", responses=problems("not_found"))
def end_link(who: GpOrAdministrator, session: WriteSession, link_id: LinkId) -> None:
    """From either side, by the GP or the administrator."""
    links.end(session, who, link_id)


@router.get("/neighbours/duties", summary="The own duties at all HDSs")
def own_duties(who: TheGp, caller: AnyCaller, session: ReadSession) -> OwnDuties:
    """What the account has shown to be its own: its roles, links that it made from both sides, duties as a guest.

    A bearer token is for one HDS: with it come the duties there, and those as a guest from there.
    """
    number = who.gp_number or 0
    if caller.token_hds is None:
        numbers = repository.own_numbers(session, who.user_id, number)
    else:
        numbers = repository.with_guests(session, [number])
    return OwnDuties(
        items=[
            OwnDuty(
                hds_id=row.hds_id, hds_name=row.hds_name, shift_id=row.shift_id, post_id=row.post_id, role=row.role,
                burden=row.burden, start=local(row.starts_at), end=local(row.ends_at),
            )
            for row in repository.duties_of(session, numbers, now())
        ]
    )  # fmt: skip
