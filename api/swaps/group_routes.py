"""Groups of GPs to whom a duty may be offered, such as a hagro."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Response

from api.auth.access import Planner, PlannerOrGp
from api.db.sessions import ReadSession, WriteSession
from api.errors import problems
from api.etag import IfMatch, show_revision
from api.fields import Key
from api.room import room
from api.swaps import groups
from api.swaps.group_schemas import GroupAsked, Groups, GroupShown

router = room("/hds/{hds_id}/groups", "swaps")

GroupId = Annotated[Key, Path(description="The number of the group.", examples=[2])]
CHANGES = ("not_found", "if_match_needed", "changed_meanwhile")


@router.get("", summary="Groups of GPs")
def list_groups(who: PlannerOrGp, session: ReadSession) -> Groups:
    """The planner sees all groups of the HDS, a GP the own ones; by name."""
    return Groups(items=groups.visible(session, who))


@router.post("", status_code=201, summary="Make a group", responses=problems("conflict", "unknown_gp"))
def make_group(who: Planner, session: WriteSession, body: GroupAsked, response: Response) -> GroupShown:
    """A GP may be in several groups."""
    made = groups.create(session, who, body)
    show_revision(response, made.revision)
    return made


@router.put("/{group_id}", summary="Change a group", responses=problems("conflict", "unknown_gp", *CHANGES))
def change_group(
    who: Planner,
    session: WriteSession,
    group_id: GroupId,
    body: GroupAsked,
    response: Response,
    if_match: IfMatch = None,
) -> GroupShown:
    """Its name and all its GPs; offers to the group are from now on for those who are in it."""
    changed = groups.change(session, who, group_id, body, if_match)
    show_revision(response, changed.revision)
    return changed


@router.delete("/{group_id}", status_code=204, summary="Remove a group", responses=problems("wrong_state", *CHANGES))
def remove_group(who: Planner, session: WriteSession, group_id: GroupId, if_match: IfMatch = None) -> None:
    """Possible while no offer to it stands."""
    groups.delete(session, who, group_id, if_match)
