"""The whole market is searched at once, and what was found is proposed, agreed with, and done."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables.market import SwapSearch
from api.db.tables.people import Gp, Hds
from api.db.tables.rosters import Duty
from api.swaps import market_repository
from api.swaps.expiry import expire
from api.swaps.market import OpenMarket, market_of
from api.swaps.proposing import Outcome, propose_found
from api.swaps.rings import search_where_due
from api.swaps.rings_request import RingsAnswer
from api.swaps.taking import matched
from scheduler.swaps.moves import Move
from tests.api.swaps.market import performers, published, shift, speaks_for

SWAPS = "/api/v1/hds/test/swaps"
START = {shift(4): "a", shift(11): "b", shift(18): "c"}
AsRole = Callable[..., TestClient]
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Market:
    """The GPs of the small HDS, each with a client."""

    def __init__(self, app: FastAPI, database: Database, stack: ExitStack) -> None:
        self.of = {one: stack.enter_context(speaks_for(app, database, one)) for one in "abc"}

    def offer(self, gp_id: str, day: int, *wanted: int) -> None:
        """Offer a duty, for nothing or in return for one of these."""
        in_return = {"in_return": {"shift_ids": [shift(one) for one in wanted]}} if wanted else {}
        self.of[gp_id].post(f"{SWAPS}/offers", json={"shift_id": shift(day)} | in_return).raise_for_status()

    def want(self, gp_id: str, most: int, *days: int) -> dict[str, Any]:
        """State a want of these duties, or of any."""
        wanted = {"shift_ids": [shift(one) for one in days]}
        answer = self.of[gp_id].post(f"{SWAPS}/wants", json={"wanted": wanted, "most": most})
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def agree(self, deal: dict[str, Any]) -> list[str]:
        """Let everybody who was not heard yet agree; the states of the deal after each."""
        asked = [one["gp_id"] for one in deal["consents"] if one["agreed"] is None]
        where = f"{SWAPS}/deals/{deal['id']}/answer"
        return [self.of[one].post(where, json={"agreed": True}).json()["state"] for one in asked]


@pytest.fixture
def market(app: FastAPI, database: Database) -> Any:
    """The GPs of a small HDS with a duty each."""
    published(database, START)
    with ExitStack() as stack:
        yield Market(app, database, stack)


def _search(planner: TestClient) -> dict[str, Any]:
    answer = planner.post(f"{SWAPS}/rings", json={"seconds": 2})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def _deals(planner: TestClient) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = planner.get(f"{SWAPS}/deals").json()["items"]
    return found


def test_a_ring_of_three_is_found_and_done_when_all_agree(market: Market, database: Database, as_role: AsRole) -> None:
    """No two of them could exchange; the offers are no consent to the ring, and the last yes makes it done."""
    planner = as_role("planner")
    for gp_id, day, wanted in (("a", 4, 11), ("b", 11, 18), ("c", 18, 4)):
        market.offer(gp_id, day, wanted)
    found = _search(planner)
    assert (found["offers"], found["moved"], found["bound"], found["is_optimal"], found["gap"]) == (3, 3, 3, True, 0)
    [deal] = _deals(planner)
    assert (deal["kind"], deal["state"], found["deal_ids"]) == ("ring", "proposed", [deal["id"]])
    assert {one["agreed"] for one in deal["consents"]} == {None}
    assert performers(database) == START
    assert market.agree(deal) == ["proposed", "proposed", "done"]
    assert performers(database) == {shift(4): "c", shift(11): "a", shift(18): "b"}
    assert performers(database, responsible=True) == START
    assert not verify_all(database, []).troubles


@ON_SQLITE
def test_a_second_search_proposes_nothing_twice(market: Market, as_role: AsRole) -> None:
    """While the proposal stands its offers are promised, and the want that it answers has no room left."""
    planner = as_role("planner")
    market.offer("a", 4)
    market.offer("b", 11, 18)
    market.offer("c", 18, 11)
    market.want("b", 1, 4)
    assert _search(planner)["moved"] == 3
    again = _search(planner)
    assert (again["offers"], again["moved"], again["bound"], again["deal_ids"]) == (0, 0, 0, [])
    assert len(_deals(planner)) == 2
    assert len(planner.get(f"{SWAPS}/rings").json()["items"]) == 2


@ON_SQLITE
def test_a_gift_goes_to_who_wants_it_and_only_the_taker_is_asked(
    market: Market, database: Database, as_role: AsRole
) -> None:
    """Who gives for nothing has agreed by offering; a want is used up by what came of it."""
    planner = as_role("planner")
    market.offer("a", 4)
    market.want("b", 1, 4, 18)
    _search(planner)
    [deal] = _deals(planner)
    assert (deal["kind"], [one["agreed"] for one in deal["consents"]]) == ("handover", [True, None])
    assert market.agree(deal) == ["done"]
    assert performers(database)[shift(4)] == "b"
    [want] = market.of["b"].get(f"{SWAPS}/wants").json()["items"]
    assert (want["most"], want["taken"], want["state"]) == (1, 1, "open")
    market.offer("c", 18)
    assert _search(planner)["moved"] == 0


def test_an_open_duty_starts_a_chain(market: Market, database: Database, as_role: AsRole) -> None:
    """Nobody performs it yet: one GP takes it for an own duty, which goes to somebody who wants that."""
    planner = as_role("planner")
    market.offer("a", 4, 25)
    market.want("b", 1, 4)
    _search(planner)
    [deal] = _deals(planner)
    moves = {(one["shift_id"], one["from_gp_id"], one["to_gp_id"]) for one in deal["moves"]}
    assert moves == {(shift(25), None, "a"), (shift(4), "a", "b")}
    # the verdict on it, before anybody agrees: its moves as the deal shows them
    verdict = market.of["b"].post(f"{SWAPS}/verdict", json={"moves": deal["moves"]}).json()
    assert (verdict["legal"], verdict["parties"][0]["hours"]["evening"]) == (True, {"before": 6.0, "after": 12.0})
    assert market.agree(deal) == ["proposed", "done"]
    assert performers(database) == START | {shift(25): "a", shift(4): "b"}
    assert performers(database, responsible=True) == START
    assert not verify_all(database, []).troubles


@ON_SQLITE
def test_who_refused_is_not_asked_the_same_again(market: Market, as_role: AsRole) -> None:
    """The others' offers stand again, and go to somebody else where they can."""
    planner = as_role("planner")
    market.offer("a", 4)
    market.want("b", 1, 4)
    _search(planner)
    [deal] = _deals(planner)
    market.of["b"].post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": False}).raise_for_status()
    assert _search(planner)["moved"] == 0
    market.want("c", 1, 4)
    _search(planner)
    assert [one["moves"][0]["to_gp_id"] for one in _deals(planner)] == ["c"]


