"""The ranked list is asked in order with deadlines; the first who says yes has the shift."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import time_machine
from fastapi import FastAPI
from sqlalchemy import select

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import Gp
from api.db.tables.rosters import Duty
from api.dossiers.mapping import settings_values
from scheduler.domain.availability import Absence
from tests.api.audit.on_record import doers
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.sickness.ward import Ward, at, evening, open_ward
from tests.builders import moment

START = {evening(6): "a"}


def _asked(ward: Ward, case_id: int) -> list[tuple[str, str]]:
    return [(one["gp_id"], one["state"]) for one in ward.case(case_id)["asks"]]


def _told(database: Database, kind: str) -> list[tuple[str, ...]]:
    """To whom each notice of a kind went, `planner` where it went to the planners."""
    with database.reading() as session:
        ids = {number: gp_id for number, gp_id in session.execute(select(Gp.number, Gp.gp_id))}
        rows = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == kind).order_by(OutboxEvent.id)).all()
        return [(*(ids[one] for one in row.gp_numbers), *(["planner"] * row.to_planners)) for row in rows]


def test_one_is_asked_after_the_other_as_deadlines_pass(app: FastAPI, database: Database) -> None:
    """Two and a half days ahead there are four hours to answer; nothing happens before they are over."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.performers() == {}
    [ask] = ward.asks("b")
    assert (ask["shift_id"], ask["answer_by"]) == (evening(6), "2027-01-04T13:00:00+01:00")
    ward.tick("2027-01-04T12:59")
    assert _asked(ward, case["id"]) == [("b", "asked")]
    ward.tick("2027-01-04T13:00")
    assert _asked(ward, case["id"]) == [("b", "expired"), ("c", "asked")]
    assert _told(database, "sickness_asked") == [("b",), ("c",)]


def test_a_chore_done_twice_asks_once(app: FastAPI, database: Database) -> None:
    """Two workers at the same moment: the second finds it done."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: ward.tick("2027-01-04T13:00"), range(2)))
    ward.tick("2027-01-04T13:00")
    assert _asked(ward, case["id"]) == [("b", "expired"), ("c", "asked")]


@ON_SQLITE
def test_a_no_asks_the_next_at_once(app: FastAPI, database: Database) -> None:
    """The planner reads what was said."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.says("b", False, reason="op reis").status_code == 200
    shown = ward.case(case["id"])
    assert [(one["gp_id"], one["state"], one["words"]) for one in shown["asks"]] == [
        ("b", "refused", "op reis"),
        ("c", "asked", ""),
    ]
    assert ward.says("b", True).json()["code"] == "wrong_state"


