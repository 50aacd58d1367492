"""What a route asks of its caller: who may come in, decided in one place.

Who has no role at an HDS is told that it does not exist (404), so that HDSs never see each other; who has one, but not
one of those asked for, is refused (403).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, Path, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.callers import caller_of
from api.auth.principal import Caller, Member, Role
from api.db.sessions import ReadSession
from api.db.tables.people import Gp, Membership
from api.errors import Problem

HdsId = Annotated[str, Path(max_length=64, description="The id of the HDS.", examples=["demo"])]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def caller(request: Request, session: ReadSession) -> Caller:
    """Who is asking, by bearer token or session cookie; raises `not_logged_in` or `csrf_refused`."""
    return caller_of(request, session)


AnyCaller = Annotated[Caller, Depends(caller)]


def member(*roles: Role) -> Callable[..., Member]:
    """A dependency that lets in callers with any of `roles` at the HDS in the path, and tells who they are."""

    def let_in(request: Request, hds_id: HdsId, who: AnyCaller, session: ReadSession) -> Member:
        found = member_at(session, who, hds_id)
        if not found.has(*roles) or (who.read_only and request.method not in SAFE_METHODS):
            raise Problem("forbidden")
        return found

    return let_in


def member_at(session: Session, who: Caller, hds_id: str) -> Member:
    """The caller at one HDS; raises `not_found` for somebody without any role there."""
    rows = session.execute(
        select(Membership.role, Membership.gp_number, Gp.gp_id)
        .outerjoin(Gp, Gp.number == Membership.gp_number)
        .where(Membership.user_id == who.user_id, Membership.hds_id == hds_id)
    ).all()
    roles = frozenset(Role(row.role) for row in rows)
    if who.scopes is not None:
        roles &= who.scopes
    if not roles or (who.token_hds is not None and who.token_hds != hds_id):
        raise Problem("not_found")
    gp = next((row for row in rows if row.gp_number is not None and Role.GP in roles), None)
    return Member(who.user_id, hds_id, roles, gp.gp_number if gp else None, gp.gp_id if gp else None)


Planner = Annotated[Member, Depends(member(Role.PLANNER))]
Finance = Annotated[Member, Depends(member(Role.FINANCE))]
Administrator = Annotated[Member, Depends(member(Role.ADMINISTRATOR))]
Anyone = Annotated[Member, Depends(member(*Role))]
PlannerOrGp = Annotated[Member, Depends(member(Role.PLANNER, Role.GP))]
