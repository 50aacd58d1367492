"""The people of an HDS by API, for its administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Response

from api.auth.access import Administrator
from api.auth.principal import Role
from api.db.sessions import ReadSession, WriteSession
from api.errors import Problem, problems
from api.etag import IfMatch, show_revision
from api.fields import Key
from api.paging import Cut, Page, PageCut, page_of
from api.room import room
from api.users import management, repository
from api.users.management import Seen
from api.users.schemas import OneTimePassword, UserChange, UserMade, UserNew, UserShown

router = room("/hds/{hds_id}/users", "users")
UserId = Annotated[Key, Path(description="The number of the user.", examples=[12])]
_ASKED = ("not_logged_in", "forbidden", "not_found")


@router.get("", summary="List the users", responses=problems("bad_cursor", *_ASKED))
def list_users(
    member: Administrator,
    session: ReadSession,
    cut: PageCut,
    role: Annotated[Role | None, Query(description="Only those with this role here.")] = None,
) -> Page[UserShown]:
    """Everybody with a role at this HDS, by username."""
    users = repository.users_at(session, member.hds_id, role=role, after=_after(cut), limit=cut.limit + 1)
    here = repository.here(session, member.hds_id, [user.id for user in users])
    return page_of(users, cut, lambda user: [user.username, user.id], lambda user: _show(Seen(user, here[user.id])))


@router.post(
    "",
    status_code=201,
    summary="Invite a user",
    responses=problems(*_ASKED, "conflict", "gp_needed", "unknown_gp", "malformed"),
)
def invite_user(body: UserNew, response: Response, member: Administrator, session: WriteSession) -> UserMade:
    """An account with its roles at this HDS; the one-time password is in this answer only."""
    seen, password = management.invite(session, member, body)
    show_revision(response, seen.user.revision)
    return UserMade(**_show(seen).model_dump(), one_time_password=password)


@router.get("/{user_id}", summary="Read a user", responses=problems(*_ASKED))
def read_user(user_id: UserId, response: Response, member: Administrator, session: ReadSession) -> UserShown:
    """One user of this HDS."""
    seen = management.see(session, member.hds_id, user_id)
    show_revision(response, seen.user.revision)
    return _show(seen)


@router.patch(
    "/{user_id}",
    summary="Change a user",
    responses=problems(
        *_ASKED, "last_administrator", "wrong_state", "changed_meanwhile", "if_match_needed", "gp_needed",
        "unknown_gp",
    ),
)  # fmt: skip
def change_user(
    user_id: UserId,
    body: UserChange,
    response: Response,
    member: Administrator,
    session: WriteSession,
    if_match: IfMatch = None,
) -> UserShown:
    """Roles at this HDS, and while the account serves nowhere else its name, address, and whether it is disabled."""
    seen = management.change(session, member, user_id, body, if_match)
    show_revision(response, seen.user.revision)
    return _show(seen)


@router.delete(
    "/{user_id}",
    status_code=204,
    summary="Remove a user",
    responses=problems(*_ASKED, "last_administrator", "changed_meanwhile"),
)
def remove_user(user_id: UserId, member: Administrator, session: WriteSession, if_match: IfMatch = None) -> None:
    """Takes every role at this HDS away, at once; an account that serves nowhere any more is closed."""
    management.remove(session, member, user_id, if_match)


@router.post(
    "/{user_id}/password",
    summary="Give a one-time password",
    responses=problems(*_ASKED, "wrong_state"),
)
def reset_password(user_id: UserId, member: Administrator, session: WriteSession) -> OneTimePassword:
    """For who lost the password; ends the user's sessions and tokens."""
    return OneTimePassword(one_time_password=management.reset_password(session, member, user_id))


def _after(cut: Cut) -> tuple[str, int] | None:
    if cut.after is None:
        return None
    match cut.after:
        case [str(username), int(number)]:
            return username, number
    raise Problem("bad_cursor")


def _show(seen: Seen) -> UserShown:
    user, here = seen.user, seen.here
    return UserShown(
        id=user.id, username=user.username, display_name=user.display_name, email=user.email,
        roles=list(here.roles), gp_id=here.gp_id, login="oidc" if user.password_hash is None else "password",
        must_change_password=user.must_change_password, disabled=user.disabled_at is not None,
        created_at=user.created_at,
    )  # fmt: skip
