"""Reporting sick and getting better: once, for oneself, and the dossier knows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.people import User
from api.db.tables.planning import HandedIn, OwnWindow
from scheduler.domain.dossier import Lock
from tests.api.audit.on_record import doers
from tests.api.conftest import add_user, token_for
from tests.api.payouts.in_force import ON_SQLITE
from tests.api.sickness.ward import Ward, evening, open_ward, standby

START = {evening(6): "a", evening(12): "a", evening(25): "a", evening(6, 2): "c"}
WEEK = {"start": "2027-01-05T00:00:00+01:00", "until": "2027-01-15T00:00:00+01:00"}


@pytest.fixture
def ward(app: FastAPI, database: Database) -> Ward:
    """`a` has three evenings of January, `c` one."""
    return open_ward(app, database, START)


def _absences(ward: Ward) -> list[tuple[str, str, str, str]]:
    where = ward.url(f"dossiers/{ward.stage.dossier_id}/absences")
    rows = ward.speaks("planner").get(where).json()["items"]
    return [(row["gp_id"], row["start"][:16], row["end"][:16], row["reason"]) for row in rows]


def _post(ward: Ward, name: str, body: dict[str, Any], key: str | None = None) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return ward.speaks(name).post(ward.url("sickness"), json=body, headers=headers)


def test_a_period_frees_every_duty_in_it_and_is_an_absence(ward: Ward) -> None:
    """Of why, the dossier holds no more than that it is illness."""
    report = ward.sick("a", **WEEK)
    assert [case["shift_id"] for case in report["cases"]] == [evening(6), evening(12)]
    assert ward.performers() == {evening(25): "a", evening(6, 2): "c"}
    assert _absences(ward) == [("a", "2027-01-05T00:00", "2027-01-15T00:00", "ziek")]


def test_the_same_key_again_gives_the_same_report(ward: Ward) -> None:
    """Also when both come at once; the key of another report is refused."""
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: _post(ward, "a", {"shift_id": evening(6)}, "k1"), range(2)))
    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert len(ward.open()) == 1
    other = _post(ward, "a", {"shift_id": evening(12)}, "k1")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


@ON_SQLITE
def test_a_gp_reports_nobody_else_and_no_shift_of_others(ward: Ward) -> None:
    """A planner reports any GP of the HDS, and says whom."""
    assert _post(ward, "b", {"gp_id": "a", "shift_id": evening(6)}).status_code == 403
    assert _post(ward, "b", {"shift_id": evening(6)}).status_code == 404
    assert _post(ward, "planner", {"shift_id": evening(6)}).status_code == 400
    assert _post(ward, "planner", {"gp_id": "nobody"}).status_code == 404
    assert _post(ward, "b", {"shift_id": evening(6), "until": WEEK["until"]}).status_code == 422
    assert ward.sick("a", by="planner", shift_id=evening(6))["gp_id"] == "a"
    again = _post(ward, "a", {"shift_id": evening(6)})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")


@ON_SQLITE
def test_one_period_at_a_time(ward: Ward) -> None:
    """Who is ill already makes it longer."""
    first = ward.sick("a", **WEEK)
    second = _post(ward, "a", {"start": "2027-01-14T00:00:00+01:00"})
    assert (second.status_code, second.json()["report_id"]) == (409, first["id"])
    longer = ward.speaks("a").post(
        ward.url(f"sickness/{first['id']}/until"), json={"until": "2027-01-28T00:00:00+01:00"}
    )
    assert [case["shift_id"] for case in longer.json()["cases"]] == [evening(6), evening(12), evening(25)]
    assert _absences(ward) == [("a", "2027-01-05T00:00", "2027-01-28T00:00", "ziek")]
    shorter = ward.speaks("a").post(ward.url(f"sickness/{first['id']}/until"), json={"until": WEEK["until"]})
    assert (shorter.status_code, shorter.json()["code"]) == (409, "wrong_state")


def test_who_does_not_know_until_when_stays_covered_as_time_goes_on(ward: Ward) -> None:
    """Fourteen days ahead, and each day a day further; done once by two workers."""
    report = ward.sick("a")
    assert (report["until"], [case["shift_id"] for case in report["cases"]]) == (None, [evening(6), evening(12)])
    ward.tick("2027-01-12T09:00")
    ward.tick("2027-01-12T09:00")
    [shown] = ward.speaks("a").get(ward.url("sickness")).json()["items"]
    assert [case["shift_id"] for case in shown["cases"]] == [evening(6), evening(12), evening(25)]
    assert _absences(ward) == [("a", "2027-01-04T09:00", "2027-01-26T09:00", "ziek")]


def test_an_illness_goes_on_though_the_account_that_reported_it_is_gone(ward: Ward) -> None:
    """Nobody needs to stand behind what the service does of its own accord, and nobody does on record."""
    ward.sick("a")
    with ward.database.writing() as session:
        reporter = session.scalars(select(User).where(User.username == "user-a")).one()
        session.delete(reporter)
    ward.tick("2027-01-12T09:00")
    assert _absences(ward) == [("a", "2027-01-04T09:00", "2027-01-26T09:00", "ziek")]
    prolonged = doers(ward.database, "dossier.absences.changed", "sickness.freed")
    assert set(prolonged) == {("dossier.absences.changed", None), ("sickness.freed", None)}


def test_a_report_is_the_gps_and_what_comes_of_it_is_nobodys(ward: Ward) -> None:
    """Absence, duties set free, a standby called in: each names the report that it follows from, and no person."""
    ward.sick("a", **WEEK)
    done = doers(ward.database, "sickness.reported", "dossier.absences.added", "sickness.freed", "sickness.asked")
    assert [name for action, name in done if action == "sickness.reported"] == ["user-a"]
    assert {name for action, name in done if action != "sickness.reported"} == {None}
    assert len(done) >= 3


def test_getting_better_ends_the_absence_and_gives_back_what_nobody_does(ward: Ward) -> None:
    """A shift that somebody took stays with whoever took it."""
    report, running = ward.sick("a", **WEEK), ward.url("sickness?running=true")
    assert len(ward.speaks("planner").get(running).json()["items"]) == 1
    [ask, *_] = [one for one in ward.asks("b") if one["shift_id"] == evening(6)]
    ward.speaks("b").post(ward.url(f"sickness/asks/{ask['id']}/answer"), json={"agreed": True})
    better = ward.speaks("a").post(ward.url(f"sickness/{report['id']}/recovered"), json={"take_back": True}).json()
    assert (better["state"], [case["state"] for case in better["cases"]]) == ("recovered", ["covered", "taken_back"])
    assert ward.performers() == START | {evening(6): "b"}
    assert _absences(ward) == []
    assert ward.speaks("planner").get(running).json()["items"] == []
    again = ward.speaks("a").post(ward.url(f"sickness/{report['id']}/recovered"), json={})
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")


@ON_SQLITE
def test_who_is_better_need_not_take_the_shifts_back(ward: Ward) -> None:
    """Then others are still asked; an absence that had begun ends now."""
    report = ward.sick("a")
    better = ward.speaks("a").post(
        ward.url(f"sickness/{report['id']}/recovered"), json={"at": "2027-01-05T08:00:00+01:00"}
    )
    assert [case["state"] for case in better.json()["cases"]] == ["asking", "asking"]
    assert _absences(ward) == [("a", "2027-01-04T09:00", "2027-01-05T08:00", "ziek")]


@ON_SQLITE
@pytest.mark.parametrize("until", [None, WEEK["until"]])
def test_who_comes_back_later_than_was_seen_is_ill_until_then(ward: Ward, until: str | None) -> None:
    """Fourteen days ahead of an open end, or the end that was told: later shifts are freed too, those after it kept."""
    report = ward.sick("a", until=until)
    where = ward.url(f"sickness/{report['id']}/recovered")
    better = ward.speaks("a").post(where, json={"at": "2027-01-28T08:00:00+01:00", "take_back": True}).json()
    assert [case["shift_id"] for case in better["cases"]] == [evening(6), evening(12), evening(25)]
    assert ward.performers() == {evening(6, 2): "c"}
    assert _absences(ward) == [("a", "2027-01-04T09:00", "2027-01-28T08:00", "ziek")]


@ON_SQLITE
def test_an_end_before_the_beginning_is_refused_as_such(ward: Ward) -> None:
    """Also where the beginning is now, and not told."""
    refused = _post(ward, "a", {"until": "2027-01-04T09:00:00+01:00"})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")
    assert "einde" in refused.json()["detail"]


@ON_SQLITE
def test_a_shift_that_may_not_be_done_any_more_is_not_given_back(ward: Ward) -> None:
    """Meanwhile the GP took the other shift of that evening."""
    report = ward.sick("a", shift_id=evening(6))
    ward.stage.swap(evening(6, 2), "a")
    better = ward.speaks("a").post(ward.url(f"sickness/{report['id']}/recovered"), json={"take_back": True}).json()
    assert [case["state"] for case in better["cases"]] == ["asking"]
    assert ward.performers()[evening(6, 2)] == "a"
    assert evening(6) not in ward.performers()


@ON_SQLITE
def test_offers_and_deals_of_who_falls_ill_end(ward: Ward) -> None:
    """Nobody takes over a duty from somebody who does not have it any more."""
    a, b = ward.speaks("a"), ward.speaks("b")
    offer = a.post(ward.url("swaps/offers"), json={"shift_id": evening(12)}).json()
    move = {"shift_id": evening(6), "from_gp_id": "a", "to_gp_id": "b"}
    deal = b.post(ward.url("swaps/deals"), json={"moves": [move]}).json()
    assert (offer["state"], deal["state"]) == ("open", "proposed")
    ward.sick("a", **WEEK)
    offers = a.get(ward.url("swaps/offers"), params={"every": True}).json()["items"]
    deals = b.get(ward.url("swaps/deals"), params={"every": True}).json()["items"]
    assert ([one["state"] for one in offers], [one["state"] for one in deals]) == (["expired"], ["expired"])


@ON_SQLITE
def test_a_locked_shift_is_set_free(app: FastAPI, database: Database) -> None:
    """A lock on somebody who is ill would keep everybody else from the shift."""
    ward = open_ward(app, database, START, locks=[Lock(shift_id=evening(6), gp_id="a")])
    [case, _] = ward.sick("a", **WEEK)["cases"]
    assert case["state"] == "asking"
    assert ward.says("b", True).status_code == 200


@ON_SQLITE
def test_a_lock_on_a_shift_handed_over_keeps_nobody_from_being_ill(app: FastAPI, database: Database) -> None:
    """The dossier still holds the GP to it, as it may to shifts to come; a lock outside the illness stays."""
    locks = [Lock(shift_id=evening(day), gp_id="a") for day in (6, 25)]
    ward = open_ward(app, database, START, locks=locks)
    ward.stage.swap(evening(6), "b")
    assert [case["shift_id"] for case in ward.sick("a", **WEEK)["cases"]] == [evening(12)]
    rows = ward.speaks("planner").get(ward.url(f"dossiers/{ward.stage.dossier_id}/locks")).json()["items"]
    assert [row["shift_id"] for row in rows] == [evening(25)]


@ON_SQLITE
def test_illness_keeps_to_no_window_for_handing_in(ward: Ward) -> None:
    """While a round takes nothing in, a GP reports sick and gets better; neither counts as something handed in."""
    with ward.database.writing() as session:
        session.add(OwnWindow(dossier_id=ward.stage.dossier_id, opens_at=None, closes_at=None))
    report = ward.sick("a", **WEEK)
    assert _absences(ward) == [("a", "2027-01-05T00:00", "2027-01-15T00:00", "ziek")]
    better = ward.speaks("a").post(ward.url(f"sickness/{report['id']}/recovered"), json={})
    assert (better.status_code, _absences(ward)) == (200, [])
    with ward.database.reading() as session:
        assert list(session.scalars(select(HandedIn))) == []


@ON_SQLITE
@pytest.mark.parametrize("again", ["a", "b"])
def test_who_gets_a_shift_that_is_looked_after_can_be_ill_too(ward: Ward, again: str) -> None:
    """A publication gave it back to who is ill, or to another who is so before that is noticed: one case stands."""
    ward.sick("a", shift_id=evening(6))
    ward.stage.swap(evening(6), again)
    ward.sick(again, **WEEK)
    assert evening(6) not in ward.performers()
    assert [(one["gp_id"], one["state"]) for one in ward.open() if one["shift_id"] == evening(6)] == [(again, "asking")]
    ward.tick("2027-01-04T09:01")
    assert evening(6) not in ward.performers()


def test_another_hds_sees_nothing(ward: Ward, app: FastAPI, database: Database) -> None:
    """Neither reports nor cases nor asks, by list or by number."""
    report = ward.sick("a", shift_id=evening(6))
    [ask] = ward.asks("b")
    other = add_user(database, "stranger", "other", "planner")
    add_user(database, "stranger", "other", "gp", gp_id="b")
    secret = token_for(database, other, "other", "planner", "gp")
    stranger = ward.speaks("planner").__class__(app, headers={"Authorization": f"Bearer {secret}"})
    for path in ("sickness", "sickness/open"):
        assert stranger.get(f"/api/v1/hds/other/{path}").json()["items"] == []
        assert stranger.get(ward.url(path)).status_code == 404
    numbered = f"/api/v1/hds/other/sickness/cases/{report['cases'][0]['id']}"
    assert stranger.get(numbered).status_code == 404
    assert stranger.post(f"{numbered}/stop").status_code == 404
    assert stranger.post(f"/api/v1/hds/other/sickness/{report['id']}/recovered", json={}).status_code == 404
    answered = stranger.post(f"/api/v1/hds/other/sickness/asks/{ask['id']}/answer", json={"agreed": True})
    assert answered.status_code == 404
    stranger.close()


def test_what_is_far_ahead_in_an_illness_waits(app: FastAPI, database: Database) -> None:
    """Neither standby nor list before the days that the HDS chose; then the standby first, as ever."""
    ward = open_ward(app, database, {evening(12): "a", standby(12): "b", evening(13): "a"})
    ward.choose(ask_days=3)
    report = ward.sick("a", **WEEK)
    assert [case["state"] for case in report["cases"]] == ["waiting", "waiting"]
    ward.tick("2027-01-09T16:59")
    assert [case["urgency"] for case in ward.open()] == ["green", "green"]
    ward.tick("2027-01-09T18:00")
    [shown] = ward.speaks("a").get(ward.url("sickness")).json()["items"]
    assert [(case["kind"], case["state"]) for case in shown["cases"]] == [
        ("duty", "covered"),
        ("refill", "asking"),
        ("duty", "waiting"),
    ]
