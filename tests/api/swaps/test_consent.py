"""Whose yes a deal needs: an offer says yes to what it offers, for what it asks, and to nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi import FastAPI

from api.db.engine import Database
from api.db.tables.people import Hds
from tests.api.swaps.market import move, performers, published, shift, speaks_for

SWAPS = "/api/v1/hds/test/swaps"
START = {shift(4): "a", shift(11): "b", shift(18): "a", shift(25): "b"}
LATE = {"first": "2027-01-20", "last": "2027-01-31"}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("offers", "moves"),
    [
        ({shift(4): None}, [move(shift(4), "a", "b"), move(shift(11), "b", "a")]),
        ({shift(4): None}, [move(shift(4), "a", "b"), move(shift(18), "a", "b")]),
        (
            {shift(4): LATE, shift(18): LATE},
            [move(shift(4), "a", "b"), move(shift(18), "a", "b"), move(shift(25), "b", "a")],
        ),
        ({shift(4): LATE}, [move(shift(4), "a", "b"), move(shift(11), "b", "a"), move(shift(25), "b", "a")]),
    ],
    ids=["gets one unasked", "gives one that is not offered", "two for one", "gets one more than asked"],
)
@ON_SQLITE
def test_an_offer_is_no_yes_to_more_than_it_offers(
    app: FastAPI, database: Database, offers: dict[str, Any], moves: list[dict[str, str]]
) -> None:
    """What else the deal would give to the giver, or take from the giver, needs an answer of the giver's own."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        for shift_id, wanted in offers.items():
            assert a.post(f"{SWAPS}/offers", json={"shift_id": shift_id, "in_return": wanted}).status_code == 201
        answer = b.post(f"{SWAPS}/deals", json={"moves": moves})
    assert (answer.status_code, answer.json()["state"]) == (201, "proposed")
    assert performers(database) == START


@ON_SQLITE
def test_offers_in_return_agree_with_one_duty_each(app: FastAPI, database: Database) -> None:
    """Two duties for two that were asked for: nobody needs to be asked any more."""
    published(database, START | {shift(28): "b"})
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        for day in (4, 18):
            a.post(f"{SWAPS}/offers", json={"shift_id": shift(day), "in_return": LATE})
        there = [move(shift(day), "a", "b") for day in (4, 18)]
        back = [move(shift(day), "b", "a") for day in (25, 28)]
        answer = b.post(f"{SWAPS}/deals", json={"moves": [*there, *back]})
    assert (answer.status_code, answer.json()["state"]) == (201, "done")


@ON_SQLITE
def test_who_offers_to_all_may_ask_one_colleague_by_name_before_that_class_has_its_turn(
    app: FastAPI, database: Database
) -> None:
    """As with an offer to that colleague: who is asked by name needs not wait."""
    published(database, START)
    with database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": {"access_hours": {"locum": 48}}}
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).raise_for_status()
        asked = {"moves": [move(shift(4), "a", "b")]}
        assert b.post(f"{SWAPS}/deals", json=asked).json()["code"] == "wrong_state"
        answer = a.post(f"{SWAPS}/deals", json=asked)
    assert (answer.status_code, answer.json().get("state")) == (201, "proposed")