def test_a_yes_gives_the_shift_and_everybody_concerned_is_told(app: FastAPI, database: Database) -> None:
    """Who was responsible stays so; the audit trail holds each step."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.says("b", True).status_code == 200
    assert (ward.performers(), ward.responsible()) == ({evening(6): "b"}, START)
    done = ward.case(case["id"])
    assert (done["state"], done["covered_by"], done["urgency"]) == ("covered", "b", "done")
    assert _told(database, "sickness_reported") == [("planner",)]
    assert _told(database, "sickness_covered") == [("a", "planner")]
    assert _told(database, "duty_changed") == [("a",), ("b",)]
    yes = [("sickness.agreed", "user-b"), ("sickness.covered", None)]
    assert doers(database, "sickness.agreed", "sickness.covered") == yes
    assert verify_all(database).troubles == ()


def test_of_two_who_say_yes_at_once_one_has_the_shift(app: FastAPI, database: Database) -> None:
    """The other is told that somebody was first."""
    ward = open_ward(app, database, START)
    ward.choose(at_once=2)
    ward.sick("a", shift_id=evening(6))
    gate = Barrier(2)

    def agree(name: str) -> Any:
        [ask] = ward.asks(name)
        gate.wait()
        return ward.speaks(name).post(ward.url(f"sickness/asks/{ask['id']}/answer"), json={"agreed": True})

    with ThreadPoolExecutor(2) as pool:
        answers = dict(zip("bc", pool.map(agree, "bc"), strict=True))
    assert sorted(one.status_code for one in answers.values()) == [200, 409]
    [winner] = [name for name, one in answers.items() if one.status_code == 200]
    [loser] = [one.json()["code"] for one in answers.values() if one.status_code == 409]
    assert (ward.performers(), loser) == ({evening(6): winner}, "already_covered")
    assert len(_told(database, "sickness_not_needed")) == 1


@ON_SQLITE
def test_a_late_yes_counts_while_nobody_else_has_the_shift(app: FastAPI, database: Database) -> None:
    """And not any more once somebody has."""
    ward = open_ward(app, database, START)
    ward.sick("a", shift_id=evening(6))
    ward.tick("2027-01-04T13:00")
    assert ward.says("b", True).status_code == 200
    second = ward.says("c", True)
    assert (second.status_code, second.json()["code"]) == (409, "already_covered")
    assert ward.performers() == {evening(6): "b"}


@ON_SQLITE
def test_when_all_were_asked_the_planner_sees_it_in_red(app: FastAPI, database: Database) -> None:
    """With who was asked and what they said."""
    ward = open_ward(app, database, START, names="abc")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    ward.says("b", False)
    assert ward.open()[0]["urgency"] == "orange"
    ward.says("c", False)
    [red] = ward.open()
    assert (red["id"], red["state"], red["urgency"]) == (case["id"], "planner", "red")
    assert red["cause"] == "iedereen die kan is gevraagd"
    assert _told(database, "sickness_planner") == [("planner",)]


@ON_SQLITE
def test_no_more_are_asked_than_the_hds_wants(app: FastAPI, database: Database) -> None:
    """After the last deadline the planner sees to it."""
    ward = open_ward(app, database, START)
    ward.choose(most_asked=1)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    ward.tick("2027-01-04T13:00")
    assert (ward.case(case["id"])["state"], _asked(ward, case["id"])) == ("planner", [("b", "expired")])


@ON_SQLITE
def test_with_little_time_the_planner_sees_it_and_several_are_asked_at_once(
    app: FastAPI, database: Database, clock: time_machine.Traveller
) -> None:
    """A yes still counts."""
    ward = open_ward(app, database, START)
    clock.move_to(at("2027-01-06T16:45"))
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert ward.case(case["id"])["state"] == "planner"
    assert [name for name, _ in _asked(ward, case["id"])] == ["b", "c", "d", "e"]
    assert ward.asks("e")[0]["answer_by"] == "2027-01-06T16:50:00+01:00"
    assert ward.says("e", True).status_code == 200
    assert ward.performers() == {evening(6): "e"}


@ON_SQLITE
def test_time_that_runs_short_shows_it_to_the_planner(
    app: FastAPI, database: Database, clock: time_machine.Traveller
) -> None:
    """Half an hour before the shift, whoever was asked until then."""
    ward = open_ward(app, database, START)
    clock.move_to(at("2027-01-06T16:00"))
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert case["state"] == "asking"
    ward.tick("2027-01-06T16:30")
    assert ward.case(case["id"])["state"] == "planner"


@ON_SQLITE
def test_who_may_not_take_the_shift_is_not_asked(app: FastAPI, database: Database) -> None:
    """Nor who is ill, nor who has no account to answer with."""
    away = Absence(gp_id="b", start=moment("2027-01-06"), end=moment("2027-01-07"))
    ward = open_ward(app, database, START | {evening(6, 2): "c"}, absences=[away])
    ward.sick("d", start="2027-01-05T00:00:00+01:00", until="2027-01-08T00:00:00+01:00")
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert _asked(ward, case["id"]) == [("e", "asked")]


@ON_SQLITE
def test_a_yes_that_breaks_a_rule_by_now_is_refused(app: FastAPI, database: Database) -> None:
    """Judged afresh: since being asked the GP got another shift that evening."""
    ward = open_ward(app, database, START | {evening(6, 2): "e"})
    ward.sick("a", shift_id=evening(6))
    ward.stage.swap(evening(6, 2), "b")
    refused = ward.says("b", True)
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
    assert ward.performers() == {evening(6, 2): "b"}


@ON_SQLITE
def test_a_gp_sees_only_own_asks_and_nothing_of_who_is_ill(app: FastAPI, database: Database) -> None:
    """What a GP may read holds neither the GP who lost the shift nor a word of illness."""
    ward = open_ward(app, database, START)
    ward.sick("a", shift_id=evening(6))
    [ask] = ward.asks("b")
    assert set(ask) == {"id", "shift_id", "start", "end", "state", "asked_at", "answer_by", "answered_at", "open"}
    assert ward.asks("c") == []
    foreign = ward.speaks("c").post(ward.url(f"sickness/asks/{ask['id']}/answer"), json={"agreed": True})
    assert foreign.status_code == 404
    assert ward.speaks("b").get(ward.url("sickness")).json()["items"] == []
    assert ward.speaks("b").get(ward.url("sickness/open")).status_code == 403
    with database.reading() as session:
        [event] = session.scalars(select(OutboxEvent).where(OutboxEvent.kind == "sickness_asked"))
        assert set(event.about) == {"shift_id", "ask_id", "answer_by"}


@ON_SQLITE
def test_a_shift_filled_another_way_is_covered(app: FastAPI, database: Database) -> None:
    """Nobody needs to answer any more."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    ward.stage.swap(evening(6), "e")
    ward.tick("2027-01-04T09:05")
    assert (ward.case(case["id"])["state"], _asked(ward, case["id"])) == ("covered", [("b", "withdrawn")])


