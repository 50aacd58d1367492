"""Queries on heartbeats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from api.db.tables.runs import WorkerHeartbeat
from api.runs.repository import moment
from scheduler.version import __version__


def beat(session: Session, executor_id: str, hostname: str) -> None:
    """Put a sign of life on record, by the clock of the database."""
    at = moment(session)
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(
        dialect.insert(WorkerHeartbeat)
        .values(executor_id=executor_id, hostname=hostname, version=__version__, started_at=at, seen_at=at)
        .on_conflict_do_update(index_elements=["executor_id"], set_={"seen_at": at})
    )


def beats(session: Session) -> dict[str, datetime]:
    """The last sign of life of each process."""
    rows = session.execute(select(WorkerHeartbeat.executor_id, WorkerHeartbeat.seen_at))
    return {row.executor_id: row.seen_at for row in rows}


def bury(session: Session, executor_ids: Iterable[str]) -> None:
    """Forget processes that are gone."""
    session.execute(delete(WorkerHeartbeat).where(WorkerHeartbeat.executor_id.in_(list(executor_ids))))
