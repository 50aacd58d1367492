"""From a request to a caller: a bearer token, or the cookie of a session with its CSRF token."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlsplit

from fastapi import BackgroundTasks, Request
from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from api.auth import cookies
from api.auth.notes import note
from api.auth.principal import Caller, Held, Role
from api.auth.secret_values import hash_of
from api.auth.sessions import find_session, touch_session
from api.clock import now
from api.db.sessions import database
from api.db.tables.people import ApiToken, Gp, Membership, User
from api.errors import Problem
from api.settings import Settings

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
_NOTED_EVERY = timedelta(seconds=60)
_TOKEN = (
    select(
        ApiToken.id, ApiToken.user_id, ApiToken.hds_id, ApiToken.scopes, ApiToken.read_only, ApiToken.used_at,
        ApiToken.expires_at, Membership.role, Membership.gp_number, Gp.gp_id,
    )
    .join(User, User.id == ApiToken.user_id)
    .outerjoin(Membership, (Membership.user_id == User.id) & (Membership.hds_id == ApiToken.hds_id))
    .outerjoin(Gp, Gp.number == Membership.gp_number)
    .where(ApiToken.token_hash == bindparam("hash"), ApiToken.revoked_at.is_(None), User.disabled_at.is_(None))
)  # fmt: skip
"""A token with the roles of its user at its HDS: a row a role, one without where there is none."""


def settings_of(request: Request) -> Settings:
    """The settings of this application."""
    found: Settings = request.app.state.settings
    return found


def caller_of(request: Request, session: Session, background: BackgroundTasks | None = None) -> Caller:
    """Who is asking; notes in `background`, at most once a minute, that token or session is in use.

    Raises Problem `not_logged_in` without valid token or session, `csrf_refused` for a change that did not come from
    an own page. A bearer token goes first, and a wrong one is never made good by a cookie.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        kind, _, secret = authorization.partition(" ")
        if kind.lower() != "bearer" or not secret.strip():
            raise _unknown()
        return _by_token(request, session, secret.strip(), background)
    secret = cookies.read(request, settings_of(request), cookies.SESSION) or ""
    if not secret:
        raise _unknown()
    return _by_session(request, session, secret, background)


def require_own_origin(request: Request) -> None:
    """Refuse a request that a browser sends for a page of another site; raises Problem `csrf_refused`."""
    origin = request.headers.get("origin")
    if origin is None:
        return
    own = urlsplit(settings_of(request).base_url)
    named = urlsplit(origin)
    if (named.scheme, named.netloc) == (own.scheme, own.netloc):
        return
    if named.netloc and named.netloc == request.headers.get("host"):
        return
    raise Problem("csrf_refused")


def _unknown(error: str = "") -> Problem:
    return Problem("not_logged_in", headers={"WWW-Authenticate": f"Bearer{error}"})


def _by_token(request: Request, session: Session, secret: str, background: BackgroundTasks | None) -> Caller:
    rows = session.execute(_TOKEN, {"hash": hash_of(secret)}).all()
    moment = now()
    if not rows or rows[0].expires_at <= moment:
        raise _unknown(' error="invalid_token"')
    token = rows[0]
    if background is not None and (token.used_at is None or token.used_at < moment - _NOTED_EVERY):
        touch = partial(_touch_token, token_id=token.id, noted_before=moment - _NOTED_EVERY)
        background.add_task(note, database(request), ("token", token.id), touch)
    return Caller(
        token.user_id, token.hds_id, frozenset(Role(scope) for scope in token.scopes), token.read_only,
        token_id=token.id, expires_at=token.expires_at,
        held=tuple(Held(Role(row.role), row.gp_number, row.gp_id) for row in rows if row.role is not None),
    )  # fmt: skip


def _by_session(request: Request, session: Session, secret: str, background: BackgroundTasks | None) -> Caller:
    found = find_session(session, settings_of(request), secret)
    if found is None:
        raise _unknown()
    row, user = found
    if request.method not in SAFE_METHODS:
        _require_own_page(request, row.csrf_token)
    noted_before = now() - min(_NOTED_EVERY, timedelta(seconds=settings_of(request).session_idle_seconds / 4))
    if background is not None and row.seen_at < noted_before:
        touch = partial(touch_session, secret_hash=row.secret_hash, seen_before=noted_before)
        background.add_task(note, database(request), ("session", row.secret_hash), touch)
    return Caller(
        user.id, session_hash=row.secret_hash, csrf_token=row.csrf_token,
        must_change_password=user.must_change_password, expires_at=row.expires_at,
    )  # fmt: skip


def _require_own_page(request: Request, csrf_token: str) -> None:
    require_own_origin(request)
    sent = request.headers.get(CSRF_HEADER, "")
    if not hmac.compare_digest(sent.encode(), csrf_token.encode()):
        raise Problem("csrf_refused")


def _touch_token(session: Session, token_id: int, noted_before: datetime) -> None:
    session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id, (ApiToken.used_at.is_(None)) | (ApiToken.used_at < noted_before))
        .values(used_at=now())
    )
