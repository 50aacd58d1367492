"""The HDSs of the caller, and name and choices of one."""

from __future__ import annotations

from fastapi import Response

from api.auth.access import Administrator, AnyCaller
from api.auth.repository import memberships
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.people import Hds
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.hds import choices
from api.hds.schemas import HdsChange, HdsMine, HdsShown
from api.room import room

router = room("/hds", "hds")


@router.get("", summary="The HDSs of the caller", responses=problems("not_logged_in"))
def list_hds(who: AnyCaller, session: ReadSession) -> list[HdsMine]:
    """Where the caller is something, and what; by name."""
    return [
        HdsMine(id=one.hds_id, name=one.hds_name, roles=list(one.roles), gp_id=one.gp_id)
        for one in memberships(session, who)
    ]


@router.get("/{hds_id}", summary="Read an HDS", responses=problems("not_logged_in", "forbidden", "not_found"))
def read_hds(response: Response, member: Administrator, session: ReadSession) -> HdsShown:
    """Its name and all it chose."""
    return _show(response, session.get_one(Hds, member.hds_id))


@router.patch(
    "/{hds_id}",
    summary="Change an HDS",
    responses=problems("not_logged_in", "forbidden", "not_found", "malformed", "changed_meanwhile", "if_match_needed"),
)
def change_hds(
    body: HdsChange, response: Response, member: Administrator, session: WriteSession, if_match: IfMatch = None
) -> HdsShown:
    """Its name, and what it chooses by subject."""
    return _show(response, choices.change(session, member, body, if_match))


def _show(response: Response, hds: Hds) -> HdsShown:
    show_revision(response, hds.revision)
    return HdsShown(id=hds.id, name=hds.name, settings=choices.shown(hds.settings), created_at=hds.created_at)
