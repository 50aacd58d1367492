"""Accounts, memberships and tokens as they are made, whoever asks: the routes, the demo, or the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.auth.passwords import hash_password, one_time_password
from api.auth.principal import Role, plain_name
from api.auth.tokens import make_token
from api.clock import now
from api.db.tables.people import Gp, LoginSession, Membership, User
from api.errors import Problem
from scheduler.messages import text

__all__ = ["add_membership", "create_user", "gp_number", "new_token", "one_time_password", "set_password"]


def create_user(
    session: Session,
    username: str,
    *,
    display_name: str = "",
    email: str | None = None,
    password: str | None = None,
    must_change_password: bool = False,
) -> User:
    """A new account, flushed so that it has its id; without `password` only the OIDC provider lets it in.

    Raises Problem `conflict` when the name is taken.
    """
    name = plain_name(username)
    if session.scalar(select(User.id).where(User.username == name)) is not None:
        raise Problem("conflict", text("users.name_taken", username=name))
    user = User(
        username=name, display_name=display_name, email=email, created_at=now(),
        password_hash=None if password is None else hash_password(password),
        must_change_password=must_change_password,
    )  # fmt: skip
    session.add(user)
    session.flush()
    return user


def set_password(session: Session, user: User, password: str, *, must_change: bool) -> None:
    """Store a new password and end every session of the user; with `must_change` it only serves to choose another."""
    user.password_hash, user.must_change_password = hash_password(password), must_change
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    session.flush()


def add_membership(session: Session, user_id: int, hds_id: str, role: Role | str, gp_id: str | None = None) -> None:
    """Give a user one role at an HDS; the role `gp` needs the id of a GP there.

    Raises Problem `unknown_gp` when there is no such GP, `gp_needed` when the role asks for one.
    """
    role = Role(role)
    number = gp_number(session, hds_id, gp_id) if role is Role.GP else None
    session.add(Membership(user_id=user_id, hds_id=hds_id, role=role.value, gp_number=number))
    session.flush()


def gp_number(session: Session, hds_id: str, gp_id: str | None) -> int:
    """The number of a GP of the HDS; raises Problem `gp_needed` or `unknown_gp`."""
    if gp_id is None:
        raise Problem("gp_needed", text("users.gp_needed"))
    number = session.scalar(select(Gp.number).where(Gp.hds_id == hds_id, Gp.gp_id == gp_id, Gp.erased_at.is_(None)))
    if number is None:
        raise Problem("unknown_gp", text("users.unknown_gp", gp_id=gp_id))
    return number


def new_token(session: Session, user_id: int, hds_id: str, scopes: Iterable[Role | str], days: float, name: str) -> str:
    """A bearer token for these roles at one HDS; its secret is given once and only its hash is stored."""
    return make_token(session, user_id, hds_id, scopes, now() + timedelta(days=days), name)[1]
