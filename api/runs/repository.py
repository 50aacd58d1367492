"""Queries on runs as users see them; those that a worker needs too are in `api.jobs.repository`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from api.db.inserting import insert_into
from api.db.tables.rosters import RosterVersion
from api.db.tables.runs import RegionRun, RosterRun, RunEvent
from api.errors import Problem
from api.paging import Cut


def add_run(session: Session, values: Mapping[str, Any]) -> bool:
    """Add a run; False when the HDS has one with this idempotency key already."""
    return _added(session, RosterRun, values, ["hds_id", "idempotency_key"])


def add_region_run(session: Session, values: Mapping[str, Any]) -> bool:
    """Add a run over a region; False when the user has one with this idempotency key already."""
    return _added(session, RegionRun, values, ["requested_by", "idempotency_key"])


def _added(session: Session, table: type[RosterRun | RegionRun], values: Mapping[str, Any], key: list[str]) -> bool:
    row = {"state": "queued", **({"progress": {}, "attempt": 0} if table is RosterRun else {}), **values}
    insert = insert_into(session, table).values(row).on_conflict_do_nothing(index_elements=key)
    return session.execute(insert.returning(table.id)).first() is not None


def run_by_key(session: Session, hds_id: str, key: str) -> RosterRun:
    """The run of the HDS with this idempotency key, which there is."""
    found = run_with_key(session, hds_id, key)
    assert found is not None
    return found


def run_with_key(session: Session, hds_id: str, key: str) -> RosterRun | None:
    """The run of the HDS with this idempotency key, if there is one."""
    return session.scalar(select(RosterRun).where(RosterRun.hds_id == hds_id, RosterRun.idempotency_key == key))


def region_run_by_key(session: Session, user_id: int, key: str) -> RegionRun:
    """The run over a region that the user asked for with this idempotency key."""
    return session.scalars(
        select(RegionRun).where(RegionRun.requested_by == user_id, RegionRun.idempotency_key == key)
    ).one()


def run_of(session: Session, hds_id: str, run_id: str, *, lock: bool = False) -> RosterRun | None:
    """A run of the HDS; with `lock` nobody else changes it until the commit."""
    found = select(RosterRun).where(RosterRun.hds_id == hds_id, RosterRun.id == run_id)
    return session.scalar(found.with_for_update() if lock else found)


def runs_of(
    session: Session, hds_id: str, cut: Cut, *, dossier_id: int | None = None, state: str | None = None
) -> Sequence[RosterRun]:
    """At most `cut.limit + 1` runs of the HDS, the latest first."""
    found = select(RosterRun).where(RosterRun.hds_id == hds_id)
    if dossier_id is not None:
        found = found.where(RosterRun.dossier_id == dossier_id)
    if state is not None:
        found = found.where(RosterRun.state == state)
    return session.scalars(_latest_first(found, RosterRun, cut)).all()


def region_runs_of(session: Session, user_id: int, cut: Cut) -> Sequence[RegionRun]:
    """At most `cut.limit + 1` runs over a region that the user asked for, the latest first."""
    return session.scalars(
        _latest_first(select(RegionRun).where(RegionRun.requested_by == user_id), RegionRun, cut)
    ).all()


def key_of(row: RosterRun | RegionRun) -> tuple[str, str]:
    """The place of a run in a list, for a cursor."""
    return (row.requested_at.isoformat(), row.id)


def _latest_first(found: Any, table: type[RosterRun | RegionRun], cut: Cut) -> Any:
    if cut.after is not None:
        # compared apart, as a row value would not pass through the type of the column
        at, run_id = _place_of(cut.after)
        found = found.where(or_(table.requested_at < at, and_(table.requested_at == at, table.id < run_id)))
    return found.order_by(table.requested_at.desc(), table.id.desc()).limit(cut.limit + 1)


def _place_of(key: Sequence[str | int]) -> tuple[datetime, str]:
    try:
        at, run_id = key
        moment_of_row = datetime.fromisoformat(str(at))
    except ValueError:
        raise Problem("bad_cursor") from None
    if moment_of_row.tzinfo is None or not isinstance(run_id, str):
        raise Problem("bad_cursor")
    return moment_of_row, run_id


def version_ids_of(session: Session, run_ids: Sequence[str]) -> dict[str, int]:
    """The version that each of these runs made, for those that made one."""
    rows = session.execute(select(RosterVersion.run_id, RosterVersion.id).where(RosterVersion.run_id.in_(run_ids)))
    return {str(row.run_id): row.id for row in rows}


def events_after(session: Session, run_id: str, seq: int, limit: int = 1000) -> Sequence[RunEvent]:
    """The events of a run after number `seq`, in order."""
    return session.scalars(
        select(RunEvent).where(RunEvent.run_id == run_id, RunEvent.seq > seq).order_by(RunEvent.seq).limit(limit)
    ).all()
