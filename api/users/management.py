"""What an administrator does with the people of an HDS, within that HDS and on record.

An account may serve at several HDSs. Each administrator rules the roles at the own HDS; name, address, password and
disabling belong to the account itself, so they are changed here only while the account serves at no other HDS:
otherwise an administrator of one HDS could come in at another by giving its people a new password.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.accounts import close_account
from api.auth.principal import Member, Role
from api.clock import now
from api.db.tables.people import User
from api.errors import Problem
from api.etag import require_match
from api.users import repository
from api.users.schemas import UserChange, UserNew
from api.users.service import add_membership, create_user, one_time_password, set_password
from scheduler.messages import text


@dataclass(frozen=True)
class Seen:
    """A user with what that user is at one HDS."""

    user: User
    here: repository.Here


def see(session: Session, hds_id: str, user_id: int, *, lock: bool = False) -> Seen:
    """A user of the HDS; raises Problem `not_found` for anybody else."""
    user = repository.user_at(session, hds_id, user_id, lock=lock)
    if user is None:
        raise Problem("not_found")
    return Seen(user, repository.here(session, hds_id, [user_id])[user_id])


def invite(session: Session, member: Member, wish: UserNew) -> tuple[Seen, str | None]:
    """A new user of the HDS with the password to hand over, if any.

    An account that exists is taken in only when the administrator may see it already, at another HDS: otherwise its
    name is just taken. Raises Problem `conflict`, `gp_needed`, `unknown_gp`, `malformed`.
    """
    known = repository.user_named(session, wish.username)
    if known is not None:
        user, password = _taken_in(session, member, known), None
    else:
        user, password = _made(session, wish)
    _give_roles(session, member.hds_id, user.id, wish.roles, wish.gp_id)
    seen = see(session, member.hds_id, user.id)
    act = Act("user.invited", f"user/{user.id}", after=_told(seen), gp_number=seen.here.gp_number)
    record(session, member.hds_id, member.user_id, act)
    return seen, password


def _taken_in(session: Session, member: Member, known: User) -> User:
    at_home = repository.user_at(session, member.hds_id, known.id) is not None
    if at_home or not repository.administers_elsewhere(session, member.user_id, known.id, member.hds_id):
        raise Problem("conflict", text("users.name_taken", username=known.username))
    return known


def _made(session: Session, wish: UserNew) -> tuple[User, str | None]:
    if wish.login == "oidc" and wish.email is None:
        detail = text("users.email_needed")
        raise Problem("malformed", detail, errors=[{"place": ["body", "email"], "expected": detail}])
    password = None if wish.login == "oidc" else one_time_password()
    user = create_user(
        session, wish.username, display_name=wish.display_name, email=wish.email, password=password,
        must_change_password=password is not None,
    )  # fmt: skip
    return user, password


def change(session: Session, member: Member, user_id: int, wish: UserChange, if_match: str | None) -> Seen:
    """Change a user; raises Problem `last_administrator`, `wrong_state` for an account that also serves elsewhere,
    `changed_meanwhile`, `if_match_needed`, `gp_needed`, `unknown_gp`.
    """
    repository.locked_hds(session, member.hds_id)
    before = see(session, member.hds_id, user_id, lock=True)
    require_user_match(session, member.hds_id, before.user, if_match)
    told = _told(before)
    _change_account(session, member.hds_id, before.user, wish)
    if wish.roles is not None or "gp_id" in wish.model_fields_set:
        gp_id = wish.gp_id if "gp_id" in wish.model_fields_set else before.here.gp_id
        roles = list(before.here.roles) if wish.roles is None else wish.roles
        repository.remove_memberships(session, user_id, member.hds_id)
        _give_roles(session, member.hds_id, user_id, roles, gp_id)
    if wish.end_tokens:
        repository.end_access(session, user_id, member.hds_id)
    _bump(before.user, member)
    _require_administrator(session, member.hds_id)
    after = see(session, member.hds_id, user_id)
    number = after.here.gp_number or before.here.gp_number
    told_after = _told(after) | ({"tokens_ended": True} if wish.end_tokens else {})
    act = Act("user.changed", f"user/{user_id}", before=told, after=told_after, gp_number=number)
    record(session, member.hds_id, member.user_id, act)
    return after


def _change_account(session: Session, hds_id: str, user: User, wish: UserChange) -> None:
    if not {"display_name", "email", "disabled"} & wish.model_fields_set:
        return
    _require_only_here(session, hds_id, user.id)
    if wish.display_name is not None:
        user.display_name = wish.display_name
    if "email" in wish.model_fields_set:
        user.email = wish.email
    if wish.disabled is not None and wish.disabled != (user.disabled_at is not None):
        user.disabled_at = now() if wish.disabled else None
        repository.end_access(session, user.id, None)


def reset_password(session: Session, member: Member, user_id: int) -> str:
    """A one-time password for a user who lost the own one: ends the user's sessions and tokens.

    Raises Problem `wrong_state` for an account that also serves elsewhere, or logs in by the OIDC provider.
    """
    user = see(session, member.hds_id, user_id, lock=True).user
    _require_only_here(session, member.hds_id, user.id)
    if user.password_hash is None:
        raise Problem("wrong_state", text("users.by_provider"))
    password = one_time_password()
    repository.end_access(session, user.id, None)
    set_password(session, user, password, must_change=True)
    _bump(user, member)
    record(session, member.hds_id, member.user_id, Act("user.password_reset", f"user/{user_id}"))
    return password


def remove(session: Session, member: Member, user_id: int, if_match: str | None) -> None:
    """Take a user out of the HDS; an account that serves nowhere any more is closed, and its name is free again.

    The name to show stays, so that the audit trail keeps telling who did what. Raises Problem `last_administrator`.
    """
    repository.locked_hds(session, member.hds_id)
    seen = see(session, member.hds_id, user_id, lock=True)
    if if_match is not None:
        require_user_match(session, member.hds_id, seen.user, if_match)
    told = _told(seen)
    repository.remove_memberships(session, user_id, member.hds_id)
    _require_administrator(session, member.hds_id)
    alone = not repository.is_elsewhere(session, user_id, member.hds_id)
    repository.end_access(session, user_id, None if alone else member.hds_id)
    if alone:
        close_account(seen.user)
    _bump(seen.user, member)
    act = Act("user.removed", f"user/{user_id}", before=told, gp_number=seen.here.gp_number)
    record(session, member.hds_id, member.user_id, act)


def require_user_match(session: Session, hds_id: str, user: User, if_match: str | None) -> None:
    """As `require_match`; who changed the account is named only to those of the same HDS."""
    by = repository.name_here(session, hds_id, user.changed_by) or text("users.somebody")
    require_match(if_match, user.revision, by, user.changed_at or user.created_at)


def _give_roles(session: Session, hds_id: str, user_id: int, roles: list[Role], gp_id: str | None) -> None:
    for role in sorted(set(roles)):
        add_membership(session, user_id, hds_id, role, gp_id)


def _bump(user: User, member: Member) -> None:
    user.revision += 1
    user.changed_at, user.changed_by = now(), member.user_id


def _require_only_here(session: Session, hds_id: str, user_id: int) -> None:
    if repository.is_elsewhere(session, user_id, hds_id):
        raise Problem("wrong_state", text("users.serves_elsewhere"))


def _require_administrator(session: Session, hds_id: str) -> None:
    session.flush()
    if repository.count_administrators(session, hds_id) == 0:
        raise Problem("last_administrator", text("users.last_administrator"))


def _told(seen: Seen) -> dict[str, object]:
    """What the audit trail keeps of a user; never anything that opens a door."""
    return {
        "username": seen.user.username,
        "display_name": seen.user.display_name,
        "email": seen.user.email,
        "roles": [role.value for role in seen.here.roles],
        "gp_id": seen.here.gp_id,
        "disabled": seen.user.disabled_at is not None,
    }
