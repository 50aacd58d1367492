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
from api.repair.process import mending
from scheduler.mend import Change, ChangeReason
from tests.api.jobs.stage import Workers, children_of, kill, until
from tests.api.repair.stage import (
    LEASE,
    WEEK,
    apply,
    asked,
    away,
    carry_out,
    of_two_weeks,
    propose,
    proposed,
    put_down,
    told,
)  # fmt: skip
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


def test_a_repair_that_is_cancelled_while_it_waits_is_not_carried_out(stage: Stage, planner: TestClient) -> None:
    """It ends at once and nobody takes it up."""
    assert _cancelled(stage, planner, asked(stage, planner))["state"] == "cancelled"
    assert carry_out(stage) == 0


def test_a_repair_that_is_cancelled_at_work_proposes_its_best(stage: Stage, planner: TestClient) -> None:
    """The worker is told to stop, as often as it asks; its best can be carried out, and says what it is."""
    repair = asked(stage, planner)
    mine = _claimed(stage, repair)
    for _ in range(2):
        found = _cancelled(stage, planner, repair)
        assert (found["state"], found["stopping"]) == ("running", True)
    with stage.database.writing() as session:
        assert lifecycle.order_of(session, mine) is lifecycle.Order.STOP
        assert lifecycle.renew(session, mine, None, LEASE) is lifecycle.Order.STOP
    change = Change(shift_id=evening(4), from_gp="a", to_gp="c", reason=ChangeReason.AWAY)
    propose(stage, mine, change, cancelled=True, is_fairest=False)
    found = planner.get(stage.url(f"repairs/{repair['id']}")).json()
    assert (found["state"], found["stopping"], found["proposal"]["stopped"]) == ("proposed", False, True)
    assert "Gestopt" in found["proposal"]["proof"]
    assert apply(stage, planner, repair).json()["state"] == "applied"


def test_a_repair_that_had_found_nothing_when_it_was_cancelled_has_no_proposal(
    stage: Stage, planner: TestClient
) -> None:
    """Neither when it says so itself, nor when it breaks down on the way, nor when its worker dies."""
    for end in (
        lambda stage, mine: propose(stage, mine, left_open=(evening(4),), cancelled=True, is_proven=False),
        _fail,
        lambda stage, mine: _lapse(stage, {"id": mine.repair_id}),
    ):
        repair = asked(stage, planner)
        mine = _claimed(stage, repair)
        _cancelled(stage, planner, repair)
        end(stage, mine)
        assert carry_out(stage) == 0
        found = planner.get(stage.url(f"repairs/{repair['id']}")).json()
        assert (found["state"], found["proposal"]) == ("cancelled", None)


def test_the_process_that_mends_answers_with_its_best_when_it_is_stopped(stage: Stage, planner: TestClient) -> None:
    """Stopped before it has begun: what can be told without a search."""
    mine = _claimed(stage, asked(stage, planner))
    with stage.database.reading() as session:
        request, _ = lifecycle.request_of(session, mine)
    two = request.replace(vacated=(evening(4), evening(12)))
    with mending(two) as at_work:
        at_work.stop()
        answers = iter(lambda: at_work.answer(60), None)
        last = next(one for one in answers if one is not None and one.is_last)
    assert last.mended is not None
    assert last.mended.cancelled
    assert {change.shift_id for change in last.mended.changes} == {evening(4), evening(12)}


def _cancelled(stage: Stage, planner: TestClient, repair: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = planner.post(stage.url(f"repairs/{repair['id']}/cancel")).json()
    return found


def _claimed(stage: Stage, repair: dict[str, Any]) -> lifecycle.Claim:
    with stage.database.writing() as session:
        mine = lifecycle.claim(session, repair["id"], "w", LEASE)
    assert mine is not None
    return mine


def _fail(stage: Stage, mine: lifecycle.Claim) -> None:
    with stage.database.writing() as session:
        lifecycle.fail(session, mine, "solver_crashed", "")


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
