"""What is private of a colleague keeps nobody from asking, and is told to that colleague alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.clock import now
from api.db.engine import Database
from scheduler.domain.availability import Absence, BusyElsewhere, Limit
from scheduler.domain.shift import Burden
from tests.api.swaps.market import move, performers, published, shift, speaks_for
from tests.api.swaps.test_deals import ON_SQLITE
from tests.builders import moment

SWAPS = "/api/v1/hds/test/swaps"
START = {shift(4): "a", shift(11): "b", shift(18): "a", shift(25): "c"}
AWAY = {"absences": [Absence(gp_id="b", start=moment("2027-01-04"), end=moment("2027-01-05"), reason="operatie")]}
FULL = {"limits": [Limit(gp_id="b", burden=Burden.EVENING, max_hours=6)]}
TO_B = {"moves": [move(shift(4), "a", "b")]}


@pytest.mark.parametrize(("private", "rule"), [(AWAY, "absence"), (FULL, "own_limit")])
@ON_SQLITE
def test_a_reason_that_is_private_is_told_to_that_gp_and_the_planner_alone(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient], private: dict[str, Any], rule: str
) -> None:
    """To who would give the duty it is legal as far as that one may know, and `b` is among those who could."""
    published(database, START, **private)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        found = a.post(f"{SWAPS}/verdict", json=TO_B).json()
        assert (found["legal"], found["certain"], found["reasons"]) == (True, False, [])
        assert "Of uw collega kan" in found["text"]
        ranked = a.get(f"{SWAPS}/candidates/{shift(4)}").json()
        assert ([one["gp_id"] for one in ranked["candidates"]], ranked["by_rule"]) == (["b", "c"], {})
        own = b.post(f"{SWAPS}/verdict", json=TO_B).json()
    assert (own["legal"], own["certain"], [one["rule"] for one in own["reasons"]]) == (False, True, [rule])
    planner = as_role("planner")
    assert [one["rule"] for one in planner.post(f"{SWAPS}/verdict", json=TO_B).json()["reasons"]] == [rule]
    assert planner.get(f"{SWAPS}/candidates/{shift(4)}").json()["by_rule"] == {rule: 1}


@ON_SQLITE
def test_who_cannot_is_asked_and_reads_why_when_saying_yes(app: FastAPI, database: Database) -> None:
    """The yes is refused with the own reason, nothing changes hands, and the other reads no more than a no."""
    published(database, START, **AWAY)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        deal = a.post(f"{SWAPS}/deals", json=TO_B).json()
        assert deal["state"] == "proposed"
        yes = b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True})
        assert (yes.status_code, yes.json()["code"], yes.json()["errors"][0]["rule"]) == (
            409,
            "breaks_rules",
            "absence",
        )
        assert b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": False}).json()["state"] == "refused"
        [seen] = a.get(f"{SWAPS}/deals?every=true").json()["items"]
    assert (seen["state"], seen["reason"]) == ("refused", "Geweigerd.")
    assert performers(database) == START


@ON_SQLITE
def test_an_offer_in_return_is_no_yes_to_what_its_giver_cannot(app: FastAPI, database: Database) -> None:
    """`b` offered a duty for any in January, and is away on that of `a`: `b` is asked, and it is not done at once."""
    published(database, START, **AWAY)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        january = {"first": "2027-01-01", "last": "2027-01-31"}
        assert b.post(f"{SWAPS}/offers", json={"shift_id": shift(11), "in_return": january}).status_code == 201
        moves = [move(shift(11), "b", "a"), move(shift(4), "a", "b")]
        asked = a.post(f"{SWAPS}/deals", json={"moves": moves}).json()
    assert (asked["state"], {one["gp_id"]: one["agreed"] for one in asked["consents"]}) == (
        "proposed", {"a": True, "b": None},
    )  # fmt: skip
    assert performers(database) == START


@ON_SQLITE
def test_what_became_private_since_a_yes_ends_the_deal_without_a_word(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """`a` is away since the proposal: the yes of `b` ends it, and `b` reads that it cannot be, not why."""
    stage = published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        moves = [move(shift(4), "a", "b"), move(shift(11), "b", "a")]
        deal = a.post(f"{SWAPS}/deals", json={"moves": moves}).json()
        away = {
            "gp_id": "a", "start": "2027-01-11T00:00:00+01:00", "end": "2027-01-12T00:00:00+01:00", "reason": "rouw",
        }  # fmt: skip
        where = stage.url(f"dossiers/{stage.dossier_id}/absences")
        assert as_role("planner").post(where, json=away).status_code == 201
        answer = b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True})
        again = b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True})
    assert (answer.json()["state"], answer.json()["reason"]) == (
        "expired",
        "Dit kan niet meer zoals het was voorgesteld.",
    )
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert performers(database) == START


@pytest.mark.parametrize(
    ("moves", "status"),
    [
        ([move(shift(11), "b", "c")], 403),
        ([move(shift(4), "a", "b"), move(shift(25), "c", "d")], 403),
        ([move(shift(4), "a", "b"), move(shift(11), "b", "c")], 403),
        ([move(shift(4), "a", "b"), move(shift(11), "b", "a"), move(shift(25), "c", "b")], 403),
        ([move(shift(4), "a", "b"), move(shift(11), "b", "c"), move(shift(25), "c", "a")], 200),
    ],
    ids=["of others", "beside an own move", "behind an own move", "before an exchange", "a ring with an own move"],
)
@ON_SQLITE
def test_a_gp_asks_about_moves_with_a_part_in_them(
    app: FastAPI, database: Database, moves: list[dict[str, str]], status: int
) -> None:
    """Not about those of others, alone or in a chain with an own one, unless they close a ring; `d` is nobody."""
    published(database, START)
    with speaks_for(app, database, "a") as a:
        assert a.post(f"{SWAPS}/verdict", json={"moves": moves}).status_code == status
        if status == 403:
            assert a.post(f"{SWAPS}/deals", json={"moves": moves}).status_code == 403


def test_questions_are_limited_for_a_gp_and_not_for_a_planner(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """Verdicts, lists and proposals count together; 429 says when to come back, and then it goes on."""
    app.state.settings = app.state.settings.model_copy(update={"swap_questions": 3})
    published(database, START)
    planner = as_role("planner")
    start = now()
    with time_machine.travel(start, tick=False) as clock, speaks_for(app, database, "a") as a:
        for _ in range(2):
            assert a.post(f"{SWAPS}/verdict", json=TO_B).status_code == 200
        assert a.get(f"{SWAPS}/candidates/{shift(4)}").status_code == 200
        for _ in range(2):
            late = a.post(f"{SWAPS}/deals", json=TO_B)
            assert (late.status_code, late.json()["code"]) == (429, "too_many_questions")
        assert late.headers["Retry-After"] == str(app.state.settings.swap_question_window_seconds)
        with speaks_for(app, database, "b") as b:
            assert b.post(f"{SWAPS}/verdict", json=TO_B).status_code == 200
        assert all(planner.post(f"{SWAPS}/verdict", json=TO_B).status_code == 200 for _ in range(5))
        clock.move_to(start + timedelta(seconds=app.state.settings.swap_question_window_seconds))
        assert a.post(f"{SWAPS}/deals", json=TO_B).status_code == 201


def test_duties_elsewhere_are_known_to_colleagues_in_the_own_rosters_alone() -> None:
    """That of the roster before keeps from a rule, at another HDS it is private."""
    from scheduler.domain.colleagues import as_known_to
    from tests.api.rosters.stage import small_dossier

    span = {"start": moment("2027-01-04T23:00"), "end": moment("2027-01-05T08:00"), "gp_id": "b"}
    here, there = BusyElsewhere(is_here=True, **span), BusyElsewhere(**span)
    dossier = small_dossier().with_elsewhere([here, there])
    assert as_known_to(dossier, "a").elsewhere == (here,)
    assert as_known_to(dossier, "b").elsewhere == (here, there)
