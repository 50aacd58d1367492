"""Bearer tokens for API clients: made within the own rights, shown, revoked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Caller, Member, Role
from api.auth.repository import count_live_tokens, token_with_name
from api.auth.secret_values import hash_of, new_secret
from api.clock import now
from api.db.tables.people import ApiToken
from api.errors import Problem
from api.settings import Settings
from scheduler.messages import text

PREFIX = "anw_"
MOST_LIVE = 100
"""Tokens of one user at one HDS that live at once: more is a client that makes one for every call."""


def make_token(
    session: Session,
    user_id: int,
    hds_id: str,
    scopes: Iterable[Role | str],
    expires_at: datetime,
    name: str,
    *,
    read_only: bool = False,
) -> tuple[ApiToken, str]:
    """A token with its secret, of which only the hash is stored; scopes that the user does not hold never count."""
    secret = PREFIX + new_secret()
    token = ApiToken(
        user_id=user_id, hds_id=hds_id, name=name, token_hash=hash_of(secret), read_only=read_only,
        scopes=sorted({Role(scope).value for scope in scopes}), created_at=now(), expires_at=expires_at,
    )  # fmt: skip
    session.add(token)
    session.flush()
    return token, secret


def make_own(
    session: Session,
    settings: Settings,
    who: Caller,
    member: Member,
    name: str,
    scopes: Sequence[Role],
    read_only: bool,
    days: int | None,
) -> tuple[ApiToken, str]:
    """A token of the caller's own, with its secret.

    By a token one makes no token that may more, or lives longer, than itself. Raises Problem `forbidden` for a role
    that the caller does not have here, `malformed` for more days than allowed, `wrong_state` for too many tokens.
    """
    missing = sorted(set(scopes) - member.roles)
    if missing:
        raise Problem("forbidden", text("auth.scope_missing", scopes=", ".join(missing)))
    if days is not None and days > settings.token_days:
        detail = text("auth.too_many_days", most=settings.token_days)
        raise Problem("malformed", detail, errors=[{"place": ["body", "days"], "expected": detail}])
    if count_live_tokens(session, who.user_id, member.hds_id) >= MOST_LIVE:
        raise Problem("wrong_state", text("auth.too_many_tokens", most=MOST_LIVE))
    expires_at = now() + timedelta(days=days or settings.token_days)
    if who.token_id is not None and who.expires_at is not None:
        expires_at = min(expires_at, who.expires_at)
    made = make_token(session, who.user_id, member.hds_id, scopes, expires_at, name, read_only=read_only)
    record(session, member.hds_id, who.user_id, Act("token.made", f"token/{made[0].id}", after=_told(made[0])))
    return made


def revoke(session: Session, member: Member, token_id: int) -> None:
    """End a token: an own one, or as administrator any of the HDS; raises Problem `not_found` for another."""
    found = token_with_name(session, member.hds_id, token_id)
    if found is None or not (found[0].user_id == member.user_id or member.has(Role.ADMINISTRATOR)):
        raise Problem("not_found")
    token = found[0]
    if token.revoked_at is None:
        token.revoked_at = now()
        record(session, member.hds_id, member.user_id, Act("token.revoked", f"token/{token.id}", before=_told(token)))


def _told(token: ApiToken) -> dict[str, object]:
    return {
        "user_id": token.user_id,
        "scopes": token.scopes,
        "read_only": token.read_only,
        "expires_at": token.expires_at.isoformat(),
    }