@ON_SQLITE
def test_an_offer_to_one_colleague_goes_to_nobody_else(market: Market, as_role: AsRole) -> None:
    """A search keeps to whom an offer is meant for."""
    planner = as_role("planner")
    asked = {"shift_id": shift(4), "audience": "colleague", "colleague_gp_id": "c"}
    market.of["a"].post(f"{SWAPS}/offers", json=asked).raise_for_status()
    market.want("b", 1, 4)
    assert _search(planner)["moved"] == 0
    market.want("c", 1, 4)
    assert _search(planner)["moved"] == 1


@ON_SQLITE
def test_classes_of_gps_wait_their_turn_in_a_search_too(market: Market, database: Database, as_role: AsRole) -> None:
    """What is not open to locums yet is not proposed to one, and is once it is."""
    with database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": {"access_hours": {"locum": 4}}}
    planner = as_role("planner")
    market.offer("a", 4)
    market.want("b", 1, 4)
    assert _search(planner)["moved"] == 0
    with time_machine.travel(now() + timedelta(hours=5), tick=True):
        assert _search(planner)["moved"] == 1


@ON_SQLITE
def test_wants_are_stated_once_and_taken_back(market: Market, as_role: AsRole) -> None:
    """The same want twice conflicts; a GP sees the own wants alone; one withdrawn counts no more."""
    planner = as_role("planner")
    want = market.want("b", 1, 4)
    again = market.of["b"].post(f"{SWAPS}/wants", json={"wanted": {"shift_ids": [shift(4)]}, "most": 2})
    assert again.json()["code"] == "conflict"
    past = market.of["b"].post(f"{SWAPS}/wants", json={"wanted": {"last": "2026-01-01"}})
    assert past.json()["code"] == "wrong_state"
    assert market.of["a"].get(f"{SWAPS}/wants").json()["items"] == []
    assert market.of["a"].post(f"{SWAPS}/wants/{want['id']}/withdraw").status_code == 404
    assert market.of["b"].post(f"{SWAPS}/wants/{want['id']}/withdraw").json()["state"] == "withdrawn"
    market.offer("a", 4)
    assert _search(planner)["moved"] == 0


@ON_SQLITE
def test_the_market_is_searched_when_the_hds_chose_so(market: Market, database: Database, as_role: AsRole) -> None:
    """Once in so many hours, by whichever worker comes first."""
    market.offer("a", 4)
    market.want("b", 1, 4)
    assert search_where_due(database, now()) == 0
    with database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": {"rings_every_hours": 24}}
    moments = [now() + timedelta(hours=hours) for hours in (0, 23, 25)]
    assert [search_where_due(database, moment) for moment in moments] == [1, 0, 1]
    assert [one["moved"] for one in as_role("planner").get(f"{SWAPS}/rings").json()["items"]] == [0, 1]


