"""A standby is called in, with its hours for pay; what is left open or empty is seen to."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import select

from api.audit import Act
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.outbox import OutboxEvent
from api.errors import Problem
from api.swaps.hands import pass_on
from api.swaps.market import market_of
from api.swaps.table import table_for
from scheduler.domain.people import Role
from scheduler.swaps.moves import Move
from tests.api.audit.on_record import doers
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.sickness.ward import MONDAY, Ward, at, evening, open_ward, standby
from tests.builders import shift_type

START = {evening(6): "a", standby(6): "b"}
SHORT = [shift_type("avond", headcount=2), shift_type("wacht", "17:00", "20:00", role=Role.STANDBY)]


def _call_ins(ward: Ward, shift_id: str) -> Any:
    found = ward.speaks("planner").get(ward.url(f"call-ins/{shift_id}")).json()["stretches"]
    return [(one["gp_id"], one["start"][11:16], one["end"][11:16]) for one in found]


def _worked(ward: Ward, shift_id: str) -> Any:
    found = ward.speaks("planner").get(ward.url(f"worked/{shift_id}")).json()
    return found["told"], [(one["gp_id"], one["start"][11:16], one["end"][11:16]) for one in found["stretches"]]


def test_the_standby_of_the_block_is_called_in_and_nobody_else_works_the_shift(
    app: FastAPI, database: Database
) -> None:
    """Whoever was responsible stays so; the call-in and the shift worked by nobody are what pay reads."""
    ward = open_ward(app, database, START)
    [case, refill] = ward.sick("a", shift_id=evening(6))["cases"]
    assert (case["shift_id"], case["state"], case["covered_by"]) == (evening(6), "covered", "b")
    assert (refill["kind"], refill["start"], refill["end"]) == ("refill", case["start"], case["end"])
    assert ward.performers() == {standby(6): "b"}
    assert ward.responsible() == START
    assert _call_ins(ward, standby(6)) == [("b", "17:00", "23:00")]
    assert _worked(ward, evening(6)) == (True, [])
    by_itself = [(action, None) for action in ("sickness.called_in", "sickness.freed")]
    assert doers(database, "sickness.reported", "sickness.called_in", "sickness.freed") == [
        by_itself[0], ("sickness.reported", "user-a"), by_itself[1],
    ]  # fmt: skip


def test_what_a_called_standby_does_is_told_apart_in_the_figures(app: FastAPI, database: Database) -> None:
    """The shift has no performer, and is not among what nobody did."""
    ward = open_ward(app, database, START)
    planner = ward.speaks("planner")
    assert planner.get(ward.url("coverage")).json()["by_standby"]["shifts"] == 0
    ward.sick("a", shift_id=evening(6))
    found = planner.get(ward.url("coverage")).json()
    assert (found["by_standby"]["shifts"], found["by_standby"]["hours"], found["whole"]["filled"]) == (1, 6.0, 1)


@ON_SQLITE
@pytest.mark.parametrize(("types", "moment", "hours"), [(SHORT, MONDAY, 3.0), (None, "2027-01-06T19:00", 4.0)])
def test_figures_tell_the_hours_that_a_called_standby_did(
    app: FastAPI, database: Database, clock: time_machine.Traveller, types: Any, moment: str, hours: float
) -> None:
    """Of a shift of six: the part that the standby runs, and what was left when the GP fell ill on duty."""
    ward = open_ward(app, database, START, **({"types": types} if types else {}))
    clock.move_to(at(moment))
    ward.sick("a", shift_id=evening(6))
    found = ward.speaks("planner").get(ward.url("coverage")).json()["by_standby"]
    assert (found["shifts"], found["hours"], found["filled_hours"]) == (1, 6.0, hours)


def test_a_standby_left_empty_is_filled_down_the_list(app: FastAPI, database: Database) -> None:
    """The new standby shift is asked about like any other, and whoever agrees stands by."""
    ward = open_ward(app, database, START)
    [_, refill] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.tick("2027-01-04T09:01") == 1
    [ask] = ward.asks("c")
    assert (ask["shift_id"], ask["open"]) == (refill["shift_id"], True)
    assert ward.says("c", True).status_code == 200
    assert ward.performers() == {standby(6): "b", refill["shift_id"]: "c"}
    assert ward.open() == []


def test_a_part_that_the_standby_does_not_cover_is_red_for_the_planner(app: FastAPI, database: Database) -> None:
    """Who takes the rest is paid for the rest alone."""
    ward = open_ward(app, database, START, types=SHORT)
    [case, _] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.case(case["id"])["state"] == "planner"
    red = ward.case(case["id"])
    assert red["urgency"] == "red"
    assert [(part["start"][11:16], part["end"][11:16]) for part in red["open_parts"]] == [("20:00", "23:00")]
    assert ward.decide(case["id"], "assign", gp_id="c").status_code == 200
    assert ward.performers()[evening(6)] == "c"
    assert _call_ins(ward, standby(6)) == [("b", "17:00", "20:00")]
    assert _worked(ward, evening(6)) == (True, [("c", "20:00", "23:00")])


@ON_SQLITE
@pytest.mark.parametrize("told", [False, True])
def test_who_gets_the_rest_by_another_way_is_paid_for_it(app: FastAPI, database: Database, told: bool) -> None:
    """As by a repair or a neighbour; hours that were told by hand meanwhile stand."""
    ward = open_ward(app, database, START, types=SHORT)
    ward.sick("a", shift_id=evening(6))
    ward.stage.swap(evening(6), "c")
    stretch = {"gp_id": "c", "start": "2027-01-06T21:00:00+01:00", "end": "2027-01-06T23:00:00+01:00"}
    if told:
        body, where = {"stretches": [stretch]}, ward.url(f"worked/{evening(6)}")
        assert ward.speaks("planner").put(where, json=body, headers={"If-Match": "*"}).status_code == 200
    ward.tick("2027-01-04T09:05")
    assert [one["shift_id"] for one in ward.open() if one["kind"] == "duty"] == []
    assert _worked(ward, evening(6)) == (True, [("c", "21:00" if told else "20:00", "23:00")])


@ON_SQLITE
def test_a_planner_who_wants_to_be_asked_calls_the_standby(app: FastAPI, database: Database) -> None:
    """Nobody is called or asked before; the planner sees who could be, and calls."""
    ward = open_ward(app, database, START)
    ward.choose(standby="ask_planner")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert (ward.case(case["id"])["state"], ward.asks("c"), _call_ins(ward, standby(6))) == ("planner", [], [])
    [one] = ward.speaks("planner").get(ward.url(f"sickness/cases/{case['id']}/standbys")).json()
    assert (one["standby_id"], one["gp_id"], one["legal"], one["whole"]) == (standby(6), "b", True, True)
    done = ward.decide(case["id"], "call", standby_id=standby(6))
    assert (done.status_code, done.json()["state"]) == (200, "covered")
    assert _call_ins(ward, standby(6)) == [("b", "17:00", "23:00")]
    again = ward.decide(case["id"], "call", standby_id=standby(6))
    assert (again.status_code, again.json()["code"]) == (409, "already_covered")


@ON_SQLITE
def test_a_standby_called_late_is_paid_as_on_duty_from_then_on(
    app: FastAPI, database: Database, clock: time_machine.Traveller
) -> None:
    """What nobody did before the call stays undone, and is no reason to go on looking."""
    ward = open_ward(app, database, START)
    ward.choose(standby="ask_planner")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    clock.move_to(at("2027-01-06T19:10"))
    [shown] = ward.speaks("planner").get(ward.url(f"sickness/cases/{case['id']}/standbys")).json()
    assert shown["start"][11:16] == "19:10"
    assert ward.decide(case["id"], "call", standby_id=standby(6)).json()["state"] == "covered"
    assert _call_ins(ward, standby(6)) == [("b", "19:10", "23:00")]
    assert _worked(ward, evening(6)) == (True, [])


@ON_SQLITE
def test_a_standby_of_whom_other_hours_were_told_is_not_called(app: FastAPI, database: Database) -> None:
    """Payment would know of no call-in; the report goes through, and others are asked."""
    ward = open_ward(app, database, START)
    nobody = ward.url(f"worked/{standby(6)}")
    assert ward.speaks("planner").put(nobody, json={"stretches": []}, headers={"If-Match": "*"}).status_code == 200
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert (case["state"], len(ward.case(case["id"])["asks"])) == ("asking", 1)


@ON_SQLITE
def test_a_standby_of_another_time_cannot_be_called(app: FastAPI, database: Database) -> None:
    """The refusal changes nothing."""
    ward = open_ward(app, database, START | {standby(7): "c"})
    ward.choose(standby="ask_planner")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    refused = ward.decide(case["id"], "call", standby_id=standby(7))
    assert (refused.status_code, refused.json()["code"]) == (409, "standby_unfit")
    assert ward.case(case["id"])["state"] == "planner"


@ON_SQLITE
def test_a_standby_may_not_be_called_twice_for_the_same_hours(app: FastAPI, database: Database) -> None:
    """The second shift of the evening goes down the list."""
    ward = open_ward(app, database, START | {evening(6, 2): "c"})
    assert ward.sick("a", shift_id=evening(6))["cases"][0]["covered_by"] == "b"
    [case] = ward.sick("c", shift_id=evening(6, 2))["cases"]
    assert case["state"] == "asking"
    assert _call_ins(ward, standby(6)) == [("b", "17:00", "23:00")]


def test_who_falls_ill_on_duty_worked_up_to_then(
    app: FastAPI, database: Database, clock: time_machine.Traveller
) -> None:
    """The standby works the rest, and a new standby is needed for that rest alone."""
    ward = open_ward(app, database, START)
    clock.move_to(at("2027-01-06T19:10"))
    [case, refill] = ward.sick("a", shift_id=evening(6))["cases"]
    assert (case["state"], case["covered_by"], refill["start"][11:16]) == ("covered", "b", "19:10")
    assert _worked(ward, evening(6)) == (True, [("a", "17:00", "19:10")])
    assert _call_ins(ward, standby(6)) == [("b", "19:10", "23:00")]


def test_a_called_standby_who_falls_ill_is_called_no_more(app: FastAPI, database: Database) -> None:
    """The shift needs somebody again, and so does the standby; the call-in is taken back."""
    ward = open_ward(app, database, START)
    [case, _] = ward.sick("a", shift_id=evening(6))["cases"]
    [lost, *more] = ward.sick("b", shift_id=standby(6))["cases"]
    assert (lost["shift_id"], lost["state"], more) == (standby(6), "asking", [])
    assert _call_ins(ward, standby(6)) == []
    again = ward.case(case["id"])
    assert (again["state"], again["covered_by"], again["calls"]) == ("asking", None, [])
    assert "de opgeroepen achterwacht is zelf ziek" in [step["what"] for step in again["steps"]]


@ON_SQLITE
def test_a_shift_that_lost_its_standby_is_looked_after_until_it_is_over(app: FastAPI, database: Database) -> None:
    """Before the planner, too: what comes of it by another way, or not at all, is seen."""
    types = [shift_type("avond", headcount=2), shift_type("wacht", role=Role.STANDBY, headcount=2)]
    ward = open_ward(app, database, START | {"wacht/2027-01-06/2": "d"}, types=types)
    ward.choose(standby="ask_planner")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    ward.decide(case["id"], "call", standby_id=standby(6))
    ward.sick("b", shift_id=standby(6))
    assert ward.case(case["id"])["state"] == "planner"
    ward.tick("2027-01-07T09:00")
    assert ward.case(case["id"])["state"] == "closed"


@ON_SQLITE
def test_a_shift_that_a_called_standby_does_is_no_open_shift(app: FastAPI, database: Database) -> None:
    """Nobody else may get it, who would come for nothing and not be paid; nor does a search for rings hand it out."""
    ward = open_ward(app, database, START)
    ward.sick("a", shift_id=evening(6))
    with database.reading() as session:
        dossier = session.get_one(DossierRow, ward.stage.dossier_id)
        found = market_of(session, "test", dossier, at(MONDAY)).market.open_shifts
    assert found is not None
    assert (evening(6) in found, evening(6, 2) in found) == (False, True)
    with database.writing() as session, pytest.raises(Problem) as refused:
        table = table_for(session, "test", [Move(shift_id=evening(6), to_gp="c")], still=True)
        pass_on(session, "test", None, table, Act("repair.applied", "repair/1"))
    assert refused.value.code == "wrong_state"


@ON_SQLITE
@pytest.mark.parametrize("other", [None, "d"])
def test_who_does_the_rest_keeps_it_when_the_called_standby_falls_ill(
    app: FastAPI, database: Database, other: str | None
) -> None:
    """Another standby is called for the part; nobody is asked to take a shift that has a GP, the planners are told."""
    types = [shift_type("avond", headcount=2), shift_type("wacht", end="20:00", role=Role.STANDBY, headcount=2)]
    beside = {"wacht/2027-01-06/2": other} if other else {}
    ward = open_ward(app, database, START | beside, types=types)
    [case, _] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.decide(case["id"], "assign", gp_id="c").status_code == 200
    ward.sick("b", shift_id=standby(6))
    ward.tick("2027-01-04T09:01")
    assert (ward.performers()[evening(6)], _worked(ward, evening(6))) == ("c", (True, [("c", "20:00", "23:00")]))
    assert _call_ins(ward, "wacht/2027-01-06/2") == ([("d", "17:00", "20:00")] if other else [])
    assert evening(6) not in {ask["shift_id"] for name in "de" for ask in ward.asks(name)}
    with database.reading() as session:
        told = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == "sickness_planner")).all()
    assert [row.about["cause"] for row in told] == ["een deel van de dienst staat open"] * (1 if other else 2)


@ON_SQLITE
def test_a_called_standby_stays_with_who_was_called(app: FastAPI, database: Database) -> None:
    """The taker would not know of the call, and no payment could be made of it; its other standbys may go."""
    ward = open_ward(app, database, START | {standby(8): "b"})
    ward.sick("a", shift_id=evening(6))
    asked = [{"shift_id": standby(day), "from_gp_id": "b", "to_gp_id": "c"} for day in (6, 8)]
    for move in asked:
        ward.speaks("b").post(ward.url("swaps/offers"), json={"shift_id": move["shift_id"]})
    refused, done = (ward.speaks("c").post(ward.url("swaps/deals"), json={"moves": [move]}) for move in asked)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    assert "opgeroepen" in refused.json()["detail"]
    assert (done.status_code, ward.performers()) == (201, {standby(6): "b", standby(8): "c"})


@ON_SQLITE
def test_a_standby_who_reports_sick_is_replaced_down_the_list(app: FastAPI, database: Database) -> None:
    """There is no standby for a standby."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("b", shift_id=standby(6))["cases"]
    assert case["state"] == "asking"
    [asked] = ward.case(case["id"])["asks"]
    assert ward.says(asked["gp_id"], True).status_code == 200
    assert ward.performers() == {evening(6): "a", standby(6): asked["gp_id"]}
