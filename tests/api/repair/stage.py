"""A small HDS with a roster to repair, and proposals for it: worked out by the engine, or written down by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.outbox import OutboxEvent
from api.db.tables.rosters import Duty
from api.repair import lifecycle
from api.repair.carrying import Repairs
from api.repair.contract import Mended
from scheduler.domain.availability import Absence
from scheduler.domain.time import Period
from scheduler.mend import Change, LeftOpen
from tests.api.rosters.stage import Stage, evening, set_up, small_dossier
from tests.builders import moment

WEEK: dict[str, Any] = {"gp_id": "a", "start": "2027-01-04T00:00:00+01:00", "end": "2027-01-11T00:00:00+01:00"}
START = {evening(4): "a", evening(5): "b", evening(6): "b", evening(7): "b", evening(12): "a"}
PERIOD = Period(start=date(2027, 1, 4), end=date(2027, 1, 17))
LEASE = timedelta(seconds=12)


def of_two_weeks(database: Database, **fields: Any) -> Stage:
    """An evening a day for three GPs, who may do three a week: `b` has them in the first, `c` is free."""
    return set_up(database, small_dossier(period=PERIOD, **fields))


def away(gp_id: str, day: int) -> Absence:
    """An absence on one day in January."""
    return Absence(gp_id=gp_id, start=moment(f"2027-01-{day:02}T00:00"), end=moment(f"2027-01-{day + 1:02}T00:00"))


def asked(stage: Stage, planner: TestClient, **fields: Any) -> dict[str, Any]:
    """Ask for a repair."""
    body = {"dossier_id": stage.dossier_id, "away": [WEEK], "reason": "verlof", "time_limit": 20} | fields
    answer = planner.post(stage.url("repairs"), json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def carry_out(stage: Stage) -> int:
    """Do what a worker does every so often; how many repairs that were."""
    return Repairs(stage.database, LEASE.total_seconds()).carry_out()


def proposed(stage: Stage, planner: TestClient, **fields: Any) -> dict[str, Any]:
    """Ask for a repair and have the engine work it out."""
    repair = asked(stage, planner, **fields)
    assert carry_out(stage) == 1
    found: dict[str, Any] = planner.get(stage.url(f"repairs/{repair['id']}")).json()
    assert found["state"] == "proposed", found
    return found


def written(
    stage: Stage, planner: TestClient, *changes: Change, left_open: tuple[str, ...] = (),
    trainees_off: tuple[str, ...] = (), **fields: Any,
) -> dict[str, Any]:  # fmt: skip
    """Ask for a repair and put down this proposal for it, as if a worker had found it."""
    repair = asked(stage, planner, **fields)
    put_down(stage, repair, *changes, left_open=left_open, trainees_off=trainees_off)
    return repair


def put_down(
    stage: Stage, repair: dict[str, Any], *changes: Change, left_open: tuple[str, ...] = (),
    trainees_off: tuple[str, ...] = (),
) -> None:  # fmt: skip
    """Put a proposal down for a repair that waits."""
    with stage.database.writing() as session:
        mine = lifecycle.claim(session, repair["id"], "by hand", LEASE)
    assert mine is not None
    propose(stage, mine, *changes, left_open=left_open, trainees_off=trainees_off)


def propose(
    stage: Stage, mine: lifecycle.Claim, *changes: Change, left_open: tuple[str, ...] = (), **fields: Any
) -> None:
    """Put a proposal down as the worker that has this repair in hand."""
    with stage.database.writing() as session:
        seen = {row.shift_id: row.revision for row in session.scalars(select(Duty))}
        vacated = (*(one.shift_id for one in changes if one.reason.value != "makes_room"), *left_open)
        found = _mended(changes, vacated, left_open).replace(**fields)
        lifecycle.propose(session, mine, found, seen)


def _mended(changes: tuple[Change, ...], vacated: tuple[str, ...], left_open: tuple[str, ...]) -> Mended:
    return Mended(
        changes=changes, vacated=vacated, open_bound=len(left_open), moved_bound=len(changes), seconds=0.1,
        left_open=tuple(LeftOpen(shift_id=one, dropped_by_rule={"absence": 2}) for one in left_open),
        fewest_changes=len(changes), is_proven=True, is_fairest=True, cancelled=False, kept=(),
        lifted_locks=vacated, trainees_off=(), before={}, after={},
    )  # fmt: skip


def apply(stage: Stage, planner: TestClient, repair: dict[str, Any], how: str = "ask", reason: str = "") -> Any:
    """Carry a proposal out."""
    return planner.post(stage.url(f"repairs/{repair['id']}/apply"), json={"how": how, "reason": reason})


def told(database: Database, kind: str) -> int:
    """How many notices of a kind there are."""
    with database.reading() as session:
        return len(session.scalars(select(OutboxEvent).where(OutboxEvent.kind == kind)).all())
