"""Asking for a run and cancelling one; whatever comes between is done by the workers (`api.jobs`)."""

from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.db.tables.runs import RosterRun
from api.dossiers.mapping import read_dossier
from api.errors import Problem
from api.jobs import repository as jobs
from api.neighbours.busy import with_busy
from api.rosters.mapping import store_snapshot
from api.rosters.overlaps import refuse_double_booking
from api.rosters.repository import dossier_of, locks_of, version_of
from api.runs import repository
from api.runs.schemas import Options
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.messages import text


def require_within(limit: float, asked: Options) -> None:
    """Refuse a run that would take longer than this installation allows."""
    if asked.time_limit > limit:
        expected = text("runs.too_long", seconds=f"{limit:g}")
        wrong = {"place": ["body", "time_limit"], "expected": expected, "kind": "less_than_equal"}
        raise Problem("malformed", expected, errors=[wrong])


def start(
    session: Session, user_id: int, hds_id: str, dossier_id: int, asked: dict[str, Any], key: str | None
) -> RosterRun:
    """Ask for a run on the dossier as it is now; the same `key` gives the same run.

    Raises Problem: `not_found`, `breaks_rules` for locks that put a GP in two places at once, and
    `idempotency_key_reused` when the key stands for another request.
    """
    run_id = add(session, user_id, hds_id, dossier_id, asked, key=key)
    if run_id is None:
        assert key is not None
        return same_run(repository.run_by_key(session, hds_id, key), dossier_id, asked)
    run = jobs.locked_run(session, run_id)
    assert run is not None
    return run


def earlier(session: Session, hds_id: str, dossier_id: int, asked: dict[str, Any], key: str | None) -> RosterRun | None:
    """The run that this request asked for before; raises Problem as `start`."""
    found = None if key is None else repository.run_with_key(session, hds_id, key)
    return None if found is None else same_run(found, dossier_id, asked)


def same_run(found: RosterRun, dossier_id: int, asked: dict[str, Any]) -> RosterRun:
    """The run, which must be one on this dossier with these options."""
    if found.dossier_id != dossier_id or found.request != asked:
        raise Problem("idempotency_key_reused", text("runs.other_request"))
    return found


def add(
    session: Session,
    user_id: int,
    hds_id: str,
    dossier_id: int,
    asked: dict[str, Any],
    *,
    key: str | None = None,
    region_run_id: str | None = None,
) -> str | None:
    """Add a run and put it on record; None when there is one with this key."""
    row = dossier_of(session, hds_id, dossier_id)
    if row is None:
        raise Problem("not_found")
    start_version = _start_version(session, hds_id, dossier_id, asked)
    dossier = _with_locks(session, with_busy(session, read_dossier(session, row)), asked, start_version)
    run_id = str(uuid.uuid4())
    added = repository.add_run(
        session,
        {
            "id": run_id, "hds_id": hds_id, "dossier_id": dossier_id, "snapshot": store_snapshot(session, dossier),
            "region_run_id": region_run_id, "idempotency_key": key, "request": asked,
            "start_version_id": start_version, "requested_by": user_id, "requested_at": jobs.moment(session),
        },
    )  # fmt: skip
    if not added:
        return None
    jobs.add_event(session, run_id, "state", {"state": "queued"})
    after = {"dossier_id": dossier_id, "revision": row.revision, **asked}
    record(session, hds_id, user_id, Act("run.requested", _subject(run_id), after=after))
    return run_id


def _subject(run_id: str) -> str:
    return f"run/{run_id}"


def _start_version(session: Session, hds_id: str, dossier_id: int, asked: dict[str, Any]) -> int | None:
    wanted: int | None = asked.get("start_version")
    if wanted is None:
        return None
    version = version_of(session, hds_id, wanted)
    if version is None or version.dossier_id != dossier_id:
        raise Problem("not_found", text("runs.no_such_version", version=wanted))
    return version.id


def _with_locks(session: Session, dossier: Dossier, asked: dict[str, Any], start_version: int | None) -> Dossier:
    """The dossier with the locks that the run must hold; those of a version come before those of the dossier."""
    if not asked["keep_locks"]:
        return dossier.replace(locks=())
    if start_version is None:
        return dossier
    held = {lock.shift_id: lock for lock in (*dossier.locks, *locks_of(session, start_version))}
    shifts = {shift.id: shift for shift in shifts_of(dossier)}
    # a version may be older than the dossier: what is gone from that can't be held
    locks = [lock for lock in held.values() if lock.shift_id in shifts and lock.gp_id in dossier.gp_by_id]
    gp_of = {lock.shift_id: lock.gp_id for lock in locks}
    refuse_double_booking(dossier, Roster(shifts=tuple(shifts[shift_id] for shift_id in gp_of), gp_of=gp_of))
    return dossier.replace(locks=tuple(sorted(locks, key=lambda lock: (shifts[lock.shift_id].start, lock.shift_id))))


def found(session: Session, hds_id: str, run_id: str) -> RosterRun:
    """A run of the HDS; raises Problem `not_found`."""
    run = repository.run_of(session, hds_id, run_id)
    if run is None:
        raise Problem("not_found")
    return run


def cancel(session: Session, user_id: int, hds_id: str, run_id: str) -> RosterRun:
    """Have a run stop and keep its best; one that nobody took up ends at once, one that has ended stays as it is."""
    run = repository.run_of(session, hds_id, run_id, lock=True)
    if run is None:
        raise Problem("not_found")
    stop(session, user_id, run)
    return run


def stop(session: Session, user_id: int, run: RosterRun) -> None:
    """Cancel a run whose row is locked, unless it has ended or is cancelled already."""
    if run.state not in jobs.UNFINISHED or run.cancel_requested_at is not None:
        return
    run.cancel_requested_at = jobs.moment(session)
    if run.state == "queued":
        jobs.end(session, run, "cancelled")
    else:
        jobs.add_event(session, run.id, "state", {"state": "running", "cancel_requested": True})
    record(session, run.hds_id, user_id, Act("run.cancelled", _subject(run.id)))
