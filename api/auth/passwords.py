"""Passwords of local accounts: argon2id, one cost for known and unknown users, and what is too weak to take."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from functools import cache
from threading import BoundedSemaphore

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from scheduler.messages import text

MEMORY_KIB = 19 * 1024
"""Memory, turns and lanes: the least that the OWASP Password Storage Cheat Sheet takes for argon2id."""
TURNS = 2
LANES = 1
SHORTEST = 12
LONGEST = 200
_FEWEST_SIGNS = 5
_ONE_TIME_GROUPS, _GROUP = 4, 5
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"

# Each hash takes MEMORY_KIB: many logins at once wait for each other instead of filling the memory.
_room = BoundedSemaphore(4)


@cache
def _hasher() -> PasswordHash:
    return PasswordHash((Argon2Hasher(time_cost=TURNS, memory_cost=MEMORY_KIB, parallelism=LANES),))


@cache
def _nobodys_hash() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    """How a password is stored: argon2id with its parameters and salt."""
    with _room:
        return _hasher().hash(_plain(password))


def check_password(password: str, stored: str | None) -> tuple[bool, str | None]:
    """Whether it is the password, and a new hash to store when the parameters have changed since.

    Without a stored hash (no such user, or one who logs in elsewhere) it takes as long, and the answer is no.
    """
    with _room:
        right, renewed = _hasher().verify_and_update(_plain(password), stored or _nobodys_hash())
    return (right, renewed) if stored else (False, None)


def _plain(password: str) -> str:
    """The same letters from another keyboard are the same password (NIST SP 800-63B, normalization)."""
    return unicodedata.normalize("NFKC", password)


def weaknesses(password: str, username: str) -> Iterator[str]:
    """What is wrong with a new password, in Dutch; nothing when it may be taken."""
    if len(password) < SHORTEST:
        yield text("auth.weak.short", least=SHORTEST)
    if len(set(password)) < _FEWEST_SIGNS:
        yield text("auth.weak.few_signs", least=_FEWEST_SIGNS)
    if username and username.lower() in password.lower():
        yield text("auth.weak.has_name")


def one_time_password() -> str:
    """A random password to hand over once: about 99 bits, without signs that look alike."""
    groups = ("".join(secrets.choice(_LEGIBLE) for _ in range(_GROUP)) for _ in range(_ONE_TIME_GROUPS))
    return "-".join(groups)
