"""Duties are offered to groups, each class of GPs has its turn, and every step shows when it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.clock import now
from api.db.engine import Database
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import Hds
from api.dossiers.mapping import gp_ids
from api.swaps.audience import TAKERS, LocumClass
from api.swaps.choices import SwapChoices
from api.swaps.turns import tell_those_let_in
from scheduler.domain.people import Contract
from tests.api.swaps.market import move, performers, published, shift, speaks_for
from tests.builders import agreement, gp

HDS = "/api/v1/hds/test"
SWAPS = f"{HDS}/swaps"
START = {shift(4): "a", shift(9): "b", shift(18): "a"}
AsRole = Callable[..., TestClient]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLASSES = {
    "gps": [gp("a"), gp("b", Contract.PRACTICE_OWNER), gp("c"), gp("d")],
    "agreements": [
        agreement("a"),
        agreement("b", contract=Contract.PRACTICE_OWNER, hours=None),
        agreement("c", hours=100.0),
        agreement("d", hours=0.0),
    ],
}


def _choose(database: Database, **choices: object) -> None:
    with database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": choices}


def _group(planner: TestClient, name: str, *gp_ids: str) -> dict[str, Any]:
    answer = planner.post(f"{HDS}/groups", json={"name": name, "gp_ids": gp_ids})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def test_an_offer_to_a_group_is_for_its_members_alone(app: FastAPI, database: Database, as_role: AsRole) -> None:
    """Who is not in it neither sees it nor takes it without the giver's own yes; a member takes it at once."""
    published(database, START)
    hagro = _group(as_role("planner"), "Hagro Zuid", "a", "b")
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b, speaks_for(app, database, "c") as c:
        offered = a.post(
            f"{SWAPS}/offers", json={"shift_id": shift(4), "audience": "group", "group_id": hagro["id"]}
        ).json()
        assert (offered["audience"], offered["group_id"]) == ("group", hagro["id"])
        assert c.get(f"{SWAPS}/offers").json()["items"] == []
        deal = c.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]}).json()
        assert deal["state"] == "proposed"
        assert c.post(f"{SWAPS}/deals/{deal['id']}/withdraw").status_code == 200
        assert [one["id"] for one in b.get(f"{SWAPS}/offers").json()["items"]] == [offered["id"]]
        assert b.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "b")]}).json()["state"] == "done"
    assert performers(database)[shift(4)] == "b"


@ON_SQLITE
def test_a_duty_is_offered_to_own_groups_only(app: FastAPI, database: Database, as_role: AsRole) -> None:
    """A group of others, and one that is not there, are refused; nothing is kept."""
    published(database, START)
    others = _group(as_role("planner"), "Hagro Noord", "b", "c")
    with speaks_for(app, database, "a") as a:
        for group_id in (others["id"], 99, None):
            asked = {"shift_id": shift(4), "audience": "group", "group_id": group_id}
            assert a.post(f"{SWAPS}/offers", json=asked).json()["code"] == "swap_unsound"
        assert a.get(f"{SWAPS}/offers").json()["items"] == []


def test_groups_are_kept_by_the_planner_and_seen_by_their_gps(
    app: FastAPI, database: Database, as_role: AsRole
) -> None:
    """Made, changed with If-Match, and removed; one name once; a GP sees the own groups alone, and may be in two."""
    published(database, START)
    planner = as_role("planner")
    zuid, noord = _group(planner, "Zuid", "a", "b"), _group(planner, "Noord", "a")
    assert planner.post(f"{HDS}/groups", json={"name": "Zuid", "gp_ids": []}).json()["code"] == "conflict"
    unknown = planner.post(f"{HDS}/groups", json={"name": "Oost", "gp_ids": ["x", "y", "a"]}).json()
    assert (unknown["code"], [one["found"] for one in unknown["errors"]]) == ("unknown_gp", ["x", "y"])
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        assert [one["name"] for one in a.get(f"{HDS}/groups").json()["items"]] == ["Noord", "Zuid"]
        where, changed = f"{HDS}/groups/{zuid['id']}", {"name": "Zuidoost", "gp_ids": ["a"]}
        assert planner.put(where, json=changed).status_code == 428
        assert planner.put(where, json=changed, headers={"If-Match": '"1"'}).json()["revision"] == 2
        assert planner.put(where, json=changed, headers={"If-Match": '"1"'}).status_code == 412
        assert b.get(f"{HDS}/groups").json()["items"] == []
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4), "audience": "group", "group_id": noord["id"]})
    gone = f"{HDS}/groups/{noord['id']}"
    assert planner.delete(gone, headers={"If-Match": "*"}).json()["code"] == "wrong_state"
    assert planner.delete(where, headers={"If-Match": "*"}).status_code == 204
    assert planner.delete(where, headers={"If-Match": "*"}).status_code == 404


