"""What a route asks of its caller: who may come in, decided in one place.

Who has no role at an HDS is told that it does not exist (404), so that HDSs never see each other; who has one, but not
one of those asked for, is refused (403). Rights go before form: see `gate`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Path, Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.callers import SAFE_METHODS, caller_of
from api.auth.principal import Caller, Held, Member, Role
from api.db.sessions import ReadSession
from api.db.tables.people import Gp, Membership
from api.errors import Problem

AS_ROLE = "X-Anw-Role"
"""Names the one of the own roles that counts for a request: a planner who is a GP too has pages as either."""
HdsId = Annotated[str, Path(max_length=64, description="The id of the HDS.", examples=["demo"])]


def newcomer(request: Request, session: ReadSession, background: BackgroundTasks) -> Caller:
    """Who is asking, even somebody who must change the password first; raises `not_logged_in` or `csrf_refused`."""
    who = caller_of(request, session, background)
    request.state.user_id = who.user_id  # for the log
    return who


Newcomer = Annotated[Caller, Depends(newcomer)]


async def caller(who: Newcomer) -> Caller:
    """Who is asking, by bearer token or session cookie; also raises `password_change_needed`."""
    return settled(who)


AnyCaller = Annotated[Caller, Depends(caller)]


def settled(who: Caller) -> Caller:
    """The caller, unless the password must be changed first."""
    if who.must_change_password:
        raise Problem("password_change_needed")
    return who


@dataclass(frozen=True)
class MemberWith:
    """A dependency that lets in callers with any of `roles` at the HDS in the path, and tells who they are."""

    roles: frozenset[Role]

    def __call__(self, request: Request, hds_id: HdsId, background: BackgroundTasks, session: ReadSession) -> Member:
        """As FastAPI calls it; who is calling is found out in the same thread, not by a dependency of its own."""
        found = self.admit(request, hds_id, settled(newcomer(request, session, background)), session)
        if request.method not in SAFE_METHODS:
            # who writes does so in another session: this one gives its connection back while still in this thread
            session.commit()
        return found

    def admit(self, request: Request, hds_id: str, who: Caller, session: Session) -> Member:
        """The member; raises Problem `not_found` for a stranger to the HDS, `forbidden` without one of the roles."""
        found = _as_asked(member_at(session, who, hds_id), request.headers.get(AS_ROLE))
        if not found.has(*self.roles) or (who.read_only and request.method not in SAFE_METHODS):
            raise Problem("forbidden")
        request.state.hds_id = found.hds_id  # for the log: only an id that was proven to be one
        return found


def member(*roles: Role) -> MemberWith:
    """The dependency for any of `roles`."""
    return MemberWith(frozenset(roles))


def member_at(session: Session, who: Caller, hds_id: str) -> Member:
    """The caller at one HDS; raises `not_found` for somebody without any role there."""
    if "\0" in hds_id:  # no database holds it, and PostgreSQL refuses to look
        raise Problem("not_found")
    if who.token_hds is not None and who.token_hds != hds_id:
        raise Problem("not_found")
    held = _held(session, who.user_id, hds_id) if who.token_hds is None else who.held
    roles = frozenset(one.role for one in held)
    if who.scopes is not None:
        roles &= who.scopes
    if not roles:
        raise Problem("not_found")
    gp = next((one for one in held if one.gp_number is not None and Role.GP in roles), None)
    return Member(who.user_id, hds_id, roles, gp.gp_number if gp else None, gp.gp_id if gp else None)


def _as_asked(found: Member, role: str | None) -> Member:
    """The member with this role alone, or with none where it is not held."""
    if role is None:
        return found
    roles = frozenset(one for one in found.roles if one == role)
    return replace(found, roles=roles) if Role.GP in roles else replace(found, roles=roles, gp_number=None, gp_id=None)


def _held(session: Session, user_id: int, hds_id: str) -> Sequence[Held]:
    rows = session.execute(
        select(Membership.role, Membership.gp_number, Gp.gp_id)
        .outerjoin(Gp, Gp.number == Membership.gp_number)
        .where(Membership.user_id == user_id, Membership.hds_id == hds_id)
    )
    return [Held(Role(row.role), row.gp_number, row.gp_id) for row in rows]


Planner = Annotated[Member, Depends(member(Role.PLANNER))]
Finance = Annotated[Member, Depends(member(Role.FINANCE))]
Administrator = Annotated[Member, Depends(member(Role.ADMINISTRATOR))]
Anyone = Annotated[Member, Depends(member(*Role))]
PlannerOrGp = Annotated[Member, Depends(member(Role.PLANNER, Role.GP))]
