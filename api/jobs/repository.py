"""Queries on runs and on heartbeats, for workers; `api.runs.repository` adds those for users."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from api.clock import now
from api.db.inserting import insert_into
from api.db.tables.runs import RegionRun, RosterRun, RunEvent, WorkerHeartbeat
from scheduler.version import __version__

UNFINISHED = ("queued", "running")


def moment(session: Session) -> datetime:
    """The present moment by the clock of the database: that of one machine that runs jobs may be wrong."""
    if session.get_bind().dialect.name == "sqlite":
        return now()
    found: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return found


def locked_run(session: Session, run_id: str) -> RosterRun | None:
    """A run that nobody else changes until the commit."""
    return session.scalar(select(RosterRun).where(RosterRun.id == run_id).with_for_update())


def locked_region_run(session: Session, run_id: str) -> RegionRun | None:
    """A run over a region that nobody else changes until the commit."""
    return session.scalar(select(RegionRun).where(RegionRun.id == run_id).with_for_update())


def parts_of(session: Session, region_run_id: str) -> Sequence[RosterRun]:
    """The runs that a run over a region consists of, in a fixed order."""
    return session.scalars(
        select(RosterRun).where(RosterRun.region_run_id == region_run_id).order_by(RosterRun.hds_id, RosterRun.id)
    ).all()


def add_event(session: Session, run_id: str, kind: str, payload: Mapping[str, Any]) -> None:
    """Add the next event of a run, whose row the caller has locked."""
    last = session.scalar(select(func.max(RunEvent.seq)).where(RunEvent.run_id == run_id)) or 0
    session.add(RunEvent(run_id=run_id, seq=last + 1, kind=kind, payload=dict(payload), at=moment(session)))


def end(session: Session, run: RosterRun, state: str, **payload: Any) -> None:
    """Put an end to a run whose row is locked."""
    run.state, run.finished_at = state, moment(session)
    add_event(session, run.id, "state", {"state": state, **payload})


def unfinished_runs(session: Session) -> Sequence[RosterRun]:
    """Every run, of any HDS, that has not ended, the oldest first."""
    return session.scalars(
        select(RosterRun).where(RosterRun.state.in_(UNFINISHED)).order_by(RosterRun.requested_at, RosterRun.id)
    ).all()


def unfinished_region_runs(session: Session) -> Sequence[RegionRun]:
    """Every run over a region that has not ended, the oldest first."""
    return session.scalars(
        select(RegionRun).where(RegionRun.state.in_(UNFINISHED)).order_by(RegionRun.requested_at, RegionRun.id)
    ).all()


def beat(session: Session, executor_id: str, hostname: str) -> None:
    """Put a sign of life on record, by the clock of the database."""
    at = moment(session)
    session.execute(
        insert_into(session, WorkerHeartbeat)
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