@ON_SQLITE
def test_a_search_that_ended_untimely_is_done_again_soon(database: Database) -> None:
    """A worker was stopped, or all places were taken: not only when the next one is due, which may be in a week."""
    published(database, START)
    begun = now()
    with database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": {"rings_every_hours": 168}}
        session.add(SwapSearch(hds_id="test", begun_at=begun))
    moments = [begun + timedelta(minutes=minutes) for minutes in (50, 70)]
    assert [search_where_due(database, moment) for moment in moments] == [0, 1]


@pytest.mark.parametrize(
    ("taken", "must", "may", "found"),
    [
        (["x"], [{"x"}], [], {}),
        (["x", "y"], [{"x", "y"}], [{"x"}], {"x": 0}),
        (["x", "y"], [{"x"}], [{"x"}], None),
        (["x"], [{"y"}], [{"x"}], None),
        (["x"], [{"x"}, {"x"}], [], None),
        ([], [{"x"}], [], None),
        (["x", "y"], [{"x", "y"}, {"x"}], [], {}),
        (["x", "y", "z"], [{"x", "y"}], [{"x"}, {"y", "z"}, {"z"}], {"x": 0, "z": 1}),
        (["x", "y"], [{"x", "y"}], [{"y"}], {"y": 0}),
        (["x"], [], [], None),
        (["x", "y"], [], [{"x", "y"}, {"y"}], {"x": 0, "y": 1}),
    ],
)
def test_what_is_taken_answers_an_exchange_or_a_want(
    taken: list[str], must: list[set[str]], may: list[set[str]], found: dict[str, int] | None
) -> None:
    """Each exchange gets one duty that suits it, and every other one suits a want of its own."""
    assert matched(taken, must, may) == found


def _seen(database: Database) -> OpenMarket:
    with database.reading() as session:
        return market_of(session, "test", market_repository.dossiers_to_come(session, "test", now())[0], now())


def _propose(database: Database, begun: datetime, seen: OpenMarket, *moves: Move) -> Outcome:
    """What comes of a search that began then and found these moves."""
    with database.writing() as session:
        row = SwapSearch(hds_id="test", begun_at=begun)
        session.add(row)
        session.flush()
        return propose_found(session, row, [(seen, RingsAnswer(proposals=(moves,), bound=len(moves)))])


@ON_SQLITE
def test_what_is_offered_anew_while_the_search_goes_on_is_another_offer(market: Market, database: Database) -> None:
    """Found as a gift, and by then wanted in return for a duty: the giver has not agreed to that."""
    market.offer("a", 4)
    market.want("b", 1, 4)
    begun, seen = now(), _seen(database)
    [offer] = market.of["a"].get(f"{SWAPS}/offers").json()["items"]
    market.of["a"].post(f"{SWAPS}/offers/{offer['id']}/withdraw").raise_for_status()
    market.offer("a", 4, 11)
    outcome = _propose(database, begun, seen, Move(shift_id=shift(4), from_gp="a", to_gp="b"))
    assert (outcome.moved, outcome.left_out, outcome.deal_ids) == (0, 1, [])


@ON_SQLITE
def test_who_left_a_proposal_unanswered_is_not_asked_the_same_for_ever(market: Market, database: Database) -> None:
    """Somebody on leave would hold the others up with each search; who agreed, or was overtaken, may be asked again."""
    market.offer("a", 4, 11)
    market.offer("b", 11, 4)
    found = Move(shift_id=shift(4), from_gp="a", to_gp="b"), Move(shift_id=shift(11), from_gp="b", to_gp="a")
    [deal_id] = _propose(database, now(), _seen(database), *found).deal_ids
    market.of["a"].post(f"{SWAPS}/deals/{deal_id}/answer", json={"agreed": True}).raise_for_status()
    with time_machine.travel(now() + timedelta(hours=73), tick=False):
        assert expire(database, now()) == 1
    assert _seen(database).market.never == {("b", shift(4))}


@ON_SQLITE
def test_a_deal_about_an_open_duty_ends_when_somebody_else_has_it(market: Market, database: Database) -> None:
    """A publication filled it: the proposal ends by itself, and the offer in it stands again."""
    market.offer("a", 4, 25)
    market.want("b", 1, 4)
    found = Move(shift_id=shift(25), to_gp="a"), Move(shift_id=shift(4), from_gp="a", to_gp="b")
    assert _propose(database, now(), _seen(database), *found).moved == 2
    with database.writing() as session:
        number = session.scalar(select(Gp.number).where(Gp.gp_id == "c"))
        session.execute(update(Duty).where(Duty.shift_id == shift(25)).values(performer_number=number))
    assert expire(database, now()) == 1
    assert [one["state"] for one in market.of["a"].get(f"{SWAPS}/offers").json()["items"]] == ["open"]
