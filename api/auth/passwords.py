"""Passwords of local accounts: argon2id, one cost for known and unknown users, and what is too weak to take."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
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
MOST_GUESSABLE = 11
"""Powers of ten: what `zxcvbn` would find within so many guesses is too weak; a year of one processor, offline."""
_LONGEST_JUDGED = 72
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


def find_weaknesses(password: str, own_words: Iterable[str]) -> Iterator[str]:
    """What is wrong with a new password, in Dutch; nothing when it may be taken.

    `own_words` are names of the user and the HDSs, which others guess first, as they do common Dutch words.
    """
    if len(password) < SHORTEST:
        yield text("auth.weak.short", least=SHORTEST)
    elif _count_guesses(_plain(password), own_words) < 10**MOST_GUESSABLE:
        yield text("auth.weak.guessable")


def _count_guesses(password: str, own_words: Iterable[str]) -> float:
    """How many guesses it takes, most likely ones first; of a long password by its first signs."""
    # loaded at the first new password: its lists take a tenth of a second
    from zxcvbn import zxcvbn

    own = {part for word in own_words for part in re.findall(r"\w{3,}", word.lower())}
    # who knows the user tries these first: they add nothing
    rest = re.sub("|".join(sorted(map(re.escape, own), key=len, reverse=True)), "", password, flags=re.IGNORECASE)
    return float(zxcvbn(rest[:_LONGEST_JUDGED], user_inputs=_common_words())["guesses"]) if rest else 1.0


@cache
def _common_words() -> tuple[str, ...]:
    return tuple(files("api.auth").joinpath("common_words.txt").read_text(encoding="utf-8").split())


def one_time_password() -> str:
    """A random password to hand over once: about 99 bits, without signs that look alike."""
    groups = ("".join(secrets.choice(_LEGIBLE) for _ in range(_GROUP)) for _ in range(_ONE_TIME_GROUPS))
    return "-".join(groups)
