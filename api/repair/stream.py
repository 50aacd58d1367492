"""The events of a repair as they come."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from fastapi.sse import ServerSentEvent
from sqlalchemy.orm import Session

from api.db.engine import Database
from api.db.tables.repair import Repair, RepairEvent
from api.repair import repository
from api.runs.stream import follow


def events_of(database: Database, repair_id: str, after: int) -> AsyncIterator[ServerSentEvent]:
    """The events of a repair after number `after`, and those to come until no worker has it any more."""

    def look(session: Session, after: int) -> tuple[Sequence[RepairEvent], bool]:
        row = session.get(Repair, repair_id)
        over = row is None or row.state not in repository.UNFINISHED
        return repository.events_after(session, repair_id, after), over

    return follow(database, look, after, {"repair_id": repair_id})
