"""A GP of a neighbour takes a shift, by the rules of both HDSs, once, and as a guest."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import insert

from api.db.engine import Database
from api.lending import repository
from scheduler.domain.people import Role
from tests.api.neighbours.test_busy import LOOSE, both_at_once
from tests.api.neighbours.two_hdss import EAST, WEST, TwoHdss, put_in_force, shift, two_hdss, url

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def neighbours(app: FastAPI, database: Database, west: dict[str, str], east: dict[str, str], **fields: Any) -> TwoHdss:
    """West and east, who accepted each other."""
    two = two_hdss(app, database, west, east, **({"rules": LOOSE} | fields))
    pact = two.client(WEST, "planner").post(url(WEST, "neighbours"), json={"hds_id": EAST}).json()["id"]
    answer = two.client(EAST, "planner").post(url(EAST, f"neighbours/{pact}/answer"), json={"agreed": True})
    assert answer.status_code == 200, answer.text
    return two


def opened(two: TwoHdss, *shift_ids: str) -> list[int]:
    """West opens these shifts to east; returns the numbers of the openings in that order."""
    answer = two.client(WEST, "planner").post(url(WEST, "neighbours/openings"), json={"shift_ids": list(shift_ids)})
    assert answer.status_code == 201, answer.text
    by_shift = {one["shift_id"]: one["id"] for one in answer.json()["items"]}
    return [by_shift[shift_id] for shift_id in shift_ids]


def take(client: TestClient, opening: int) -> Response:
    """A GP of east takes an opening."""
    found: Response = client.post(url(EAST, f"neighbours/shifts/{opening}/take"))
    return found


def test_a_gp_of_a_neighbour_takes_an_open_shift_as_a_guest(app: FastAPI, database: Database) -> None:
    """From what is shown to the duty performed, and both sides of the account."""
    two = neighbours(app, database, {}, {})
    (opening,) = opened(two, shift(14))
    gp = two.client(EAST, "gp", "x")
    (shown,) = gp.get(url(EAST, "neighbours/shifts")).json()["items"]
    assert (shown["opening_id"], shown["hds_id"], shown["may_take"], shown["reasons"]) == (opening, WEST, True, [])
    taken = take(gp, opening)
    assert taken.status_code == 200, taken.text
    guest = taken.json()["guest_id"]
    assert two.west.in_force()[shift(14)][0] == guest
    assert [one["hds_id"] for one in gp.get(url(EAST, "neighbours/duties")).json()["items"]] == [WEST]
    assert gp.get(url(EAST, "neighbours/shifts")).json()["items"] == []
    told = two.client(WEST, "planner").get(url(WEST, "roster")).json()
    assert guest in str(told)


def test_taking_it_again_gives_the_same_answer_and_nobody_else_gets_it(app: FastAPI, database: Database) -> None:
    """A retry after a lost answer, and somebody who comes too late."""
    two = neighbours(app, database, {}, {})
    (opening,) = opened(two, shift(14))
    gp = two.client(EAST, "gp", "x")
    first, second = take(gp, opening), take(gp, opening)
    assert (first.status_code, second.status_code, first.json()) == (200, 200, second.json())
    late = take(two.client(EAST, "gp", "y"), opening)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


def test_of_two_who_take_it_at_once_one_has_it(app: FastAPI, database: Database) -> None:
    """The other is told that it is open no longer."""
    two = neighbours(app, database, {}, {})
    for day in (5, 12, 19):
        (opening,) = opened(two, shift(day))
        clients = [two.client(EAST, "gp", name) for name in ("x", "y")]
        answers = both_at_once(*(lambda one=one, n=opening: take(one, n) for one in clients))
        assert sorted(one.status_code for one in answers) == [200, 409], [one.text for one in answers]


def test_the_rules_of_both_hdss_hold(app: FastAPI, database: Database) -> None:
    """Busy at home at that time; a week full at home; a rest that the neighbour asks for."""
    rules = LOOSE.replace(max_shifts_per_week=2, min_rest_hours=18)
    two = neighbours(app, database, {}, {shift(14): "x", shift(18): "x", shift(20): "x"}, rules=rules)
    openings = opened(two, shift(14), shift(15), shift(22), shift(12))
    gp = two.client(EAST, "gp", "x")
    shown = {one["shift_id"]: one for one in gp.get(url(EAST, "neighbours/shifts")).json()["items"]}
    assert [shown[shift(day)]["may_take"] for day in (14, 15, 22, 12)] == [False, True, False, True]
    assert "geen overlap" in str(shown[shift(14)]["reasons"])
    assert "diensten per week" in str(shown[shift(22)]["reasons"])
    answers = [take(gp, one) for one in openings]
    assert [one.status_code for one in answers] == [409, 200, 409, 409], [one.text for one in answers]
    assert answers[0].json()["code"] == "breaks_rules"


def test_a_rule_of_the_own_hds_alone_holds_too(app: FastAPI, database: Database) -> None:
    """The neighbour would allow three shifts in that week, the own HDS two."""
    two = two_hdss(app, database, {}, {shift(18): "x", shift(20): "x"}, rules=LOOSE)
    with database.writing() as session:
        from api.db.tables.dossier import Dossier

        row = session.get_one(Dossier, two.east.dossier_id)
        row.rules = LOOSE.replace(max_shifts_per_week=2).model_dump(mode="json")
        row.revision += 1
    pact = two.client(WEST, "planner").post(url(WEST, "neighbours"), json={"hds_id": EAST}).json()["id"]
    two.client(EAST, "planner").post(url(EAST, f"neighbours/{pact}/answer"), json={"agreed": True})
    (opening,) = opened(two, shift(22))
    refused = take(two.client(EAST, "gp", "x"), opening)
    assert (refused.status_code, refused.json()["code"]) == (409, "breaks_rules")
    assert "eigen HDS" in refused.json()["detail"]
    assert take(two.client(EAST, "gp", "y"), opening).status_code == 200


@pytest.mark.parametrize(("roles", "status"), [({Role.CONSULT}, 200), ({Role.VISIT}, 409)])
def test_the_own_hds_says_what_its_gp_may_do(app: FastAPI, database: Database, roles: set[Role], status: int) -> None:
    """The roles of the agreement at home hold at the neighbour."""
    from sqlalchemy import update

    from api.db.tables.dossier import AgreementRow

    two = neighbours(app, database, {}, {})
    with database.writing() as session:
        session.execute(
            update(AgreementRow).where(AgreementRow.dossier_id == two.east.dossier_id).values(roles=sorted(roles))
        )
    (opening,) = opened(two, shift(14))
    assert take(two.client(EAST, "gp", "x"), opening).status_code == status


@ON_SQLITE
def test_who_is_ill_at_home_takes_nothing_elsewhere(app: FastAPI, database: Database) -> None:
    """Reported sick for a day at the own HDS: refused for that day, and free for the week after."""
    two = neighbours(app, database, {}, {})
    sick, later = opened(two, shift(14), shift(22))
    gp = two.client(EAST, "gp", "x")
    ill = {"start": "2027-01-14T08:00:00+01:00", "until": "2027-01-15T08:00:00+01:00"}
    assert gp.post(url(EAST, "sickness"), json=ill).status_code == 201
    shown = {one["shift_id"]: one for one in gp.get(url(EAST, "neighbours/shifts")).json()["items"]}
    assert [shown[shift(day)]["may_take"] for day in (14, 22)] == [False, True]
    assert "afwezigheid" in str(shown[shift(14)]["reasons"])
    assert [take(gp, one).status_code for one in (sick, later)] == [409, 200]


def test_a_guest_has_no_share_and_is_put_on_no_other_day(app: FastAPI, database: Database) -> None:
    """A locum without hours, for the day of the shift alone: the shares of the others stay as they are."""
    from api.db.tables.dossier import Dossier
    from api.dossiers.mapping import read_dossier
    from scheduler.demand import shifts_of
    from scheduler.fair_shares import fair_shares

    two = neighbours(app, database, {}, {})
    with database.reading() as session:
        before = read_dossier(session, session.get_one(Dossier, two.west.dossier_id))
    (opening,) = opened(two, shift(14))
    guest = take(two.client(EAST, "gp", "x"), opening).json()["guest_id"]
    with database.reading() as session:
        after = read_dossier(session, session.get_one(Dossier, two.west.dossier_id))
    shares = [fair_shares(one, shifts_of(one)).targets for one in (before, after)]
    assert {cell: hours for cell, hours in shares[1].items() if cell[0] != guest} == shares[0]
    assert sum(hours for (gp_id, _), hours in shares[1].items() if gp_id == guest) == 0
    days = [one.day for one in shifts_of(after) if after.agreement_on(guest, one.day)]
    assert {str(day) for day in days} == {"2027-01-14"}


def test_an_offered_shift_can_be_opened_and_one_that_is_kept_cannot(app: FastAPI, database: Database) -> None:
    """What its GP offers to all for nothing; the GP stays responsible, and the offer ends."""
    two = neighbours(app, database, {shift(14): "a", shift(15): "b"}, {})
    planner, giver = two.client(WEST, "planner"), two.client(WEST, "gp", "a")
    assert giver.post(url(WEST, "swaps/offers"), json={"shift_id": shift(14)}).status_code == 201
    refused = planner.post(url(WEST, "neighbours/openings"), json={"shift_ids": [shift(14), shift(15), "nee"]})
    assert refused.status_code == 422
    assert [one["shift_id"] for one in refused.json()["errors"]] == [shift(15), "nee"]
    (opening,) = opened(two, shift(14))
    guest = take(two.client(EAST, "gp", "x"), opening).json()["guest_id"]
    assert two.west.in_force()[shift(14)] == (guest, "a")
    assert giver.get(url(WEST, "swaps/offers")).json()["items"] == []


def test_who_is_no_neighbour_sees_and_takes_nothing(app: FastAPI, database: Database) -> None:
    """Before anything was agreed, and after it was ended."""
    two = neighbours(app, database, {}, {})
    (opening,) = opened(two, shift(14))
    planner, gp = two.client(EAST, "planner"), two.client(EAST, "gp", "x")
    pact = planner.get(url(EAST, "neighbours")).json()["items"][0]["id"]
    assert take(two.client("north", "gp", "n"), opening).status_code == 404
    north = two.client("north", "gp", "n").post(url("north", f"neighbours/shifts/{opening}/take"))
    assert (north.status_code, north.json()["code"]) == (404, "not_found")
    planner.post(url(EAST, f"neighbours/{pact}/end"))
    assert gp.get(url(EAST, "neighbours/shifts")).json()["items"] == []
    refused = take(gp, opening)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")
    west = two.client(WEST, "planner")
    nobody = west.post(url(WEST, "neighbours/openings"), json={"shift_ids": [shift(20)]})
    assert (nobody.status_code, nobody.json()["code"]) == (404, "not_found")
    assert west.get(url(WEST, "neighbours/openings")).json()["items"] == []
    # who become neighbours again begin anew
    again = west.post(url(WEST, "neighbours"), json={"hds_id": EAST}).json()["id"]
    planner.post(url(EAST, f"neighbours/{again}/answer"), json={"agreed": True}).raise_for_status()
    assert gp.get(url(EAST, "neighbours/shifts")).json()["items"] == []


def test_an_opening_can_be_taken_back(app: FastAPI, database: Database) -> None:
    """Until somebody has it; opening twice opens once."""
    two = neighbours(app, database, {}, {})
    first, second = opened(two, shift(14)), opened(two, shift(14))
    assert first == second
    planner = two.client(WEST, "planner")
    back = planner.post(url(WEST, f"neighbours/openings/{first[0]}/withdraw"))
    assert (back.status_code, back.json()["state"]) == (200, "withdrawn")
    assert take(two.client(EAST, "gp", "x"), first[0]).status_code == 409
    assert planner.post(url(WEST, f"neighbours/openings/{first[0]}/withdraw")).status_code == 409
    assert planner.get(url(WEST, "neighbours/openings")).json()["items"] == []


def test_who_is_a_gp_there_already_is_no_guest(app: FastAPI, database: Database) -> None:
    """One person has one number at an HDS."""
    two = neighbours(app, database, {}, {})
    _, gp = two.one_person()
    (opening,) = opened(two, shift(14))
    (shown,) = gp.get(url(EAST, "neighbours/shifts")).json()["items"]
    assert not shown["may_take"]
    refused = take(gp, opening)
    assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


def test_a_guest_is_busy_at_home(app: FastAPI, database: Database) -> None:
    """The own HDS sees that the GP is busy then, and who borrowed it only in the account."""
    two = neighbours(app, database, {}, {shift(14, 2): "y"})
    (opening,) = opened(two, shift(14))
    take(two.client(EAST, "gp", "x"), opening)
    planner = two.client(EAST, "planner")
    move = {"shift_id": shift(14, 2), "from_gp_id": "y", "to_gp_id": "x"}
    answer = planner.post(url(EAST, "swaps/verdict"), json={"moves": [move]})
    assert not answer.json()["legal"]
    assert "buiten dit rooster bezet" in answer.text
    assert WEST not in answer.text


def test_a_roster_published_anew_takes_a_guest_along(app: FastAPI, database: Database) -> None:
    """A draft of what is in force holds the guest, and the account follows the duties as they stand."""
    two = neighbours(app, database, {}, {})
    (opening,) = opened(two, shift(14))
    take(two.client(EAST, "gp", "x"), opening)
    span = {"first": "2027-01-01", "last": "2027-01-31"}
    finance = two.client(EAST, "finance")
    assert len(finance.get(url(EAST, "neighbours/account"), params=span).json()["lines"]) == 1
    put_in_force(database, two.west, {shift(14): "c"})
    assert finance.get(url(EAST, "neighbours/account"), params=span).json()["lines"] == []


def _offers_to_a_group(two: TwoHdss, gp_id: str, shift_id: str) -> None:
    """A GP of west offers a shift to the own hagro alone."""
    group = two.client(WEST, "planner").post(url(WEST, "groups"), json={"name": "Hagro", "gp_ids": [gp_id, "b"]})
    asked = {"shift_id": shift_id, "audience": "group", "group_id": group.json()["id"]}
    assert two.client(WEST, "gp", gp_id).post(url(WEST, "swaps/offers"), json=asked).status_code == 201


@ON_SQLITE
def test_what_is_offered_to_a_group_is_for_no_neighbour(app: FastAPI, database: Database) -> None:
    """Offering to the own hagro is no yes to anybody else."""
    two = neighbours(app, database, {shift(14): "a"}, {})
    _offers_to_a_group(two, "a", shift(14))
    refused = two.client(WEST, "planner").post(url(WEST, "neighbours/openings"), json={"shift_ids": [shift(14)]})
    assert (refused.status_code, refused.json()["code"]) == (422, "malformed")


@ON_SQLITE
def test_an_offer_that_is_narrowed_afterwards_is_for_no_neighbour(app: FastAPI, database: Database) -> None:
    """Opened while it was offered to all, then taken back and offered to the own hagro: nobody else takes it."""
    two = neighbours(app, database, {shift(14): "a"}, {})
    a = two.client(WEST, "gp", "a")
    offer = a.post(url(WEST, "swaps/offers"), json={"shift_id": shift(14)}).json()["id"]
    (opening,) = opened(two, shift(14))
    a.post(url(WEST, f"swaps/offers/{offer}/withdraw")).raise_for_status()
    _offers_to_a_group(two, "a", shift(14))
    late = take(two.client(EAST, "gp", "x"), opening)
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")


@ON_SQLITE
def test_what_a_colleague_took_is_shown_to_neighbours_no_longer(app: FastAPI, database: Database) -> None:
    """Opened while it was offered to all, and taken by a colleague since."""
    two = neighbours(app, database, {shift(14): "a", shift(20): "a"}, {})
    for day in (14, 20):
        two.client(WEST, "gp", "a").post(url(WEST, "swaps/offers"), json={"shift_id": shift(day)})
    opened(two, shift(14), shift(20), shift(28))
    moves = [{"shift_id": shift(14), "from_gp_id": "a", "to_gp_id": "b"}]
    assert two.client(WEST, "gp", "b").post(url(WEST, "swaps/deals"), json={"moves": moves}).json()["state"] == "done"
    shown = two.client(EAST, "gp", "x").get(url(EAST, "neighbours/shifts")).json()["items"]
    assert [one["shift_id"] for one in shown] == [shift(20), shift(28)]
    stands = two.client(WEST, "planner").get(url(WEST, "neighbours/openings")).json()["items"]
    assert sorted(one["shift_id"] for one in stands) == [shift(20), shift(28)]


@ON_SQLITE
def test_an_opening_is_taken_back_however_many_came_after_it(app: FastAPI, database: Database) -> None:
    """A thousand later ones, which is what a list shows at most."""
    from api.clock import now
    from api.db.tables.neighbours import LendingOpening

    two = neighbours(app, database, {}, {})
    (opening,) = opened(two, shift(14))
    later = {"hds_id": WEST, "shift_id": shift(15), "neighbour_hds_id": EAST, "state": "withdrawn"}
    with database.writing() as session:
        session.execute(insert(LendingOpening), [later | {"opened_at": now(), "changed_at": now()}] * 1000)
    answer = two.client(WEST, "planner").post(url(WEST, f"neighbours/openings/{opening}/withdraw"))
    assert (answer.status_code, answer.json().get("state")) == (200, "withdrawn")


@ON_SQLITE
def test_rosters_of_years_ago_are_not_opened_to_judge_a_shift_to_come(app: FastAPI, database: Database) -> None:
    """Each takes seconds and pushes the roster in force out of memory; no rule looks back so far."""
    from sqlalchemy import select

    from api.db.tables.people import Gp
    from api.db.tables.rosters import Duty

    two = neighbours(app, database, {}, {shift(14): "x"})
    with database.writing() as session:
        number = session.scalars(select(Gp.number).where(Gp.hds_id == EAST, Gp.gp_id == "x")).one()
        assert repository.dossiers_of(session, EAST, number) == [two.east.dossier_id]
        duty = session.get_one(Duty, (EAST, shift(14)))
        duty.starts_at, duty.ends_at = (one - timedelta(days=1000) for one in (duty.starts_at, duty.ends_at))
        assert repository.dossiers_of(session, EAST, number) == []


@ON_SQLITE
def test_who_was_a_guest_and_then_got_an_agreement_is_one_person_too(app: FastAPI, database: Database) -> None:
    """What was borrowed is under the id of the guest, and counts for the GP who is there now."""
    two = neighbours(app, database, {shift(14, 2): "b"}, {})
    (opening,) = opened(two, shift(14))
    x, a = two.client(EAST, "gp", "x"), two.client(WEST, "gp", "a")
    assert take(x, opening).status_code == 200
    code = x.post(url(EAST, "neighbours/links/codes"), json={}).json()["code"]
    made = a.post(url(WEST, "neighbours/links"), json={"code": code})
    assert made.status_code == 201, made.text
    asked = {"moves": [{"shift_id": shift(14, 2), "from_gp_id": "b", "to_gp_id": "a"}]}
    assert "no_overlap" in {one["rule"] for one in a.post(url(WEST, "swaps/verdict"), json=asked).json()["reasons"]}
    (later,) = opened(two, shift(20))
    assert take(x, later).json()["code"] == "wrong_state"
