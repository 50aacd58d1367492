"""Sessions of pages: opened by a login, ended by logout, idleness, age, or a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from api.auth.secret_values import hash_of, new_secret
from api.clock import now
from api.db.tables.people import LoginSession, User
from api.settings import Settings


@dataclass(frozen=True)
class Opened:
    """A new session: `secret` goes into the cookie and nowhere else, `csrf_token` into the body of the answer."""

    user_id: int
    secret: str
    csrf_token: str
    expires_at: datetime


def open_session(session: Session, settings: Settings, user_id: int, replaces: str | None = None) -> Opened:
    """A new session for a user, instead of the one whose secret is `replaces`; sessions past their age are removed."""
    moment = now()
    session.execute(delete(LoginSession).where(LoginSession.expires_at <= moment))
    if replaces:
        end_session(session, hash_of(replaces))
    secret, csrf_token = new_secret(), new_secret()
    expires_at = moment + timedelta(seconds=settings.session_seconds)
    session.add(
        LoginSession(
            secret_hash=hash_of(secret), user_id=user_id, csrf_token=csrf_token, created_at=moment, seen_at=moment,
            expires_at=expires_at,
        )
    )  # fmt: skip
    session.flush()
    return Opened(user_id, secret, csrf_token, expires_at)


def find_session(session: Session, settings: Settings, secret: str) -> tuple[LoginSession, User] | None:
    """The session of a cookie with its user; None when it ended, grew too old or idle, or the user was disabled."""
    moment = now()
    idle_since = moment - timedelta(seconds=settings.session_idle_seconds)
    found = session.execute(
        select(LoginSession, User)
        .join(User, User.id == LoginSession.user_id)
        .where(
            LoginSession.secret_hash == hash_of(secret),
            LoginSession.expires_at > moment,
            LoginSession.seen_at > idle_since,
            User.disabled_at.is_(None),
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def end_session(session: Session, secret_hash: str) -> None:
    """End one session, if it is still there."""
    session.execute(delete(LoginSession).where(LoginSession.secret_hash == secret_hash))


def touch_session(session: Session, secret_hash: str, seen_before: datetime) -> None:
    """Note that a session is in use, unless that was noted after `seen_before`."""
    session.execute(
        update(LoginSession)
        .where(LoginSession.secret_hash == secret_hash, LoginSession.seen_at < seen_before)
        .values(seen_at=now())
    )
