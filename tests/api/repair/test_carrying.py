"""A repair worked out by a worker: proposed with its proof, taken over from the dead, given up in the end."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.clock import now
from api.db.engine import Database
from api.db.tables.repair import Repair
from api.repair import lifecycle
from tests.api.jobs.stage import Workers, children_of, kill, until
from tests.api.repair.stage import LEASE, WEEK, asked, away, carry_out, of_two_weeks, proposed, put_down, told
from tests.api.rosters.stage import Stage, evening


def test_a_proposal_names_each_change_with_its_reason_and_is_proven(stage: Stage, planner: TestClient) -> None:
    """The one shift of who is away goes to who may do it; nothing changes before it is applied."""
    repair = proposed(stage, planner)
    proposal = repair["proposal"]
    [change] = proposal["changes"]
    assert (change["shift_id"], change["from_gp_id"], change["cause"]) == (evening(4), "a", "away")
    assert change["to_gp_id"] in change["text"]
    assert (proposal["proven"], proposal["fewest_changes"], proposal["moved"]) == (True, 1, 0)
    assert proposal["current"] is True
    assert set(proposal["fairness"]) == {"evening", "weekend"}
    assert stage.in_force()[evening(4)] == ("a", "a")
    stream = planner.get(stage.url(f"repairs/{repair['id']}/events")).text.splitlines()
    kinds = [line for line in stream if line.startswith("event")]
    assert (kinds[0], kinds[-1]) == ("event: state", "event: end")
    assert "event: progress" in kinds


def test_what_nobody_can_do_stays_open_and_why_is_told(stage: Stage, planner: TestClient) -> None:
    """With the two others away as well, the four shifts of that week stay open."""
    proposal = proposed(stage, planner, away=[WEEK | {"gp_id": name} for name in "abc"])["proposal"]
    assert (proposal["filled"], proposal["open_bound"], proposal["fell_open"]) == (0, 4, 4)
    assert proposal["left_open"][0]["dropped_by_rule"] == {"absence": 3}
    assert "3 vallen af" in proposal["left_open"][0]["text"]


def test_shifts_of_others_move_only_where_the_planner_lets_them(database: Database, as_role: Any) -> None:
    """`c` is away that day and `b` has a full week, of which `c` could do a part: that takes one shift of `b`."""
    stage, planner = of_two_weeks(database, absences=(away("c", 4),)), as_role("planner")
    start = {evening(4): "a", evening(5): "b", evening(6): "b", evening(7): "b"}
    stage.put_in_force(planner, stage.draft(start), "2027-01-04")
    assert proposed(stage, planner, movable="named", movable_gp_ids=["c"])["proposal"]["filled"] == 0
    proposal = proposed(stage, planner, movable="anybody")["proposal"]
    assert (proposal["filled"], proposal["moved"], proposal["proven"]) == (1, 1, True)
    [moved] = [one for one in proposal["changes"] if one["cause"] == "makes_room"]
    assert (moved["from_gp_id"], moved["to_gp_id"]) == ("b", "c")


def test_a_repair_that_is_cancelled_is_not_carried_out(stage: Stage, planner: TestClient) -> None:
    """Nobody takes it up, and a worker that has it in hand leaves it."""
    repair = asked(stage, planner)
    with stage.database.writing() as session:
        mine = lifecycle.claim(session, repair["id"], "w", LEASE)
    assert mine is not None
    assert planner.post(stage.url(f"repairs/{repair['id']}/cancel")).json()["state"] == "cancelled"
    with stage.database.writing() as session:
        assert lifecycle.order_of(session, mine) is lifecycle.Order.LEAVE
        assert lifecycle.renew(session, mine, None, LEASE) is lifecycle.Order.LEAVE
    assert carry_out(stage) == 0


def test_a_repair_is_taken_over_once_its_lease_has_lapsed(stage: Stage, planner: TestClient) -> None:
    """Not before; the worker that comes back from the dead leaves it, and puts nothing away."""
    repair = asked(stage, planner)
    with stage.database.writing() as session:
        dead = lifecycle.claim(session, repair["id"], "dead", LEASE)
        assert dead is not None
        assert lifecycle.claim(session, repair["id"], "other", LEASE) is None
    _lapse(stage, repair)
    put_down(stage, repair)
    with stage.database.writing() as session:
        assert lifecycle.renew(session, dead, None, LEASE) is lifecycle.Order.LEAVE
        lifecycle.fail(session, dead, "solver_crashed", "")
    assert planner.get(stage.url(f"repairs/{repair['id']}")).json()["state"] == "proposed"


def _lapse(stage: Stage, repair: dict[str, Any]) -> None:
    """Have the worker of a repair show no life for too long."""
    with stage.database.writing() as session:
        session.get_one(Repair, repair["id"]).lease_until = now() - timedelta(seconds=1)


def test_a_repair_that_kills_its_workers_ends(stage: Stage, planner: TestClient) -> None:
    """After three workers died of it, it fails and the planner is told."""
    repair = asked(stage, planner)
    for _ in range(lifecycle.MOST_ATTEMPTS):
        with stage.database.writing() as session:
            assert lifecycle.claim(session, repair["id"], "dead", LEASE) is not None
        _lapse(stage, repair)
    assert carry_out(stage) == 0
    found = planner.get(stage.url(f"repairs/{repair['id']}")).json()
    assert (found["state"], found["error_code"]) == ("failed", "run_lost")
    assert told(stage.database, "repair_failed") == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_killed_worker_hands_its_repair_over(
    stage: Stage, planner: TestClient, workers: Workers, request: pytest.FixtureRequest
) -> None:
    """The first is killed while it mends; the second finds the lease lapsed and proposes."""
    repair = asked(stage, planner)
    first = workers.start("tests.api.repair.worker")
    (mending,) = until(lambda: _mending(first))
    os.kill(mending, signal.SIGSTOP)
    kill(first)
    with suppress(ProcessLookupError):
        os.kill(mending, signal.SIGKILL)
    workers.start("tests.api.repair.worker")
    where = stage.url(f"repairs/{repair['id']}")
    until(lambda: planner.get(where).json()["state"] == "proposed")
    with stage.database.reading() as session:
        assert session.get_one(Repair, repair["id"]).attempt == 2


def _mending(worker: subprocess.Popen[bytes]) -> set[int]:
    """The processes that mend for a worker."""
    found = set()
    for child in children_of(worker.pid):
        # gone between the two looks
        with suppress(OSError):
            if b"api.repair.child" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.add(child)
    return found
