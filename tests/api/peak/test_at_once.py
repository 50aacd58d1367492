"""Planners open, close and publish while GPs take: each extra shift has one id, one GP at most, and none is lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit.verify import verify_all
from api.db.engine import Database
from api.db.tables.dossier import ShiftTypeRow
from api.db.tables.peak import ExtraShift
from tests.api.rosters.stage import Stage, evening, set_up
from tests.api.swaps.market import speaks_for

pytestmark = pytest.mark.both_databases
AsRole = Callable[..., TestClient]
EARLY = {"post_id": "P", "role": "consult", "start": "06:00", "end": "07:00"}


def _open(stage: Stage, planner: TestClient, day: int) -> int:
    asked = {"dossier_id": stage.dossier_id, "extras": [EARLY | {"days": [f"2027-01-{day:02}"]}], "reason": "griep"}
    return planner.post(stage.url("peak"), json=asked).status_code


def test_nothing_is_lost_when_all_act_at_once(app: FastAPI, database: Database, as_role: AsRole) -> None:
    """Four open, three take the same shift, one closes it, and one publishes a version that knows none of them."""
    stage, planner = set_up(database), as_role("planner")
    stage.put_in_force(planner, stage.draft({evening(4): "a"}))
    later = stage.draft({evening(4): "a", evening(20): "b"})
    assert _open(stage, planner, 11) == 201
    first = "extra-1/2027-01-11/1"
    planner.post(stage.url("open-shifts"), json={"shift_ids": [first]})
    gps = [speaks_for(app, database, name) for name in "abc"]
    planners = [as_role("planner") for _ in range(6)]

    with ThreadPoolExecutor(9) as all_of_them:
        opening = [all_of_them.submit(_open, stage, one, 12 + n) for n, one in enumerate(planners[:4])]
        taking = [all_of_them.submit(one.post, stage.url(f"open-shifts/take/{first}")) for one in gps]
        closing = all_of_them.submit(planners[4].post, stage.url("peak/close"), json={"shift_ids": [first]})
        publishing = all_of_them.submit(stage.publish, planners[5], later)
    assert [one.result() for one in opening] == [201] * 4
    taken = [one.result().status_code for one in taking]
    closed = closing.result().status_code
    assert set(taken) <= {200, 404, 409}
    assert (taken.count(200), closed) in {(1, 409), (0, 200)}
    assert publishing.result().status_code == 201
    _agrees(stage, first, was_taken=200 in taken)
    for one in gps:
        one.close()


def _agrees(stage: Stage, first: str, *, was_taken: bool) -> None:
    """Roster, dossier, record and trail tell the same."""
    in_force = stage.in_force()
    with stage.database.reading() as session:
        extras = session.scalars(select(ExtraShift)).all()
        kinds = {row.shift_type_id for row in session.scalars(select(ShiftTypeRow))}
    standing = {row.shift_id for row in extras if row.closed_at is None}
    assert len({row.shift_type_id for row in extras}) == len(extras) == 5
    assert {one for one in in_force if one.startswith("extra")} == standing
    assert {one.split("/")[0] for one in standing} == {one for one in kinds if one.startswith("extra")}
    assert (first in standing) == was_taken
    assert not was_taken or in_force[first][0] is not None
    assert not verify_all(stage.database).troubles
