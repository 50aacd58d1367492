"""Rows as callers see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables import runs as t
from api.jobs import repository as jobs
from api.runs import repository
from api.runs.schemas import RegionRun, RegionRunWhole, Run, Trouble


def shown_run(session: Session, row: t.RosterRun) -> Run:
    """One run."""
    return shown_runs(session, [row])[0]


def shown_runs(session: Session, rows: Sequence[t.RosterRun]) -> list[Run]:
    """Several runs, with the versions that they left."""
    versions = repository.version_ids_of(session, [row.id for row in rows])
    return [_run(row, versions.get(row.id)) for row in rows]


def _run(row: t.RosterRun, version_id: int | None) -> Run:
    return Run(
        run_id=row.id, hds_id=row.hds_id, dossier_id=row.dossier_id, region_run_id=row.region_run_id,
        state=row.state, request=row.request, progress=row.progress or None, version_id=version_id,
        error=Trouble(code=row.error_code, detail=row.error_detail or "") if row.error_code else None,
        attempt=row.attempt, cancel_requested=row.cancel_requested_at is not None,
        requested_at=local(row.requested_at), started_at=row.started_at and local(row.started_at),
        finished_at=row.finished_at and local(row.finished_at),
    )  # fmt: skip


def shown_region_run(row: t.RegionRun) -> RegionRun:
    """One run over a region."""
    return RegionRun(**_region_values(row))


def shown_region_run_whole(session: Session, row: t.RegionRun) -> RegionRunWhole:
    """One run over a region with its parts."""
    return RegionRunWhole(**_region_values(row), parts=shown_runs(session, jobs.parts_of(session, row.id)))


def _region_values(row: t.RegionRun) -> dict[str, Any]:
    return {
        "region_run_id": row.id,
        "state": row.state,
        "cancel_requested": row.cancel_requested_at is not None,
        "requested_at": local(row.requested_at),
        "finished_at": row.finished_at and local(row.finished_at),
    }
