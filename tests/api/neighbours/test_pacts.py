"""Two HDSs are neighbours when both say so, until one of them ends it."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from tests.api.conftest import add_hds
from tests.api.neighbours.two_hdss import EAST, WEST, TwoHdss, two_hdss, url

NEIGHBOURS = "neighbours"


@pytest.fixture
def two(app: FastAPI, database: Database) -> TwoHdss:
    """Two HDSs that have nothing to do with each other."""
    return two_hdss(app, database, {}, {})


def invited(two: TwoHdss) -> tuple[TestClient, TestClient, int]:
    """Planners of west and east, and the invitation of west."""
    west, east = two.client(WEST, "planner"), two.client(EAST, "planner")
    answer = west.post(url(WEST, NEIGHBOURS), json={"hds_id": EAST, "message": "zullen we?"})
    assert answer.status_code == 201, answer.text
    return west, east, answer.json()["id"]


def state(client: TestClient, hds_id: str) -> list[tuple[str, str, bool]]:
    """Each neighbour as one side sees it."""
    items = client.get(url(hds_id, NEIGHBOURS)).json()["items"]
    return [(one["hds_id"], one["state"], one["invited_by_us"]) for one in items]


def test_the_invited_hds_accepts(two: TwoHdss) -> None:
    """Both see the other, and who asked whom."""
    west, east, pact = invited(two)
    assert state(east, EAST) == [(WEST, "invited", False)]
    assert west.post(url(WEST, f"neighbours/{pact}/answer"), json={"agreed": True}).status_code == 409
    assert east.post(url(EAST, f"neighbours/{pact}/answer"), json={"agreed": True}).json()["state"] == "accepted"
    assert state(west, WEST) == [(EAST, "accepted", True)]


def test_what_was_refused_or_ended_can_be_asked_again(two: TwoHdss) -> None:
    """One agreement at a time between two HDSs, whoever asks."""
    west, east, pact = invited(two)
    again = east.post(url(EAST, NEIGHBOURS), json={"hds_id": WEST})
    assert (again.status_code, again.json()["code"]) == (409, "conflict")
    east.post(url(EAST, f"neighbours/{pact}/answer"), json={"agreed": False})
    second = east.post(url(EAST, NEIGHBOURS), json={"hds_id": WEST}).json()["id"]
    west.post(url(WEST, f"neighbours/{second}/answer"), json={"agreed": True})
    assert east.post(url(EAST, f"neighbours/{second}/end")).json()["state"] == "ended"
    assert west.post(url(WEST, f"neighbours/{second}/end")).status_code == 409
    assert state(west, WEST) == [(EAST, "ended", False), (EAST, "refused", True)]


def test_an_invitation_can_be_taken_back_by_who_made_it(two: TwoHdss) -> None:
    """The invited one refuses instead."""
    west, east, pact = invited(two)
    assert east.post(url(EAST, f"neighbours/{pact}/end")).status_code == 409
    assert west.post(url(WEST, f"neighbours/{pact}/end")).json()["state"] == "withdrawn"


def test_a_third_hds_sees_nothing_of_it(two: TwoHdss, database: Database) -> None:
    """Neither in its list nor by number."""
    _, _, pact = invited(two)
    add_hds(database, "north")
    north = two.client("north", "planner")
    assert state(north, "north") == []
    assert north.post(url("north", f"neighbours/{pact}/answer"), json={"agreed": True}).status_code == 404
    assert north.post(url("north", f"neighbours/{pact}/end")).status_code == 404


@pytest.mark.parametrize("hds_id", [WEST, "nowhere"])
def test_nobody_is_a_neighbour_of_oneself_or_of_nobody(two: TwoHdss, hds_id: str) -> None:
    """An unknown HDS and the own one are not found."""
    answer = two.client(WEST, "planner").post(url(WEST, NEIGHBOURS), json={"hds_id": hds_id})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
