"""Queries about the people of an HDS."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, exists, func, select, tuple_
from sqlalchemy.orm import Session

from api.auth.principal import Role
from api.auth.repository import revoke_tokens
from api.db.tables.people import Gp, Hds, LoginSession, Membership, User


@dataclass(frozen=True)
class Here:
    """What a user is at one HDS."""

    roles: tuple[Role, ...]
    gp_number: int | None
    gp_id: str | None


def users_at(
    session: Session, hds_id: str, *, role: Role | None, after: tuple[str, int] | None, limit: int
) -> Sequence[User]:
    """The users with any role at the HDS (or this one), by name."""
    held = exists().where(Membership.user_id == User.id, Membership.hds_id == hds_id)
    if role is not None:
        held = held.where(Membership.role == role.value)
    query = select(User).where(held).order_by(User.username, User.id).limit(limit)
    if after is not None:
        query = query.where(tuple_(User.username, User.id) > tuple_(*after))
    return session.scalars(query).all()


def user_at(session: Session, hds_id: str, user_id: int, *, lock: bool = False) -> User | None:
    """One user, if anything at the HDS; `lock` keeps other changes of the account waiting until the commit."""
    held = exists().where(Membership.user_id == User.id, Membership.hds_id == hds_id)
    query = select(User).where(User.id == user_id, held).execution_options(populate_existing=True)
    return session.scalar(query.with_for_update(of=User) if lock else query)


def user_named(session: Session, username: str) -> User | None:
    """The account of that name, wherever it is something; it is locked until the commit."""
    return session.scalar(select(User).where(User.username == username).with_for_update())


def here(session: Session, hds_id: str, user_ids: Iterable[int]) -> dict[int, Here]:
    """What these users are at the HDS."""
    rows = session.execute(
        select(Membership.user_id, Membership.role, Membership.gp_number, Gp.gp_id)
        .outerjoin(Gp, Gp.number == Membership.gp_number)
        .where(Membership.hds_id == hds_id, Membership.user_id.in_(list(user_ids)))
        .order_by(Membership.user_id, Membership.role)
    )
    found: dict[int, Here] = {}
    for user_id, role, number, gp_id in rows:
        known = found.get(user_id, Here((), None, None))
        found[user_id] = Here((*known.roles, Role(role)), number or known.gp_number, gp_id or known.gp_id)
    return found


def is_elsewhere(session: Session, user_id: int, hds_id: str) -> bool:
    """Whether the user is anything at another HDS."""
    return bool(session.scalar(select(exists().where(Membership.user_id == user_id, Membership.hds_id != hds_id))))


def administers_elsewhere(session: Session, administrator_id: int, user_id: int, hds_id: str) -> bool:
    """Whether somebody is administrator at another HDS where this user is something."""
    mine = (
        select(Membership.hds_id)
        .where(
            Membership.user_id == administrator_id,
            Membership.role == Role.ADMINISTRATOR.value,
            Membership.hds_id != hds_id,
        )
    )  # fmt: skip
    return bool(session.scalar(select(exists().where(Membership.user_id == user_id, Membership.hds_id.in_(mine)))))


def locked_hds(session: Session, hds_id: str) -> Hds:
    """The HDS; other changes of it and of its people wait until the commit."""
    query = select(Hds).where(Hds.id == hds_id).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one()


def count_administrators(session: Session, hds_id: str) -> int:
    """How many administrators of the HDS can log in."""
    query = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(Membership.hds_id == hds_id, Membership.role == Role.ADMINISTRATOR.value, User.disabled_at.is_(None))
    )
    return session.scalar(query) or 0


def remove_memberships(session: Session, user_id: int, hds_id: str) -> None:
    """Take every role of a user at the HDS away."""
    session.execute(delete(Membership).where(Membership.user_id == user_id, Membership.hds_id == hds_id))


def end_access(session: Session, user_id: int, hds_id: str | None) -> None:
    """Revoke the user's tokens at the HDS; without one, all tokens, and end all sessions."""
    revoke_tokens(session, user_id, hds_id)
    if hds_id is None:
        session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))


def name_here(session: Session, hds_id: str, user_id: int | None) -> str | None:
    """The name of a user, if anything at the HDS."""
    user = None if user_id is None else user_at(session, hds_id, user_id)
    return None if user is None else user.display_name or user.username