@ON_SQLITE
def test_each_class_is_told_when_its_turn_comes(app: FastAPI, database: Database, as_role: AsRole) -> None:
    """Once, of what is still open and meant for them; who may at once was told when it was offered."""
    published(database, START, **CLASSES)
    _choose(database, access_hours={"committed_locum": 4, "free_locum": 8})
    hagro = _group(as_role("planner"), "Zuid", "a", "b", "d")
    with speaks_for(app, database, "a") as a:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).raise_for_status()
        to_hagro = {"shift_id": shift(18), "audience": "group", "group_id": hagro["id"]}
        a.post(f"{SWAPS}/offers", json=to_hagro).raise_for_status()
    begun = now()
    turns = [tell_those_let_in(database, begun + timedelta(hours=hours)) for hours in (3, 5, 5.1, 9, 9.1, 40)]
    assert turns == [0, 1, 0, 2, 0, 0]
    with database.reading() as session:
        ids = gp_ids(session, "test")
        rows = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)).all()
        told = [(row.kind, row.about["shift_id"], [ids[one] for one in row.gp_numbers]) for row in rows]
    of_all, of_hagro = ("swap_offered_to_all", shift(4)), ("swap_offered_to_group", shift(18))
    assert told == [(*of_all, ["b"]), (*of_hagro, ["b"]), (*of_all, ["c"]), (*of_all, ["d"]), (*of_hagro, ["d"])]


def test_an_offer_whose_group_is_gone_is_for_nobody(app: FastAPI, database: Database, as_role: AsRole) -> None:
    """Should a group ever go while an offer to it is kept, the offer is not suddenly for all."""
    published(database, START)
    planner = as_role("planner")
    hagro = _group(planner, "Zuid", "a", "b")
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        asked = {"shift_id": shift(4), "audience": "group", "group_id": hagro["id"]}
        offer = a.post(f"{SWAPS}/offers", json=asked).json()
        a.post(f"{SWAPS}/offers/{offer['id']}/withdraw").raise_for_status()
        assert planner.delete(f"{HDS}/groups/{hagro['id']}", headers={"If-Match": "*"}).status_code == 204
        assert b.get(f"{SWAPS}/offers?every=true").json()["items"] == []


def test_colleagues_come_first_then_committed_locums_then_free_ones(app: FastAPI, database: Database) -> None:
    """Each class is told when an offer opens to it, is refused before, and takes it from then on."""
    published(database, START, **CLASSES)
    _choose(database, access_hours={"committed_locum": 4, "free_locum": 8})
    with speaks_for(app, database, "a") as a:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
        clients = {one: speaks_for(app, database, one) for one in "bcd"}
        offered = clients["b"].get(f"{SWAPS}/offers").json()["items"][0]["created_at"]
        opens = {one: client.get(f"{SWAPS}/offers").json()["items"][0]["opens_at"] for one, client in clients.items()}
        assert opens["b"] is None
        assert offered < opens["c"] < opens["d"]
        started, taken = now(), {}
        for hours in (3, 5, 7, 9):
            with time_machine.travel(started + timedelta(hours=hours), tick=True):
                for one in "cd":
                    asked = {"moves": [move(shift(4), "a", one)]}
                    answer = clients[one].post(f"{SWAPS}/deals", json=asked)
                    taken[one, hours] = answer.json().get("code", answer.json().get("state"))
                    if answer.status_code == 201:
                        break
            if answer.status_code == 201:
                break
    assert taken == {("c", 3): "wrong_state", ("d", 3): "wrong_state", ("c", 5): "done"}
    assert performers(database)[shift(4)] == "c"


