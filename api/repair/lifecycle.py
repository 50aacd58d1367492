"""The stations of a repair as a worker passes them, each one transaction; the row says who holds it, and how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.repair import Repair
from api.jobs.repository import moment
from api.outbox import Notice, tell
from api.repair import repository
from api.repair.contract import Mended, MendRequest
from api.swaps.grounds import Field, field_of
from scheduler.domain.availability import Absence
from scheduler.domain.roster import Roster
from scheduler.mend import MendProgress
from scheduler.messages import text

MOST_ATTEMPTS = 3


class Order(Enum):
    """What a worker that looks at its repair finds it should do."""

    GO_ON = auto()
    STOP = auto()
    """It was cancelled: the best so far will do."""
    LEAVE = auto()
    """Another worker has it now, or it has ended."""


@dataclass(frozen=True)
class Claim:
    """A repair that this worker holds, the `attempt`-th time that anybody did."""

    repair_id: str
    attempt: int


def claim(session: Session, repair_id: str, executor_id: str, lease: timedelta) -> Claim | None:
    """Take a repair up for the time of a lease; None when somebody else was first, or it has ended."""
    row = repository.held(session, repair_id)
    if row is None or row.state not in repository.UNFINISHED or not _is_free(session, row):
        return None
    if row.cancel_requested_at is not None:
        _end(session, row, "cancelled")
        return None
    if row.attempt >= MOST_ATTEMPTS:
        _end(session, row, "failed", code="run_lost", detail=text("repairs.lost"))
        return None
    at = moment(session)
    row.state, row.executor_id, row.attempt = "running", executor_id, row.attempt + 1
    row.started_at, row.lease_until = row.started_at or at, at + lease
    repository.add_event(session, row.id, "state", {"state": "running", "attempt": row.attempt})
    return Claim(row.id, row.attempt)


def _is_free(session: Session, row: Repair) -> bool:
    return row.state == "queued" or row.lease_until is None or row.lease_until < moment(session)


def request_of(session: Session, mine: Claim) -> tuple[MendRequest, dict[str, int]]:
    """The question as it stands now, and the revision of each duty that was looked at."""
    row = session.get_one(Repair, mine.repair_id)
    field = field_of(session, row.dossier_id)
    situation = field.situation(session)
    roster = situation.roster
    since = moment(session)
    asked = row.request
    request = MendRequest(
        dossier=situation.dossier, roster=roster, targets=situation.ground.targets, away=_away(session, row, field),
        vacated=tuple(asked["vacated"]), movable=_movable(roster, asked, since), since=local(since),
        time_limit=asked["time_limit"], seed=asked["seed"],
    )  # fmt: skip
    duties = repository.duties(session, row.hds_id, field.ground.shift_by_id)
    return request, {shift_id: duty.revision for shift_id, duty in duties.items()}


def _away(session: Session, row: Repair, field: Field) -> tuple[Absence, ...]:
    return tuple(
        Absence(gp_id=field.gp_id[one.gp_number], start=local(one.starts_at), end=local(one.ends_at), reason=one.reason)
        for one in repository.away(session, [row.id])
    )


def _movable(roster: Roster, asked: dict[str, object], since: datetime) -> tuple[str, ...]:
    """The shifts that may change hands where that makes room, as it was asked."""
    if asked["movable"] == "nobody":
        return ()
    named = asked["movable_gp_ids"] if asked["movable"] == "named" else None
    assert named is None or isinstance(named, list)
    return tuple(
        shift.id
        for shift in roster.shifts
        if shift.id in roster.gp_of and shift.starts_at > since and (named is None or roster.gp_of[shift.id] in named)
    )


def order_of(session: Session, mine: Claim) -> Order:
    """What to do with a repair that was claimed."""
    row = session.get(Repair, mine.repair_id)
    return _order(row, mine) if row is not None else Order.LEAVE


def _order(row: Repair, mine: Claim) -> Order:
    if not _is_of(row, mine):
        return Order.LEAVE
    return Order.GO_ON if row.cancel_requested_at is None else Order.STOP


def _is_of(row: Repair, mine: Claim) -> bool:
    return row.state == "running" and row.attempt == mine.attempt


def renew(session: Session, mine: Claim, progress: MendProgress | None, lease: timedelta) -> Order:
    """Renew the hold on a repair and put progress on record, unless it is this worker's no more."""
    row = repository.held(session, mine.repair_id)
    if row is None or not _is_of(row, mine):
        return Order.LEAVE
    row.lease_until = moment(session) + lease
    if progress is not None:
        row.progress = progress.model_dump(mode="json") | {"seconds": round(progress.seconds, 2)}
        repository.add_event(session, row.id, "progress", row.progress)
    return _order(row, mine)


