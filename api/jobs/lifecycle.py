"""The stations of a run as a worker passes them, each one transaction that can be done twice without harm."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit.trail import Act, record
from api.db.tables.runs import RosterRun
from api.jobs.repository import (
    UNFINISHED,
    add_event,
    end,
    locked_region_run,
    locked_run,
    moment,
    parts_of,
)
from api.jobs.solver_request import Solved, SolveRequest
from api.rosters.drafts import store_draft
from api.rosters.mapping import load_snapshot, read_roster
from scheduler.domain.result import Progress
from scheduler.messages import text


class Order(Enum):
    """What a worker that looks at its run finds it should do."""

    GO_ON = auto()
    STOP = auto()
    LEAVE = auto()
    """Another worker has taken over: nothing of this one counts any more."""


@dataclass(frozen=True)
class Claim:
    """A run that this worker has taken up, for the `attempt`-th time that anybody did."""

    run_id: str
    attempt: int
    request: SolveRequest


def claim(session: Session, run_id: str, executor_id: str, most_workers: int) -> Claim | None:
    """Take up a run; None when it has ended, or was cancelled before anybody could do anything for it."""
    run = locked_run(session, run_id)
    if run is None or run.state not in UNFINISHED:
        return None
    if run.cancel_requested_at is not None:
        end(session, run, "cancelled")
        return None
    run.attempt += 1
    run.state, run.executor_id = "running", executor_id
    run.started_at = run.started_at or moment(session)
    add_event(session, run_id, "state", {"state": "running", "attempt": run.attempt})
    return Claim(run_id, run.attempt, _request_of(session, run, most_workers))


def _request_of(session: Session, run: RosterRun, most_workers: int) -> SolveRequest:
    asked = run.request
    start = run.start_version_id
    return SolveRequest(
        dossier=load_snapshot(session, run.snapshot),
        time_limit=asked["time_limit"],
        workers=min(asked["workers"] or most_workers, most_workers),
        seed=asked["seed"],
        start=None if start is None else read_roster(session, run.hds_id, start),
    )


def orders(session: Session, mine: Claim) -> Order:
    """What to do with a run that was claimed."""
    row = session.execute(
        select(RosterRun.state, RosterRun.attempt, RosterRun.cancel_requested_at).where(RosterRun.id == mine.run_id)
    ).one_or_none()
    if row is None or row.state != "running" or row.attempt != mine.attempt:
        return Order.LEAVE
    return Order.GO_ON if row.cancel_requested_at is None else Order.STOP


def note(session: Session, mine: Claim, progress: Progress) -> None:
    """Put progress on record, unless another worker has taken over."""
    run = locked_run(session, mine.run_id)
    if run is not None and run.state == "running" and run.attempt == mine.attempt:
        run.progress = shown(progress)
        add_event(session, run.id, "progress", run.progress)


def shown(progress: Progress) -> dict[str, Any]:
    """Progress as users see it: `coverage` is the part of the shifts that has a GP."""
    coverage = progress.filled / progress.shifts if progress.shifts else 1.0
    return progress.model_dump(mode="json") | {"coverage": round(coverage, 4), "seconds": round(progress.seconds, 2)}


def store(session: Session, run_id: str, solved: Solved) -> None:
    """Keep the roster of a run as a draft version and end the run; a run that has ended stays as it is.

    Raises Problem where no version may hold the roster (`api.rosters.drafts`).
    """
    run = locked_run(session, run_id)
    if run is None or run.state not in UNFINISHED:
        return
    locks = load_snapshot(session, run.snapshot).locks
    result = solved.result
    version = store_draft(
        session, hds_id=run.hds_id, dossier_id=run.dossier_id, snapshot=run.snapshot, result=result,
        roster=result.roster, origin="run", user_id=run.requested_by, run_id=run_id, parent_id=run.start_version_id,
        locked=frozenset(lock.shift_id for lock in locks), figures=solved.figures,
    )  # fmt: skip
    end(session, run, "cancelled" if result.cancelled else "done", version_id=version.id)
    after = {"run_id": run_id, "number": version.number, "cancelled": result.cancelled}
    record(session, run.hds_id, None, Act("version.solved", f"version/{version.id}", after=after))


def fail(session: Session, run_id: str, code: str, detail: str) -> None:
    """End a run without a roster, unless it has ended."""
    run = locked_run(session, run_id)
    if run is not None and run.state in UNFINISHED:
        run.error_code, run.error_detail = code, detail
        end(session, run, "failed", code=code, detail=detail)


def give_up(session: Session, run_id: str) -> None:
    """End a run that was cancelled before there was any roster, unless it has ended."""
    run = locked_run(session, run_id)
    if run is not None and run.state in UNFINISHED:
        end(session, run, "cancelled")


def region_parts(session: Session, region_run_id: str) -> list[str]:
    """Start a run over a region; the ids of its parts, none when it has ended."""
    region = locked_region_run(session, region_run_id)
    if region is None or region.state not in UNFINISHED:
        return []
    region.state = "running"
    return [run.id for run in parts_of(session, region_run_id)]


def has_unfinished_parts(session: Session, region_run_id: str) -> bool:
    """Whether any part of a run over a region has not ended."""
    return any(run.state in UNFINISHED for run in parts_of(session, region_run_id))


def end_region(session: Session, region_run_id: str) -> None:
    """End a run over a region: failed when any part failed or was lost, else cancelled when any was."""
    region = locked_region_run(session, region_run_id)
    if region is None or region.state not in UNFINISHED:
        return
    parts = parts_of(session, region_run_id)
    for run in parts:
        fail(session, run.id, "run_lost", text("runs.lost"))
    states = {run.state for run in parts}
    region.state = next((state for state in ("failed", "cancelled") if state in states), "done")
    region.finished_at = moment(session)
