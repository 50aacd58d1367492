"""Logging in and out with a local account, and choosing another password.

Hashing takes tens of milliseconds, so it never happens inside a transaction that others wait for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.audit.trail import INSTALLATION
from api.auth.passwords import check_password, find_weaknesses, hash_password
from api.auth.principal import Caller, plain_name
from api.auth.rate import Buckets, buckets, count_attempt, forget_attempts
from api.auth.repository import memberships, revoke_tokens
from api.auth.schemas import NewPassword
from api.auth.sessions import Opened, open_session
from api.db.engine import Database
from api.db.tables.people import LoginSession, User
from api.errors import Problem
from api.settings import Settings
from scheduler.messages import text


@dataclass(frozen=True)
class Asking:
    """Where a login comes from: the address, the device cookie, and the session that it replaces, if any."""

    address: str
    device: str | None = None
    session_secret: str | None = None


def log_in(database: Database, settings: Settings, username: str, password: str, asking: Asking) -> Opened:
    """A new session for who knows the password; raises Problem `wrong_credentials` or `too_many_attempts`."""
    name = plain_name(username)
    counted = buckets(settings, name, asking.address, asking.device)
    with database.writing() as session:
        count_attempt(session, settings, counted)
    with database.reading() as session:
        user = session.scalar(select(User).where(User.username == name, User.disabled_at.is_(None)))
    right, renewed = check_password(password, user.password_hash if user else None)
    if user is None or not right:
        _refuse(database, user)
        raise Problem("wrong_credentials")
    with database.writing() as session:
        _require_unchanged(session, user, renewed)
        forget_attempts(session, counted)
        opened = open_session(session, settings, user.id, asking.session_secret)
        record(session, INSTALLATION, user.id, Act("login.succeeded", f"user/{user.id}", after={"by": "password"}))
    return opened


def _refuse(database: Database, user: User | None) -> None:
    """Put on record that somebody failed; the same work whether or not the name exists."""
    with database.writing() as session:
        record(session, INSTALLATION, None, Act("login.failed", f"user/{user.id if user else '?'}"))


def _require_unchanged(session: Session, seen: User, renewed: str | None) -> None:
    """The account may have been closed, or its password changed, while the old one was being checked."""
    user = session.get(User, seen.id, with_for_update=True)
    if user is None or user.disabled_at is not None or user.password_hash != seen.password_hash:
        raise Problem("wrong_credentials")
    if renewed is not None:
        user.password_hash = renewed


def log_out(database: Database, who: Caller) -> None:
    """End the session of the caller; raises Problem `wrong_state` for a bearer token, which is revoked instead."""
    with database.writing() as session:
        row = session.get(LoginSession, _session_of(who))
        if row is not None:
            session.delete(row)
            record(session, INSTALLATION, who.user_id, Act("logout", f"user/{who.user_id}"))


def change_password(database: Database, settings: Settings, who: Caller, wish: NewPassword, address: str) -> Opened:
    """Store the chosen password, end all sessions and open a fresh one in place of the caller's; tokens on request.

    Raises Problem `wrong_credentials`, `too_many_attempts`, `password_weak` with every weakness, or `wrong_state` for
    a bearer token and for an account without a password.
    """
    _session_of(who)
    with database.reading() as session:
        user = session.get_one(User, who.user_id)
        names = [user.username, user.display_name, user.email or ""]
        names += [part for at in memberships(session, who) for part in (at.hds_id, at.hds_name)]
    if user.password_hash is None:
        raise Problem("wrong_state", text("auth.no_password"))
    counted = _check_current(database, settings, user, wish.current, address)
    _require_strong(wish, names)
    stored = hash_password(wish.chosen)
    with database.writing() as session:
        _require_unchanged(session, user, stored)
        row = session.get_one(User, user.id)
        row.must_change_password = False
        forget_attempts(session, counted)
        for other in session.scalars(select(LoginSession).where(LoginSession.user_id == user.id)):
            session.delete(other)
        if wish.end_tokens:
            revoke_tokens(session, user.id)
        opened = open_session(session, settings, user.id)
        after = {"tokens_ended": wish.end_tokens}
        record(session, INSTALLATION, user.id, Act("password.changed", f"user/{user.id}", after=after))
    return opened


def _check_current(database: Database, settings: Settings, user: User, current: str, address: str) -> Buckets:
    """A stolen session may not serve to guess the password: attempts count as those of a login do."""
    counted = buckets(settings, user.username, address, None)
    with database.writing() as session:
        count_attempt(session, settings, counted)
    if not check_password(current, user.password_hash)[0]:
        raise Problem("wrong_credentials")
    return counted


def _require_strong(wish: NewPassword, own_words: Iterable[str]) -> None:
    found = list(find_weaknesses(wish.chosen, own_words))
    if wish.chosen == wish.current:
        found.append(text("auth.weak.same"))
    if found:
        raise Problem("password_weak", " ".join(found), errors=[{"expected": one} for one in found])


def _session_of(who: Caller) -> str:
    if who.session_hash is None:
        raise Problem("wrong_state", text("auth.session_needed"))
    return who.session_hash