@ON_SQLITE
def test_a_free_locum_takes_an_offer_once_its_time_has_come(app: FastAPI, database: Database) -> None:
    """The last class too; hours for `locum` hold for both kinds that have none of their own."""
    published(database, START, **CLASSES)
    _choose(database, access_hours={"locum": 4, "committed_locum": 0})
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "d") as d:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
        started, asked = now(), {"moves": [move(shift(4), "a", "d")]}
        with time_machine.travel(started + timedelta(hours=3), tick=True):
            assert d.post(f"{SWAPS}/deals", json=asked).json()["code"] == "wrong_state"
        with time_machine.travel(started + timedelta(hours=5), tick=True):
            assert d.post(f"{SWAPS}/deals", json=asked).json()["state"] == "done"
    opens = SwapChoices(access_hours={Contract.LOCUM: 4, LocumClass.COMMITTED: 0}).opens_at
    later = started + timedelta(hours=4)
    assert [opens(own, started) for own in TAKERS] == [started, started, started, later]


@ON_SQLITE
def test_an_offer_to_one_colleague_does_not_wait_for_the_class(app: FastAPI, database: Database) -> None:
    """Who is named may take it at once."""
    published(database, START, **CLASSES)
    _choose(database, access_hours={"free_locum": 72})
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "d") as d:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4), "audience": "colleague", "colleague_gp_id": "d"})
        assert d.get(f"{SWAPS}/offers").json()["items"][0]["opens_at"] is None
        assert d.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "d")]}).json()["state"] == "done"


@pytest.mark.parametrize(
    "in_return",
    [
        {"first": "2027-01-01", "last": "2027-01-31", "day_types": ["saturday", "sunday"]},
        {"shift_ids": [shift(9), shift(23)]},
    ],
    ids=["any weekend day in January", "named"],
)
def test_an_exchange_is_done_at_once_for_a_duty_that_was_wanted(
    app: FastAPI, database: Database, in_return: dict[str, Any]
) -> None:
    """What the offer asks for in return is the giver's yes; for another duty, or none, the giver is asked."""
    published(database, START | {shift(12): "b"})
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4), "in_return": in_return})
        for other in ([], [move(shift(12), "b", "a")]):
            deal = b.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "b"), *other]}).json()
            assert deal["state"] == "proposed"
            b.post(f"{SWAPS}/deals/{deal['id']}/withdraw").raise_for_status()
        moves = [move(shift(4), "a", "b"), move(shift(9), "b", "a")]
        assert b.post(f"{SWAPS}/deals", json={"moves": moves}).json()["state"] == "done"
    assert performers(database) == {shift(4): "b", shift(9): "a", shift(12): "b", shift(18): "a"}


@ON_SQLITE
def test_what_is_wanted_in_return_cannot_contradict_itself(app: FastAPI, database: Database) -> None:
    """Named and described at once, or a last day before the first: malformed, and nothing is offered."""
    published(database, START)
    with speaks_for(app, database, "a") as a:
        for wanted in (
            {"shift_ids": [shift(9)], "first": "2027-01-01"},
            {"first": "2027-01-31", "last": "2027-01-01"},
            {"posts": ["a\0"]},
        ):
            asked = {"shift_id": shift(4), "in_return": wanted}
            assert a.post(f"{SWAPS}/offers", json=asked).json()["code"] == "malformed"
        assert a.get(f"{SWAPS}/offers").json()["items"] == []


def test_every_step_shows_when_it_was(app: FastAPI, database: Database, as_role: AsRole) -> None:
    """Proposed, each consent, accepted, the wait for the planner, done; the offer goes along."""
    published(database, START)
    _choose(database, approval=True)
    planner = as_role("planner")

    def offered() -> str:
        [offer] = planner.get(f"{SWAPS}/offers?every=true").json()["items"]
        return str(offer["state"])

    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).raise_for_status()
        deal = planner.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "b")]}).json()
        consents = {one["gp_id"]: one["answered_at"] for one in deal["consents"]}
        assert (deal["state"], deal["accepted_at"], offered()) == ("proposed", None, "proposed")
        assert (consents["a"], consents["b"]) == (deal["created_at"], None)
        deal = b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True}).json()
        assert (deal["state"], deal["done_at"], offered()) == ("awaiting_planner", None, "awaiting_planner")
        assert deal["created_at"] < deal["accepted_at"] == deal["consents"][1]["answered_at"]
    done = planner.post(f"{SWAPS}/deals/{deal['id']}/approve", json={"agreed": True}).json()
    assert (done["state"], done["accepted_at"], done["ended_at"]) == ("done", deal["accepted_at"], None)
    assert (done["done_at"] > done["accepted_at"], offered()) == (True, "done")
