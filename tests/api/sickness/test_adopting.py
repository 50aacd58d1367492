"""A standby that the planner called in by hand, and then the GP of the shift, or the standby, reports sick."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from fastapi import FastAPI

from api.db.engine import Database
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.sickness.test_standby import _call_ins, _worked
from tests.api.sickness.ward import Ward, at, evening, open_ward, standby

START = {evening(6): "a", standby(6): "b"}
pytestmark = ON_SQLITE


@pytest.fixture
def ward(app: FastAPI, database: Database) -> Ward:
    """`a` has the evening of the sixth, `b` stands by."""
    return open_ward(app, database, START)


def _call(ward: Ward) -> Any:
    asked = {"shift_id": evening(6), "standby_id": standby(6), "reason": "valt uit"}
    return ward.speaks("planner").post(ward.url("peak/call"), json=asked)


def _account(ward: Ward) -> tuple[str | None, float]:
    """Who was called by hand, and for how many hours in all."""
    calls = [one for row in ward.speaks("planner").get(ward.url("peak")).json()["items"] for one in row["calls"]]
    return next((one["gp_id"] for one in calls), None), sum(one["hours"] for one in calls)


def test_a_shift_for_which_a_standby_was_called_needs_nobody_more(ward: Ward) -> None:
    """The call that there is counts: nobody is asked, and no hour is paid to a second GP."""
    assert _call(ward).status_code == 201
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert (case["state"], case["covered_by"]) == ("covered", "b")
    assert (ward.asks("c"), ward.performers()) == ([], {standby(6): "b"})
    assert (_call_ins(ward, standby(6)), _worked(ward, evening(6))) == ([("b", "17:00", "23:00")], (True, []))


def test_who_was_replaced_on_duty_and_reports_later_worked_up_to_the_call(
    ward: Ward, clock: time_machine.Traveller
) -> None:
    """Hours between the call and the report are the standby's alone."""
    clock.move_to(at("2027-01-06T18:00"))
    assert _call(ward).status_code == 201
    clock.move_to(at("2027-01-06T19:00"))
    ward.sick("a", shift_id=evening(6))
    assert _worked(ward, evening(6)) == (True, [("a", "17:00", "18:00")])
    assert _call_ins(ward, standby(6)) == [("b", "18:00", "23:00")]


def test_a_call_whose_hours_were_taken_back_counts_no_more(ward: Ward) -> None:
    """The planner had called by mistake, and is asked again; the standby may be ill as any other."""
    ward.choose(standby="ask_planner")
    _call(ward)
    gone = ward.speaks("planner").delete(ward.url(f"call-ins/{standby(6)}"), headers={"If-Match": "*"})
    assert gone.is_success, gone.text
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    seen = ward.case(case["id"])
    assert (seen["state"], seen["calls"]) == ("planner", [])
    assert [one["shift_id"] for one in ward.sick("b", shift_id=standby(6))["cases"]] == [standby(6)]


def test_a_standby_called_by_hand_who_falls_ill_is_called_no_more(ward: Ward) -> None:
    """The shift is in sight again, and the account knows; who is better gets back the standby, not the shift."""
    ward.stage.swap(evening(6), None)
    assert _call(ward).status_code == 201
    report = ward.sick("b", shift_id=standby(6))
    assert (_call_ins(ward, standby(6)), _account(ward)) == ([], (None, 0))
    assert {one["shift_id"] for one in ward.open()} == {evening(6), standby(6)}
    ward.speaks("b").post(ward.url(f"sickness/{report['id']}/recovered"), json={"take_back": True})
    assert ward.performers() == {standby(6): "b"}
    [case] = ward.open()
    assert ward.decide(case["id"], "assign", gp_id="c").status_code == 200
    assert (ward.performers()[evening(6)], _worked(ward, evening(6))) == ("c", (False, []))


def test_who_dropped_out_stays_so_when_the_standby_falls_ill_on_the_way(
    ward: Ward, clock: time_machine.Traveller
) -> None:
    """Whoever takes the rest is paid for the rest, each of the others for what they did."""
    clock.move_to(at("2027-01-06T18:00"))
    assert _call(ward).status_code == 201
    clock.move_to(at("2027-01-06T20:00"))
    ward.sick("b", shift_id=standby(6))
    assert (_call_ins(ward, standby(6)), _account(ward)) == ([("b", "18:00", "20:00")], ("b", 2))
    [case] = [one for one in ward.open() if one["shift_id"] == evening(6)]
    assert ward.decide(case["id"], "assign", gp_id="c").status_code == 200
    assert _worked(ward, evening(6)) == (True, [("a", "17:00", "18:00"), ("c", "20:00", "23:00")])


def test_a_standby_called_off_is_paid_till_then(ward: Ward, clock: time_machine.Traveller) -> None:
    """By hand while nobody is ill; a call that counts for a report of sickness is ended there."""
    planner, off = ward.speaks("planner"), {"shift_id": evening(6), "standby_id": standby(6)}
    clock.move_to(at("2027-01-06T18:00"))
    assert _call(ward).status_code == 201
    clock.move_to(at("2027-01-06T19:00"))
    assert planner.post(ward.url("peak/uncall"), json=off).status_code == 204
    assert (_call_ins(ward, standby(6)), _account(ward)) == ([("b", "18:00", "19:00")], ("b", 1))
    assert _worked(ward, evening(6)) == (True, [("a", "17:00", "18:00")])


def test_a_call_of_a_case_is_called_off_there(ward: Ward) -> None:
    """The case knows what the shift needs then."""
    _call(ward)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    off = {"shift_id": evening(6), "standby_id": standby(6)}
    assert ward.speaks("planner").post(ward.url("peak/uncall"), json=off).json()["code"] == "wrong_state"
    assert ward.decide(case["id"], "uncall", standby_id=standby(6)).json()["state"] == "planner"
    assert (_call_ins(ward, standby(6)), _account(ward)) == ([], (None, 0))


def test_while_somebody_is_looked_for_standbys_are_called_there(ward: Ward) -> None:
    """Called in both places, two GPs would be paid for one shift."""
    ward.choose(standby="ask_planner")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    refused = _call(ward)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    ward.decide(case["id"], "close", reason="anders geregeld")
    assert _call(ward).status_code == 201
