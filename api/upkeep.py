"""What a service does of its own accord: whoever carries out runs does this too."""

from __future__ import annotations

from api.clock import now
from api.db.engine import Database
from api.jobs.rounds import Chore
from api.privacy.retention import apply_retention
from api.swaps.expiry import expire

RETENTION_SECONDS = 6 * 3600.0
EXPIRY_SECONDS = 60.0


def chores_of(database: Database) -> tuple[Chore, ...]:
    """Erase what is past its term, and end offers and deals whose time has passed."""
    return (
        Chore("retention", RETENTION_SECONDS, lambda: apply_retention(database, now())),
        Chore("expiry", EXPIRY_SECONDS, lambda: expire(database, now())),
    )
