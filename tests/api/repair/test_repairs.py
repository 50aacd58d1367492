"""The way of a repair: asked, worked out by a worker, proposed, agreed with, and done once or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import AbsenceRow, LockRow
from api.db.tables.outbox import OutboxEvent
from api.db.tables.repair import Repair
from api.repair import lifecycle
from api.repair.carrying import Repairs
from api.repair.deciding import expire
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Lock
from scheduler.domain.time import Period
from tests.api.rosters.stage import Stage, evening, set_up, small_dossier
from tests.api.swaps.market import speaks_for
from tests.builders import moment

AsRole = Callable[..., TestClient]
WEEK: dict[str, Any] = {"gp_id": "a", "start": "2027-01-04T00:00:00+01:00", "end": "2027-01-11T00:00:00+01:00"}
PERIOD = Period(start=date(2027, 1, 4), end=date(2027, 1, 17))
START = {evening(4): "a", evening(5): "b", evening(6): "b", evening(7): "b", evening(12): "a"}


def _stage(database: Database, **fields: Any) -> Stage:
    """Two weeks with an evening a day: `a` and `b` on duty, `c` free but on 4 January."""
    return set_up(database, small_dossier(period=PERIOD, **fields))


def _away(gp_id: str, day: int) -> Absence:
    return Absence(gp_id=gp_id, start=moment(f"2027-01-{day:02}T00:00"), end=moment(f"2027-01-{day + 1:02}T00:00"))


@pytest.fixture
def stage(database: Database) -> Stage:
    """Three GPs, with a lock on the shift that will fall open."""
    return _stage(database, locks=(Lock(shift_id=evening(4), gp_id="a"),))


@pytest.fixture
def planner(stage: Stage, as_role: AsRole) -> TestClient:
    """A planner of an HDS whose roster is in force."""
    client = as_role("planner")
    stage.put_in_force(client, stage.draft(START), "2027-01-04")
    return client


@pytest.fixture
def gps(app: FastAPI, stage: Stage, planner: TestClient) -> Iterator[dict[str, TestClient]]:
    """A client for each GP."""
    clients = {name: speaks_for(app, stage.database, name) for name in "abc"}
    yield clients
    for client in clients.values():
        client.close()


def asked(stage: Stage, planner: TestClient, **fields: Any) -> dict[str, Any]:
    """Ask for a repair."""
    body = {"dossier_id": stage.dossier_id, "away": [WEEK], "reason": "verlof", "time_limit": 20} | fields
    answer = planner.post(stage.url("repairs"), json=body)
    assert answer.status_code == 202, answer.text
    found: dict[str, Any] = answer.json()
    return found


def proposed(stage: Stage, planner: TestClient, **fields: Any) -> dict[str, Any]:
    """Ask for a repair and have it carried out as a worker does."""
    repair = asked(stage, planner, **fields)
    assert Repairs(stage.database).carry_out() == 1
    found: dict[str, Any] = planner.get(stage.url(f"repairs/{repair['id']}")).json()
    assert found["state"] == "proposed", found
    return found


def apply(stage: Stage, planner: TestClient, repair: dict[str, Any], how: str = "ask", reason: str = "") -> Any:
    """Carry a proposal out."""
    return planner.post(stage.url(f"repairs/{repair['id']}/apply"), json={"how": how, "reason": reason})


def told(database: Database, kind: str) -> int:
    """How many notices of a kind there are."""
    with database.reading() as session:
        return len(session.scalars(select(OutboxEvent).where(OutboxEvent.kind == kind)).all())


def test_a_proposal_names_each_change_with_its_reason_and_is_proven(stage: Stage, planner: TestClient) -> None:
    """The one shift of who is away goes to who may do it; nothing changes before it is applied."""
    repair = proposed(stage, planner)
    proposal = repair["proposal"]
    [change] = proposal["changes"]
    assert (change["shift_id"], change["from_gp_id"], change["cause"]) == (evening(4), "a", "away")
    assert change["to_gp_id"] in change["text"]
    assert (proposal["proven"], proposal["fewest_changes"], proposal["moved"], proposal["current"]) == (
        True,
        1,
        0,
        True,
    )
    assert set(proposal["fairness"]) == {"evening", "weekend"}
    assert stage.in_force()[evening(4)] == ("a", "a")
    kinds = [
        line for line in planner.get(stage.url(f"repairs/{repair['id']}/events")).text.splitlines() if "event" in line
    ]
    assert kinds[0] == "event: state"
    assert kinds[-1] == "event: end"


def test_applied_it_is_the_roster_with_the_absence_in_the_dossier(stage: Stage, planner: TestClient) -> None:
    """The taker performs, responsibility stays, the absence stands and the lock is gone; done once."""
    repair = proposed(stage, planner)
    taker = repair["proposal"]["changes"][0]["to_gp_id"]
    answer = apply(stage, planner, repair)
    assert (answer.status_code, answer.json()["state"]) == (200, "applied"), answer.text
    assert stage.in_force()[evening(4)] == (taker, "a")
    assert told(stage.database, "duty_changed") == 1
    with stage.database.reading() as session:
        assert len(session.scalars(select(AbsenceRow)).all()) == 1
        assert session.scalars(select(LockRow)).all() == []
    assert apply(stage, planner, repair).json()["code"] == "wrong_state"
    assert not verify_all(stage.database).troubles


def test_of_two_who_apply_at_once_one_wins(stage: Stage, planner: TestClient) -> None:
    """The other gets 409, and the absence is in the dossier once."""
    repair = proposed(stage, planner)
    with ThreadPoolExecutor(2) as both:
        answers = [both.submit(apply, stage, planner, repair) for _ in range(2)]
        assert sorted(one.result().status_code for one in answers) == [200, 409]
    with stage.database.reading() as session:
        assert len(session.scalars(select(AbsenceRow)).all()) == 1


def test_a_proposal_is_out_of_date_once_a_duty_of_it_changed(stage: Stage, planner: TestClient) -> None:
    """Refused with nothing done; asked again it is worked out for the roster as it is."""
    repair = proposed(stage, planner)
    stage.swap(evening(4), "b")
    stage.swap(evening(4), "a")
    assert planner.get(stage.url(f"repairs/{repair['id']}")).json()["proposal"]["current"] is False
    answer = apply(stage, planner, repair)
    assert (answer.status_code, answer.json()["code"]) == (409, "swap_outdated")
    again = planner.post(stage.url(f"repairs/{repair['id']}/again")).json()
    assert Repairs(stage.database).carry_out() == 1
    assert apply(stage, planner, again).status_code == 200


def test_a_new_duty_of_who_is_away_makes_a_proposal_outdated(stage: Stage, planner: TestClient) -> None:
    """What the proposal does not know would stay with somebody who is not there."""
    repair = proposed(stage, planner)
    stage.swap(evening(9), "a")
    assert apply(stage, planner, repair).json()["code"] == "swap_outdated"


def test_everything_wrong_with_a_question_is_told_at_once(stage: Stage, planner: TestClient) -> None:
    """An unknown GP, an unknown shift and an absence that ends before it begins; nothing asked is refused too."""
    backwards = WEEK | {"start": WEEK["end"], "end": WEEK["start"]}
    body = {
        "dossier_id": stage.dossier_id,
        "away": [WEEK | {"gp_id": "z"}, backwards],
        "vacated": ["x/1"],
        "reason": "r",
    }
    answer = planner.post(stage.url("repairs"), json=body)
    assert (answer.status_code, answer.json()["code"], len(answer.json()["errors"])) == (422, "mend_refused", 3)
    assert planner.post(stage.url("repairs"), json=body | {"away": [], "vacated": []}).status_code == 422
    assert planner.get(stage.url("repairs")).json()["items"] == []


def test_the_same_key_asks_once(stage: Stage, planner: TestClient) -> None:
    """A retry gets the repair that it made, another request under that key a refusal."""
    body = {"dossier_id": stage.dossier_id, "away": [WEEK], "reason": "verlof"}
    headers = {"Idempotency-Key": "k"}
    both = [planner.post(stage.url("repairs"), json=body, headers=headers).json()["id"] for _ in range(2)]
    assert both[0] == both[1]
    other = planner.post(stage.url("repairs"), json=body | {"reason": "ziek"}, headers=headers)
    assert other.json()["code"] == "idempotency_key_reused"


def test_a_repair_that_is_cancelled_is_not_carried_out(stage: Stage, planner: TestClient) -> None:
    """Nobody takes it up, and a worker that has it in hand leaves it."""
    repair = asked(stage, planner)
    with stage.database.writing() as session:
        mine = lifecycle.claim(session, repair["id"], "w")
    assert mine is not None
    assert planner.post(stage.url(f"repairs/{repair['id']}/cancel")).json()["state"] == "cancelled"
    with stage.database.writing() as session:
        assert lifecycle.look(session, mine, None) is lifecycle.Order.LEAVE
    assert Repairs(stage.database).carry_out() == 0


def test_a_repair_whose_worker_died_is_taken_over(stage: Stage, planner: TestClient) -> None:
    """Only once its lease has lapsed; the one that comes back from the dead leaves it."""
    repair = asked(stage, planner)
    with stage.database.writing() as session:
        dead = lifecycle.claim(session, repair["id"], "dead")
    assert dead is not None
    assert Repairs(stage.database).carry_out() == 0
    lapse(stage, repair)
    assert Repairs(stage.database).carry_out() == 1
    with stage.database.writing() as session:
        assert lifecycle.look(session, dead, None) is lifecycle.Order.LEAVE
    assert planner.get(stage.url(f"repairs/{repair['id']}")).json()["state"] == "proposed"


def lapse(stage: Stage, repair: dict[str, Any]) -> None:
    """Have the worker of a repair show no life for too long."""
    with stage.database.writing() as session:
        session.get_one(Repair, repair["id"]).lease_until = now() - timedelta(seconds=1)


def test_a_repair_that_kills_its_workers_ends(stage: Stage, planner: TestClient) -> None:
    """After three workers died of it, it fails and the planner is told."""
    repair = asked(stage, planner)
    for _ in range(lifecycle.MOST_ATTEMPTS):
        with stage.database.writing() as session:
            assert lifecycle.claim(session, repair["id"], "dead") is not None
        lapse(stage, repair)
    assert Repairs(stage.database).carry_out() == 0
    found = planner.get(stage.url(f"repairs/{repair['id']}")).json()
    assert (found["state"], found["error_code"]) == ("failed", "run_lost")
    assert told(stage.database, "repair_failed") == 1


def test_what_nobody_can_do_is_given_back_open(stage: Stage, planner: TestClient) -> None:
    """With the two others away as well, the shift stays open, and why is told."""
    repair = proposed(stage, planner, away=[WEEK | {"gp_id": name} for name in "abc"])
    proposal = repair["proposal"]
    assert (proposal["filled"], proposal["open_bound"], proposal["fell_open"]) == (0, 4, 4)
    assert len(proposal["left_open"]) == 4
    assert apply(stage, planner, repair).json()["state"] == "applied"
    assert stage.in_force()[evening(4)] == (None, "a")


class TestMovingOthers:
    """Where a published shift of somebody else must move: `b` can do the vacated one only by giving one up."""

    @pytest.fixture
    def stage(self, database: Database) -> Stage:
        """`c` is away on 4 January, and `b` has a full week, of which `c` could do a part."""
        return _stage(database, absences=(_away("c", 4),))

    def proposal(self, stage: Stage, planner: TestClient) -> dict[str, Any]:
        """A repair that moves a shift of `b`."""
        repair = proposed(stage, planner, movable="anybody")
        assert [one["from_gp_id"] for one in repair["proposal"]["changes"] if one["cause"] == "makes_room"] == ["b"]
        assert (repair["proposal"]["moved"], repair["proposal"]["proven"]) == (1, True)
        return repair

    def test_without_leave_to_move_others_it_stays_open(self, stage: Stage, planner: TestClient) -> None:
        """Nobody's shifts move unless the planner lets them."""
        assert proposed(stage, planner)["proposal"]["filled"] == 0
        assert proposed(stage, planner, movable="named", movable_gp_ids=["c"])["proposal"]["filled"] == 0

    def test_it_is_done_as_a_set_once_the_gp_agrees(
        self, stage: Stage, planner: TestClient, gps: dict[str, TestClient]
    ) -> None:
        """Nothing before that; the GP sees the own shifts and nothing of who is away."""
        repair = self.proposal(stage, planner)
        before = stage.in_force()
        assert apply(stage, planner, repair).json()["state"] == "asking"
        assert stage.in_force() == before
        assert told(stage.database, "repair_asked") == 1
        [ask] = gps["b"].get(stage.url("repairs/asks")).json()["items"]
        assert ask["takes"] == [evening(4)]
        assert gps["c"].get(stage.url("repairs/asks")).json() == {"items": []}
        assert gps["c"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": True}).status_code == 404
        done = gps["b"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": True})
        assert (done.status_code, done.json()["state"]) == (200, "applied"), done.text
        assert stage.in_force()[evening(4)] == ("b", "a")
        assert stage.in_force()[ask["gives"][0]] == ("c", "b")
        assert not verify_all(stage.database).troubles

    def test_a_refusal_changes_nothing(self, stage: Stage, planner: TestClient, gps: dict[str, TestClient]) -> None:
        """Not the roster, and not the dossier."""
        repair = self.proposal(stage, planner)
        before = stage.in_force()
        apply(stage, planner, repair)
        refused = gps["b"].post(stage.url(f"repairs/{repair['id']}/answer"), json={"agreed": False})
        assert refused.json()["state"] == "refused"
        assert stage.in_force() == before
        with stage.database.reading() as session:
            assert len(session.scalars(select(AbsenceRow)).all()) == 1
        assert told(stage.database, "repair_refused") == 1

    def test_the_planner_decides_with_a_reason(self, stage: Stage, planner: TestClient) -> None:
        """Without one it is refused."""
        repair = self.proposal(stage, planner)
        assert apply(stage, planner, repair, "decide").status_code == 400
        assert apply(stage, planner, repair, "decide", "dienst moet door").json()["state"] == "applied"
        assert stage.in_force()[evening(4)] == ("b", "a")

    def test_who_does_not_answer_in_time_stays_as_is(self, stage: Stage, planner: TestClient) -> None:
        """It expires by itself, once; or the planner takes it back."""
        repair = self.proposal(stage, planner)
        before = stage.in_force()
        apply(stage, planner, repair)
        assert expire(stage.database, now() + timedelta(hours=71)) == 0
        assert expire(stage.database, now() + timedelta(hours=73)) == 1
        assert expire(stage.database, now() + timedelta(hours=73)) == 0
        assert stage.in_force() == before
        assert planner.post(stage.url(f"repairs/{repair['id']}/withdraw")).json()["code"] == "wrong_state"
        other = self.proposal(stage, planner)
        assert planner.post(stage.url(f"repairs/{other['id']}/withdraw")).json()["state"] == "withdrawn"
