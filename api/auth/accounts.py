"""What becomes of an account when it serves nowhere any more."""

from __future__ import annotations

from api.clock import now
from api.db.tables.people import User


def close_account(user: User) -> None:
    """Nobody logs in by it again, and its names are free; the name to show stays for the audit trail."""
    user.disabled_at = now()
    user.username = f"closed {user.id}"  # with a blank, as nobody else can be called
    user.email = user.password_hash = user.oidc_issuer = user.oidc_subject = None
