"""What the planner does by hand."""

from __future__ import annotations

import pytest
import time_machine
from fastapi import FastAPI

from api.db.engine import Database
from scheduler.domain.people import Post, Role
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.sickness.ward import Ward, at, evening, open_ward, standby
from tests.builders import agreement, shift_type

START = {evening(6): "a", evening(6, 2): "c"}


@pytest.fixture
def ward(app: FastAPI, database: Database) -> Ward:
    """Shift 1 of the sixth has lost its GP, and `b` is asked."""
    found = open_ward(app, database, START)
    found.sick("a", shift_id=evening(6))
    return found


def test_anybody_who_may_can_be_assigned(ward: Ward) -> None:
    """Asked or not; who was asked need not answer."""
    [case] = ward.open()
    done = ward.decide(case["id"], "assign", gp_id="e")
    assert (done.status_code, done.json()["state"], done.json()["covered_by"]) == (200, "covered", "e")
    assert ward.performers() == {evening(6): "e", evening(6, 2): "c"}
    assert ward.says("b", True).json()["code"] == "already_covered"
    assert ward.decide(case["id"], "assign", gp_id="d").json()["code"] == "already_covered"


@ON_SQLITE
def test_hard_rules_hold_for_the_planner_too(ward: Ward) -> None:
    """Nobody is put on two shifts at once, and an unknown GP on none."""
    [case] = ward.open()
    refused = ward.decide(case["id"], "assign", gp_id="c")
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
    assert ward.decide(case["id"], "assign", gp_id="nobody").json()["code"] == "swap_unsound"
    assert ward.decide(999, "assign", gp_id="c").status_code == 404
    assert ward.performers() == {evening(6, 2): "c"}


def test_asking_can_be_stopped_and_gone_on_with(ward: Ward) -> None:
    """Who was asked before is not asked again."""
    [case] = ward.open()
    stopped = ward.decide(case["id"], "stop").json()
    assert (stopped["state"], [one["state"] for one in stopped["asks"]]) == ("planner", ["withdrawn"])
    ward.tick("2027-01-04T20:00")
    assert len(ward.case(case["id"])["asks"]) == 1
    assert ward.says("b", True).json()["code"] == "wrong_state"
    on = ward.decide(case["id"], "ask").json()
    assert (on["state"], [(one["gp_id"], one["state"]) for one in on["asks"]]) == (
        "asking",
        [("b", "withdrawn"), ("d", "asked")],
    )


@ON_SQLITE
def test_a_case_is_closed_with_a_reason(ward: Ward) -> None:
    """The shift stays open, and nobody is looked for."""
    [case] = ward.open()
    assert ward.decide(case["id"], "close", reason="").status_code == 422
    closed = ward.decide(case["id"], "close", reason="post draait met minder").json()
    assert (closed["state"], closed["reason"]) == ("closed", "post draait met minder")
    assert ward.open() == []
    assert ward.decide(case["id"], "ask").json()["code"] == "wrong_state"


@ON_SQLITE
def test_a_standby_who_does_not_come_is_called_off(
    app: FastAPI, database: Database, clock: time_machine.Traveller
) -> None:
    """Paid for what was worked till then; the planner sees the shift in red and gives it to another."""
    found = open_ward(app, database, {evening(6): "a", standby(6): "b"})
    [case, _] = found.sick("a", shift_id=evening(6))["cases"]
    [called] = found.speaks("planner").get(found.url("sickness/open?called=true")).json()["items"]
    assert (called["id"], called["calls"][0]["gp_id"]) == (case["id"], "b")
    clock.move_to(at("2027-01-06T18:00"))
    off = found.decide(case["id"], "uncall", standby_id=standby(6))
    assert (off.status_code, off.json()["state"], off.json()["urgency"]) == (200, "planner", "red")
    assert [part["start"][11:16] for part in off.json()["open_parts"]] == ["18:00"]
    assert found.speaks("planner").get(found.url("sickness/open?called=true")).json()["items"] == []
    assert found.decide(case["id"], "assign", gp_id="c").status_code == 200
    planner = found.speaks("planner")
    told = [planner.get(found.url(f"{table}")).json() for table in (f"call-ins/{standby(6)}", f"worked/{evening(6)}")]
    hours = [[(one["gp_id"], one["start"][11:16], one["end"][11:16]) for one in each["stretches"]] for each in told]
    assert hours == [[("b", "17:00", "18:00")], [("c", "18:00", "23:00")]]
    again = found.decide(case["id"], "uncall", standby_id=standby(6))
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


