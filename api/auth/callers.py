"""From a request to a caller: a bearer token, or the cookie of a session with its CSRF token."""

from __future__ import annotations

import hashlib

from fastapi import Request
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.principal import Caller, Role
from api.clock import now
from api.db.tables.people import ApiToken, User
from api.errors import Problem


def hash_of(secret: str) -> str:
    """How a secret of high entropy is stored: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def caller_of(request: Request, session: Session) -> Caller:
    """Who is asking; raises `not_logged_in` without valid token or session."""
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer" and secret:
        return _by_token(session, secret.strip())
    raise Problem("not_logged_in", headers={"WWW-Authenticate": "Bearer"})


def _by_token(session: Session, secret: str) -> Caller:
    token = session.scalar(
        select(ApiToken)
        .join(User, User.id == ApiToken.user_id)
        .where(ApiToken.token_hash == hash_of(secret), ApiToken.revoked_at.is_(None), User.disabled_at.is_(None))
    )
    if token is None or token.expires_at <= now():
        raise Problem("not_logged_in", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
    scopes = frozenset(Role(scope) for scope in token.scopes)
    return Caller(token.user_id, token.hds_id, scopes, token.read_only)
