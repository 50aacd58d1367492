"""The limit on logins, held in the database so that all processes of the API share it.

Attempts count against the name and against the address, each over a window that slides: an attempt that was refused
is not counted, so that trying on never makes the wait longer. A browser that once logged in as this user carries a
device cookie and counts for itself alone: whoever guesses at the name from elsewhere can't keep its owner out.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import AddressValueError, IPv6Address
from math import ceil

from sqlalchemy import delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.auth.secret_values import keyed, new_secret
from api.clock import now
from api.db.tables.people import LoginAttempt
from api.errors import Problem
from api.settings import Settings
from scheduler.messages import text

_HOME_PREFIX = 64
"""The bits of an IPv6 address that one household or office shares."""


@dataclass(frozen=True)
class Buckets:
    """Against what an attempt counts; a known device has one bucket of its own for both."""

    name: str
    address: str


def buckets(settings: Settings, username: str, address: str, device: str | None) -> Buckets:
    """The buckets of an attempt; `device` is the cookie that `device_cookie` made, if any came along."""
    if device is not None and _is_device_of(settings, username, device):
        own = keyed(settings, "device-bucket", device)
        return Buckets(own, own)
    return Buckets(keyed(settings, "login-name", username), keyed(settings, "login-address", _network(address)))


def device_cookie(settings: Settings, username: str) -> str:
    """What marks a browser as one where this user has logged in."""
    nonce = new_secret()
    return f"{nonce}.{keyed(settings, 'device', f'{username}/{nonce}')}"


def _is_device_of(settings: Settings, username: str, device: str) -> bool:
    nonce, _, mark = device.partition(".")
    return hmac.compare_digest(mark.encode(), keyed(settings, "device", f"{username}/{nonce}").encode())


def _network(address: str) -> str:
    try:
        whole = IPv6Address(address)
    except AddressValueError:
        return address
    return str(whole.ipv4_mapped or int(whole) >> (128 - _HOME_PREFIX))


def count_attempt(session: Session, settings: Settings, counted: Buckets) -> None:
    """Count an attempt before its password is looked at, so that many at once don't slip through.

    Raises Problem `too_many_attempts` with Retry-After, and then counts nothing.
    """
    for lock in sorted({counted.name, counted.address}):
        _wait_for(session, lock)
    moment = now()
    window = timedelta(seconds=settings.login_window_seconds)
    session.execute(delete(LoginAttempt).where(LoginAttempt.at <= moment - window))
    _require_room(session, LoginAttempt.username_hash, counted.name, settings.login_attempts, window)
    _require_room(session, LoginAttempt.address_hash, counted.address, settings.login_attempts_per_address, window)
    session.add(LoginAttempt(username_hash=counted.name, address_hash=counted.address, at=moment))
    session.flush()


def forget_attempts(session: Session, counted: Buckets) -> None:
    """After a success the name starts afresh."""
    session.execute(delete(LoginAttempt).where(LoginAttempt.username_hash == counted.name))


def _require_room(
    session: Session, column: InstrumentedAttribute[str], bucket: str, most: int, window: timedelta
) -> None:
    latest = session.scalars(
        select(LoginAttempt.at).where(column == bucket).order_by(LoginAttempt.at.desc()).limit(most)
    ).all()
    if len(latest) < most:
        return
    seconds = max(1, ceil((latest[-1] + window - now()).total_seconds()))
    raise Problem(
        "too_many_attempts",
        text("auth.wait", minutes=ceil(seconds / 60)),
        headers={"Retry-After": str(seconds)},
        retry_after=seconds,
    )


def _wait_for(session: Session, bucket: str) -> None:
    """One attempt of a bucket at a time; on SQLite a writer is alone already."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(bucket[:15], 16))))