def propose(session: Session, mine: Claim, found: Mended, seen: dict[str, int]) -> None:
    """Put a proposal on record, unless the repair is this worker's no more; one that was stopped may have none."""
    row = repository.held(session, mine.repair_id)
    if row is None or not _is_of(row, mine):
        return
    if row.cancel_requested_at is not None and not (found.changes or found.is_proven):
        _end(session, row, "cancelled")
        return
    numbers = repository.numbers_of(session, row.hds_id)
    holders = {
        duty.shift_id: duty.performer_number for duty in repository.duties(session, row.hds_id, found.vacated).values()
    }
    given_back: list[dict[str, Any]] = [
        {"shift_id": one.shift_id, "from_number": holders[one.shift_id], "to_number": None, "cause": "away",
         "room_for": []}
        for one in found.left_open
        if holders[one.shift_id] is not None
    ]  # fmt: skip
    rows: list[dict[str, Any]] = given_back + [
        {"shift_id": one.shift_id, "from_number": numbers[one.from_gp] if one.from_gp else None,
         "to_number": numbers[one.to_gp], "cause": one.reason.value, "room_for": list(one.room_for)}
        for one in found.changes
    ]  # fmt: skip
    kept = [one | {"repair_id": row.id, "duty_revision": seen[str(one["shift_id"])]} for one in rows]
    repository.replace_changes(session, row.id, kept)
    row.proposal = _account(found)
    _end(session, row, "proposed")


def _account(found: Mended) -> dict[str, object]:
    """What is told of a proposal besides its changes."""
    plain = {"open_bound", "moved_bound", "fewest_changes", "is_proven", "is_fairest", "cancelled", "seconds"}
    fairness = {
        burden.value: {"before": round(before, 4), "after": round(found.after.get(burden, before), 4)}
        for burden, before in found.before.items()
    }
    lists = {name: list(getattr(found, name)) for name in ("vacated", "kept", "lifted_locks", "trainees_off")}
    left_open = [{"shift_id": one.shift_id, "dropped_by_rule": dict(one.dropped_by_rule)} for one in found.left_open]
    return found.model_dump(mode="json", include=plain) | lists | {"left_open": left_open, "fairness": fairness}


def fail(session: Session, mine: Claim, code: str, detail: str) -> None:
    """End a repair without a proposal, unless it is this worker's no more."""
    row = repository.held(session, mine.repair_id)
    if row is not None and _is_of(row, mine):
        if row.cancel_requested_at is not None:
            _end(session, row, "cancelled")
        else:
            _end(session, row, "failed", code=code, detail=detail)


def cancel(session: Session, row: Repair) -> None:
    """Stop a repair whose row is held and that has no proposal yet; who is at work on it gives the best so far."""
    row.cancel_requested_at = moment(session)
    if _is_free(session, row):
        _end(session, row, "cancelled")
    else:
        repository.add_event(session, row.id, "state", {"state": row.state, "stopping": True})


def _end(session: Session, row: Repair, state: str, *, code: str | None = None, detail: str | None = None) -> None:
    row.state, row.finished_at, row.lease_until = state, moment(session), None
    row.error_code, row.error_detail = code, detail
    told = {"state": state} | ({"code": code, "detail": detail} if code else {})
    repository.add_event(session, row.id, "state", told)
    if state in ("proposed", "failed"):
        tell(session, row.hds_id, Notice(f"repair_{state}", {"repair_id": row.id}, to_planners=True))
