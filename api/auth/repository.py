"""Queries about callers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.orm import Session

from api.auth.principal import Caller, Role
from api.clock import now
from api.db.tables.people import ApiToken, Gp, Hds, Membership, User


@dataclass(frozen=True)
class AtHds:
    """The roles of a caller at one HDS; `gp_id` with the role `gp`."""

    hds_id: str
    hds_name: str
    roles: tuple[Role, ...]
    gp_id: str | None


def memberships(session: Session, who: Caller) -> list[AtHds]:
    """Where the caller is something, by name of the HDS; a token shows its own HDS and roles only."""
    query = (
        select(Hds.id, Hds.name, Membership.role, Gp.gp_id)
        .join(Membership, Membership.hds_id == Hds.id)
        .outerjoin(Gp, Gp.number == Membership.gp_number)
        .where(Membership.user_id == who.user_id)
        .order_by(Hds.name, Hds.id, Membership.role)
    )
    found: dict[str, AtHds] = {}
    for hds_id, name, value, gp_id in session.execute(query):
        role = Role(value)
        if (who.scopes is not None and role not in who.scopes) or who.token_hds not in (None, hds_id):
            continue
        known = found.get(hds_id, AtHds(hds_id, name, (), None))
        found[hds_id] = AtHds(hds_id, name, (*known.roles, role), gp_id or known.gp_id)
    return list(found.values())


def tokens(
    session: Session, hds_id: str, *, user_id: int | None, live_only: bool, after: int | None, limit: int
) -> Sequence[Row[ApiToken, str]]:
    """Tokens of an HDS with the names of their users, the newest first; of one user, or of all when None."""
    query = _named_tokens(hds_id).order_by(ApiToken.id.desc()).limit(limit)
    if user_id is not None:
        query = query.where(ApiToken.user_id == user_id)
    if live_only:
        query = query.where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now())
    if after is not None:
        query = query.where(ApiToken.id < after)
    return session.execute(query).all()


def token_with_name(session: Session, hds_id: str, token_id: int) -> Row[ApiToken, str] | None:
    """One token of an HDS with the name of its user."""
    return session.execute(_named_tokens(hds_id).where(ApiToken.id == token_id)).one_or_none()


def _named_tokens(hds_id: str) -> Select[ApiToken, str]:
    return select(ApiToken, User.username).join(User, User.id == ApiToken.user_id).where(ApiToken.hds_id == hds_id)


def count_live_tokens(session: Session, user_id: int, hds_id: str) -> int:
    """How many tokens of a user at an HDS are neither revoked nor past their time."""
    query = select(func.count()).where(
        ApiToken.user_id == user_id,
        ApiToken.hds_id == hds_id,
        ApiToken.revoked_at.is_(None),
        ApiToken.expires_at > now(),
    )
    return session.scalar(query) or 0


def revoke_tokens(session: Session, user_id: int, hds_id: str | None = None) -> None:
    """Revoke the tokens of a user, at one HDS or everywhere."""
    revoke = update(ApiToken).where(ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None)).values(revoked_at=now())
    session.execute(revoke if hds_id is None else revoke.where(ApiToken.hds_id == hds_id))
