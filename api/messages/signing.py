"""The secret of a webhook, and how a call is signed with it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable

from api.settings import Settings


def new_salt() -> str:
    """What makes a secret one of its own."""
    return secrets.token_hex(32)


def secret_of(settings: Settings, salt: str) -> str:
    """The secret that belongs to a salt: made again each time, so that who reads the database can sign nothing."""
    key = settings.secret.get_secret_value().encode()
    made = hmac.new(key, b"webhook\0" + salt.encode(), hashlib.sha256).digest()
    return "whsec_" + base64.urlsafe_b64encode(made).decode().rstrip("=")


def signature(body: bytes, at: int, with_secrets: Iterable[str]) -> str:
    """`t=<seconds since 1970>,v1=<hex of HMAC-SHA-256 over "t.body">`, with a `v1` for each secret that holds."""
    signed = str(at).encode() + b"." + body
    made = [hmac.new(one.encode(), signed, hashlib.sha256).hexdigest() for one in with_secrets]
    return ",".join([f"t={at}", *(f"v1={one}" for one in made)])
