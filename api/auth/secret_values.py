"""Random secrets, how they are stored, and keyed hashes of what may not leak."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache

from api.settings import Settings


def hash_of(secret: str) -> str:
    """How a secret of high entropy is stored: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_secret() -> str:
    """A fresh secret of 256 bits, fit for a cookie or a header."""
    return secrets.token_urlsafe(32)


def keyed(settings: Settings, purpose: str, value: str) -> str:
    """A hash that nobody can make or guess back without the secret of the installation; `purpose` keeps uses apart."""
    key = settings.secret.get_secret_value().encode() or _of_this_process()
    return hmac.new(key, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()


@cache
def _of_this_process() -> bytes:
    """Development and the embedded form run without a secret of their own; what they made ends with the process."""
    return secrets.token_bytes(32)