@ON_SQLITE
def test_a_shift_that_nobody_took_is_over_at_its_end(app: FastAPI, database: Database) -> None:
    """It stays on record as such."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    ward.tick("2027-01-06T23:00")
    ended = ward.case(case["id"])
    assert (ended["state"], ended["cause"]) == ("closed", "de dienst is voorbij zonder dat iemand inviel")


@ON_SQLITE
def test_the_same_answer_again_changes_nothing(app: FastAPI, database: Database) -> None:
    """After a lost answer a GP may say it again, and is told how it stands."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    assert [ward.says("b", False).status_code for _ in range(2)] == [200, 200]
    assert [ward.says("c", True).status_code for _ in range(2)] == [200, 200]
    assert _asked(ward, case["id"]) == [("b", "refused"), ("c", "agreed")]
    assert _told(database, "duty_changed") == [("a",), ("c",)]


@ON_SQLITE
def test_who_was_asked_and_falls_ill_need_not_answer(app: FastAPI, database: Database) -> None:
    """The next is asked at once, not at the deadline."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    ward.sick("b", until="2027-01-10T00:00:00+01:00")
    ward.tick("2027-01-04T09:00")
    assert _asked(ward, case["id"]) == [("b", "withdrawn"), ("c", "asked")]


def test_a_shift_that_a_publication_gave_back_to_who_is_ill_still_needs_somebody(
    app: FastAPI, database: Database
) -> None:
    """Whoever says yes takes it from who is ill."""
    ward = open_ward(app, database, START)
    [case] = ward.sick("a", shift_id=evening(6))["cases"]
    ward.stage.swap(evening(6), "a")
    ward.tick("2027-01-04T09:05")
    assert ward.case(case["id"])["state"] == "asking"
    assert ward.says("b", True).status_code == 200
    assert ward.performers() == {evening(6): "b"}


@ON_SQLITE
def test_what_goes_wrong_with_one_case_holds_up_no_other(app: FastAPI, database: Database) -> None:
    """Who could do the first can't be told, as its dossier can't be read; the second goes on all the same."""
    ward = open_ward(app, database, START | {evening(7): "c"})
    ward.sick("a", shift_id=evening(6))
    [second] = ward.sick("c", shift_id=evening(7))["cases"]
    with database.writing() as session:
        settings = settings_values(ward.stage.dossier) | {"rules": {"min_rest_hours": -1}}
        broken = DossierRow(hds_id="test", changed_at=now(), **settings)
        session.add(broken)
        session.flush()
        session.get_one(Duty, ("test", evening(6))).dossier_id = broken.id
    assert ward.tick("2027-01-04T13:00") == 1
    assert _asked(ward, second["id"])[1:] == [("b", "asked")]
