"""Runs over a region: many HDSs at once, each part a run of its own."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from api.auth.access import member_at
from api.auth.principal import Caller, Role
from api.db.tables.runs import RegionRun
from api.errors import Problem
from api.jobs import repository as jobs
from api.runs import repository, service
from api.runs.schemas import RegionRequest
from scheduler.messages import text


def start(session: Session, who: Caller, asked: RegionRequest, key: str | None) -> RegionRun:
    """Ask for a run on each of the dossiers; the same `key` of the same user gives the same run.

    Raises Problem as `service.start`, and `forbidden` unless the caller plans at every HDS.
    """
    parts = _parts(asked)
    for hds_id in sorted({hds_id for hds_id, _ in parts}):
        require_planner(session, who, hds_id)
    request = asked.model_dump(mode="json", exclude={"parts"}) | {"parts": parts}
    region_run_id = str(uuid.uuid4())
    values = {
        "id": region_run_id, "idempotency_key": key, "request": request, "requested_by": who.user_id,
        "requested_at": jobs.moment(session),
    }  # fmt: skip
    if not repository.add_region_run(session, values):
        assert key is not None
        return _same(repository.region_run_by_key(session, who.user_id, key), request)
    options = asked.model_dump(mode="json", exclude={"parts"}) | {"start_version": None}
    for hds_id, dossier_id in parts:
        service.add(session, who.user_id, hds_id, dossier_id, options, region_run_id=region_run_id)
    return session.get_one(RegionRun, region_run_id)


def _parts(asked: RegionRequest) -> list[list[Any]]:
    """Each dossier once, in the order in which their audit trails are locked."""
    parts = sorted({(part.hds_id, part.dossier_id) for part in asked.parts})
    if len(parts) < len(asked.parts):
        expected = text("runs.part_twice")
        raise Problem("malformed", expected, errors=[{"place": ["body", "parts"], "expected": expected, "kind": "set"}])
    return [list(part) for part in parts]


def require_planner(session: Session, who: Caller, hds_id: str) -> None:
    """Refuse who does not plan at the HDS; a stranger to it is told that it does not exist."""
    if not member_at(session, who, hds_id).has(Role.PLANNER):
        raise Problem("forbidden")


def _same(found: RegionRun, request: dict[str, Any]) -> RegionRun:
    if found.request != request:
        raise Problem("idempotency_key_reused", text("runs.other_request"))
    return found


def found(session: Session, who: Caller, region_run_id: str, *, lock: bool = False) -> RegionRun:
    """A run over a region that the caller asked for, while the caller plans at every HDS of it."""
    row = jobs.locked_region_run(session, region_run_id) if lock else session.get(RegionRun, region_run_id)
    if row is None or row.requested_by != who.user_id:
        raise Problem("not_found")
    for hds_id, _ in row.request["parts"]:
        require_planner(session, who, hds_id)
    return row


def cancel(session: Session, who: Caller, region_run_id: str) -> RegionRun:
    """Cancel every part that has not ended."""
    row = found(session, who, region_run_id, lock=True)
    if row.state in jobs.UNFINISHED and row.cancel_requested_at is None:
        row.cancel_requested_at = jobs.moment(session)
        for part in jobs.parts_of(session, region_run_id):
            locked = jobs.locked_run(session, part.id)
            assert locked is not None
            service.stop(session, who.user_id, locked)
    return row
