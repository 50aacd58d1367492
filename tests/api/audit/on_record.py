"""What stands on record, for tests of every room."""

from __future__ import annotations

from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.people import User


def doers(database: Database, *actions: str) -> list[tuple[str, str | None]]:
    """Each link of these actions, in order, with the name of the account that did it (None: nobody)."""
    with database.reading() as session:
        query = (
            select(AuditEntry.action, User.username)
            .outerjoin(User, User.id == AuditEntry.actor_id)
            .where(AuditEntry.action.in_(actions))
            .order_by(AuditEntry.chain, AuditEntry.seq)
        )
        return [(action, name) for action, name in session.execute(query)]