@ON_SQLITE
def test_a_standby_called_by_mistake_can_be_called_anew(app: FastAPI, database: Database) -> None:
    """Nothing is paid for the first call, and the shift is the GP's again who is better after all."""
    found = open_ward(app, database, {evening(6): "a", standby(6): "b"})
    report = found.sick("a", shift_id=evening(6))
    case_id = report["cases"][0]["id"]
    for what in ("uncall", "call", "uncall"):
        assert found.decide(case_id, what, standby_id=standby(6)).status_code == 200
    assert found.speaks("planner").get(found.url(f"call-ins/{standby(6)}")).json()["stretches"] == []
    found.speaks("a").post(found.url(f"sickness/{report['id']}/recovered"), json={"take_back": True})
    assert found.performers() == {evening(6): "a", standby(6): "b"}


@ON_SQLITE
def test_a_standby_that_may_not_be_called_is_refused_with_the_rule(ward: Ward) -> None:
    """A standby shift without anybody cannot be called either."""
    [case] = ward.open()
    refused = ward.decide(case["id"], "call", standby_id=standby(6))
    assert (refused.status_code, refused.json()["code"]) == (409, "standby_unfit")
    assert ward.decide(case["id"], "call", standby_id="wacht/2027-02-06/1").status_code == 404


def _two_posts(app: FastAPI, database: Database, posts: set[str]) -> Ward:
    """A second post with a standby, `b`, whose agreement is for `posts`; at the first nobody else can be asked."""
    kinds = [shift_type("avond", headcount=2), shift_type("wacht", post_id="Q", role=Role.STANDBY)]
    both = {Role.CONSULT, Role.STANDBY}
    ward = open_ward(
        app, database, {evening(6): "a", standby(6): "b"}, names="ab", types=kinds,
        posts=[Post(id="P", name="P", patients=1), Post(id="Q", name="Q", patients=1)],
        agreements=[agreement("a", roles=both), agreement("b", roles=both, posts=posts)],
    )  # fmt: skip
    ward.choose(standby="ask_planner")
    return ward


@ON_SQLITE
def test_a_standby_of_another_post_can_be_called(app: FastAPI, database: Database) -> None:
    """Who may work at this post too."""
    ward = _two_posts(app, database, {"P", "Q"})
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    [one] = ward.speaks("planner").get(ward.url(f"sickness/cases/{case['id']}/standbys")).json()
    assert (one["gp_id"], one["same_post"], one["legal"]) == ("b", False, True)
    assert ward.decide(case["id"], "call", standby_id=standby(6)).json()["covered_by"] == "b"


@ON_SQLITE
def test_a_standby_who_may_not_work_here_is_not_called(app: FastAPI, database: Database) -> None:
    """The planner reads why, and is refused."""
    ward = _two_posts(app, database, {"Q"})
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    seen = ward.case(case["id"])
    assert (seen["state"], seen["cause"]) == ("planner", "iedereen die kan is gevraagd")
    [one] = ward.speaks("planner").get(ward.url(f"sickness/cases/{case['id']}/standbys")).json()
    assert (one["legal"], len(one["reasons"])) == (False, 1)
    refused = ward.decide(case["id"], "call", standby_id=standby(6))
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
