"""Duties change hands once everybody agrees, once, and never against a rule."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.audit.verify import verify_all
from api.clock import now
from api.db.engine import Database
from api.db.tables import Base
from api.db.tables.people import Hds
from api.swaps.expiry import expire
from api.swaps.table import table_for
from scheduler.domain.time import AMSTERDAM
from scheduler.swaps.moves import Move
from tests.api.audit.on_record import doers
from tests.api.swaps.market import move, performers, published, shift, speaks_for

SWAPS = "/api/v1/hds/test/swaps"
START = {shift(4): "a", shift(11): "b", shift(18): "a"}
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def _choose(database: Database, **choices: object) -> None:
    with database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": choices}


def test_a_handover_that_was_offered_to_all_is_done_when_somebody_takes_it(app: FastAPI, database: Database) -> None:
    """The offer is the consent of the giver: one call of the taker makes it done, and who was responsible stays."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        assert a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).status_code == 201
        [seen] = c.get(f"{SWAPS}/offers").json()["items"]
        assert (seen["shift_id"], seen["gp_id"], seen["state"]) == (shift(4), "a", "open")
        answer = c.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]})
    assert (answer.status_code, answer.json()["state"]) == (201, "done")
    assert performers(database) == START | {shift(4): "c"}
    assert performers(database, responsible=True) == START
    assert doers(database, "swap.proposed", "swap.done") == [("swap.proposed", "user-c"), ("swap.done", None)]


def test_an_exchange_waits_for_the_other_gp(app: FastAPI, database: Database) -> None:
    """Without an offer both must agree; nothing changes until then."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        moves = [move(shift(4), "a", "b"), move(shift(11), "b", "a")]
        deal = a.post(f"{SWAPS}/deals", json={"moves": moves}).json()
        assert (deal["kind"], deal["state"]) == ("exchange", "proposed")
        assert performers(database) == START
        done = b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True}).json()
    assert done["state"] == "done"
    assert performers(database) == START | {shift(4): "b", shift(11): "a"}
    assert doers(database, "swap.agreed", "swap.done") == [("swap.agreed", "user-b"), ("swap.done", None)]


def test_a_refused_deal_changes_nothing_and_the_offer_stands_again(app: FastAPI, database: Database) -> None:
    """Who wants a duty in return for another may say no, and keeps the offer."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        wanted = {"first": "2027-01-25", "last": "2027-01-31"}
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4), "in_return": wanted})
        moves = [move(shift(4), "a", "b"), move(shift(11), "b", "a")]
        deal = b.post(f"{SWAPS}/deals", json={"moves": moves}).json()
        assert deal["state"] == "proposed"
        refused = a.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": False}).json()
        assert refused["state"] == "refused"
        [offer] = a.get(f"{SWAPS}/offers").json()["items"]
        assert offer["state"] == "open"
    assert performers(database) == START


def test_a_deal_that_breaks_a_rule_is_refused_with_the_rule(app: FastAPI, database: Database) -> None:
    """Two shifts at the same time: the reason names the rule, and nothing is written."""
    published(database, START | {shift(4, 2): "b"})
    with speaks_for(app, database, "a") as a:
        asked = {"moves": [move(shift(4), "a", "b")]}
        verdict = a.post(f"{SWAPS}/verdict", json=asked).json()
        assert not verdict["legal"]
        assert "no_overlap" in {one["rule"] for one in verdict["reasons"]}
        answer = a.post(f"{SWAPS}/deals", json=asked)
        assert (answer.status_code, answer.json()["code"]) == (409, "breaks_rules")
        assert a.get(f"{SWAPS}/deals").json()["items"] == []


def test_two_duties_at_once_may_be_exchanged_though_neither_may_be_handed_over(
    app: FastAPI, database: Database
) -> None:
    """A swap that is legal only as a whole is judged as a whole, and done though both overlap."""
    start = {shift(4): "a", shift(4, 2): "b"}
    published(database, start)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        moves = [move(shift(4), "a", "b"), move(shift(4, 2), "b", "a")]
        deal = a.post(f"{SWAPS}/deals", json={"moves": moves}).json()
        assert b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True}).json()["state"] == "done"
    assert performers(database) == {shift(4): "b", shift(4, 2): "a"}


def test_a_verdict_shows_a_gp_nothing_of_a_colleague_but_the_rule(app: FastAPI, database: Database) -> None:
    """The other side's duties, hours and deviation are not told."""
    published(database, START | {shift(4, 2): "b"})
    with speaks_for(app, database, "a") as a:
        verdict = a.post(f"{SWAPS}/verdict", json={"moves": [move(shift(4), "a", "b")]}).json()
    assert [party["gp_id"] for party in verdict["parties"]] == ["a"]
    assert {shift_id for reason in verdict["reasons"] for shift_id in reason["shift_ids"]} == {shift(4)}
    assert not any("januari" in reason["text"] for reason in verdict["reasons"])


def test_the_planner_decides_where_the_hds_wants_that(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """With approval a deal that all agreed with waits, and is done by the planner."""
    published(database, START)
    _choose(database, approval=True)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
        deal = c.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]}).json()
        assert deal["state"] == "awaiting_planner"
        assert performers(database) == START
        planner = as_role("planner")
        done = planner.post(f"{SWAPS}/deals/{deal['id']}/approve", json={"agreed": True}).json()
    assert done["state"] == "done"
    assert performers(database)[shift(4)] == "c"


def test_the_limit_on_handovers_of_a_year_holds(app: FastAPI, database: Database) -> None:
    """Who may give away one duty a year cannot give away a second one; exchanging is not limited."""
    published(database, START)
    _choose(database, handovers_per_year=1)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        for day in (4, 18):
            a.post(f"{SWAPS}/offers", json={"shift_id": shift(day)})
        answers = [
            c.post(f"{SWAPS}/deals", json={"moves": [move(shift(day), "a", "c")]}).status_code for day in (4, 18)
        ]
    assert answers == [201, 409]


def test_a_locum_takes_an_offer_only_after_the_colleagues_had_their_time(app: FastAPI, database: Database) -> None:
    """The phases of access: a class of GPs waits the hours that the HDS chose."""
    published(database, START)
    _choose(database, access_hours={"locum": 48})
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
        answer = c.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_an_offer_to_one_colleague_is_seen_by_no_other(app: FastAPI, database: Database) -> None:
    """Who is not meant does not see it, and proposing needs the giver's own yes."""
    published(database, START)
    speaks_for(app, database, "b")
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        asked = {"shift_id": shift(4), "audience": "colleague", "colleague_gp_id": "b"}
        assert a.post(f"{SWAPS}/offers", json=asked).status_code == 201
        assert c.get(f"{SWAPS}/offers").json()["items"] == []
        deal = c.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]}).json()
    assert deal["state"] == "proposed"


def test_a_duty_is_offered_by_who_does_it_and_once(app: FastAPI, database: Database) -> None:
    """Somebody else's duty is refused, a second offer of the same duty conflicts."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        assert c.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).status_code == 403
        answers = [a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).status_code for _ in range(2)]
    assert answers == [201, 409]


def test_the_same_key_gives_the_same_deal(app: FastAPI, database: Database) -> None:
    """A retry after a lost answer proposes nothing twice; the key for another deal is refused."""
    published(database, START)
    with speaks_for(app, database, "c") as c:
        speaks_for(app, database, "a")
        sent = {"json": {"moves": [move(shift(4), "a", "c")]}, "headers": {"Idempotency-Key": "k1"}}
        first, again = (c.post(f"{SWAPS}/deals", **sent) for _ in range(2))
        other = c.post(f"{SWAPS}/deals", json={"moves": [move(shift(18), "a", "c")]}, headers={"Idempotency-Key": "k1"})
    assert first.json()["id"] == again.json()["id"]
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_key_reused")


def test_of_many_who_claim_one_duty_exactly_one_wins(app: FastAPI, database: Database) -> None:
    """Twelve claims at once: one deal is done, the others are told that they came late, the trail is sound."""
    published(database, START)
    with ExitStack() as stack:
        a = stack.enter_context(speaks_for(app, database, "a"))
        takers = [stack.enter_context(speaks_for(app, database, gp_id)) for gp_id in ("b", "c")]
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(18)})
        gate, answers = threading.Barrier(12), []

        def claim(number: int) -> None:
            taker, gp_id = takers[number % 2], "bc"[number % 2]
            gate.wait()
            answers.append(taker.post(f"{SWAPS}/deals", json={"moves": [move(shift(18), "a", gp_id)]}))

        threads = [threading.Thread(target=claim, args=(number,)) for number in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 11
    [winner] = [answer.json() for answer in answers if answer.status_code == 201]
    assert performers(database)[shift(18)] == winner["moves"][0]["to_gp_id"]
    assert not verify_all(database, []).troubles


def test_candidates_are_ranked_for_the_planner_and_named_for_the_holder(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """The planner sees figures and who could not; the holder sees who could; a colleague sees nothing."""
    published(database, START | {shift(4, 2): "b"})
    found = as_role("planner").get(f"{SWAPS}/candidates/{shift(4)}").json()
    assert [one["gp_id"] for one in found["candidates"]] == ["c"]
    assert [(one["gp_id"], one["reasons"][0]["rule"]) for one in found["excluded"]] == [("b", "no_overlap")]
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        own = a.get(f"{SWAPS}/candidates/{shift(4)}").json()
        assert [(one["gp_id"], one["deviation"]) for one in own["candidates"]] == [("c", None)]
        assert own["excluded"] == []
        assert c.get(f"{SWAPS}/candidates/{shift(4)}").status_code == 404


def test_what_nobody_answered_in_time_ends_and_changes_nothing(app: FastAPI, database: Database) -> None:
    """A deal and an offer past their time expire, once, also when two workers look at the same moment."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
        moves = [move(shift(18), "a", "b"), move(shift(11), "b", "a")]
        deal = a.post(f"{SWAPS}/deals", json={"moves": moves}).json()
        later = datetime(2027, 2, 1, tzinfo=AMSTERDAM)
        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(lambda _: expire(database, later), range(2))) == [0, 2]
        assert b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True}).status_code == 409
        assert [one["state"] for one in a.get(f"{SWAPS}/deals?every=true").json()["items"]] == ["expired"]
        assert [one["state"] for one in a.get(f"{SWAPS}/offers?every=true").json()["items"]] == ["expired"]
    assert performers(database) == START


def test_verdicts_on_one_database_know_nothing_of_another(app: FastAPI, database: Database, tmp_path: Path) -> None:
    """Two databases in one process, alike in every number: each is judged by its own duties."""
    other = Database(f"sqlite:///{tmp_path / 'other.sqlite'}")
    Base.metadata.create_all(other.engine)
    published(other, {shift(9): "c"})
    published(database, START)
    asked = [Move(shift_id=shift(9), from_gp="c", to_gp="a")]
    with other.reading() as session:
        assert set(table_for(session, "test", asked, still=False).situation.gp_of) == {shift(9)}
    other.close()
    with speaks_for(app, database, "a") as a:
        answer = a.post(f"{SWAPS}/verdict", json={"moves": [move(shift(4), "a", "c")]})
    assert answer.json()["legal"]


@ON_SQLITE
def test_a_deal_of_others_is_as_if_it_were_not_there(app: FastAPI, database: Database) -> None:
    """Whatever state it is in: numbers that are tried tell nothing."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        deal = a.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]}).json()["id"]
        for act, sent in (("withdraw", None), ("answer", {"agreed": True})) * 2:
            found = [b.post(f"{SWAPS}/deals/{number}/{act}", json=sent) for number in (deal, 999_999)]
            assert [one.status_code for one in found] == [404, 404]
            assert found[0].json()["detail"] == found[1].json()["detail"]
            a.post(f"{SWAPS}/deals/{deal}/withdraw")


@ON_SQLITE
def test_who_agreed_may_take_that_back_while_the_planner_decides(app: FastAPI, database: Database) -> None:
    """Everything is reversible until it is done, also for who only gets a duty."""
    published(database, START)
    _choose(database, approval=True)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        deal = a.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]}).json()["id"]
        assert c.post(f"{SWAPS}/deals/{deal}/withdraw").status_code == 403
        assert c.post(f"{SWAPS}/deals/{deal}/answer", json={"agreed": True}).json()["state"] == "awaiting_planner"
        answer = c.post(f"{SWAPS}/deals/{deal}/withdraw")
    assert (answer.status_code, answer.json().get("state")) == (200, "withdrawn")
    assert performers(database) == START


def test_an_offer_stays_promised_while_another_deal_about_it_stands(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """The planner stops one of two takers: the giver may not take the offer back from under the other."""
    published(database, START)
    _choose(database, approval=True)
    with ExitStack() as stack:
        a, b, c = (stack.enter_context(speaks_for(app, database, one)) for one in "abc")
        offer = a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).json()["id"]
        first, second = (
            taker.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", one)]}).json()["id"]
            for one, taker in (("b", b), ("c", c))
        )
        planner = as_role("planner")
        planner.post(f"{SWAPS}/deals/{first}/approve", json={"agreed": False}).raise_for_status()
        assert a.post(f"{SWAPS}/offers/{offer}/withdraw").status_code == 409
        planner.post(f"{SWAPS}/deals/{second}/approve", json={"agreed": False}).raise_for_status()
        assert a.post(f"{SWAPS}/offers/{offer}/withdraw").status_code == 200


@ON_SQLITE
def test_a_key_says_who_takes_the_duty_too(app: FastAPI, database: Database) -> None:
    """The same duty to somebody else is another deal."""
    published(database, START)
    with speaks_for(app, database, "a") as a:
        sent = [{"moves": [move(shift(4), "a", one)]} for one in "bc"]
        answers = [a.post(f"{SWAPS}/deals", json=one, headers={"Idempotency-Key": "k1"}) for one in sent]
    assert [answer.status_code for answer in answers] == [201, 409]
    assert answers[1].json()["code"] == "idempotency_key_reused"


@ON_SQLITE
def test_offers_and_proposals_end_when_it_is_too_late_to_do_them(app: FastAPI, database: Database) -> None:
    """What is told as the last moment is the one at which the HDS still lets duties change hands."""
    published(database, START)
    _choose(database, last_hours=24, answer_hours=8784)
    with speaks_for(app, database, "a") as a:
        made = [
            a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}),
            a.post(f"{SWAPS}/deals", json={"moves": [move(shift(18), "a", "c")]}),
        ]
    assert [one.json()["expires_at"] for one in made] == ["2027-01-03T17:00:00+01:00", "2027-01-17T17:00:00+01:00"]


@ON_SQLITE
def test_the_planner_has_the_hours_to_answer_from_when_all_agreed(
    app: FastAPI, database: Database, as_role: Callable[..., TestClient]
) -> None:
    """Proposed on Thursday evening, agreed on Sunday: the planner may still decide on Monday."""
    published(database, START)
    _choose(database, approval=True, answer_hours=72, last_hours=24)
    thursday, sunday = (datetime(2026, 12, day, 17, tzinfo=AMSTERDAM) for day in (24, 27))
    with time_machine.travel(thursday + timedelta(hours=1), tick=False), speaks_for(app, database, "a") as a:
        deal = a.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]}).json()["id"]
    with time_machine.travel(sunday, tick=False), speaks_for(app, database, "c") as c:
        agreed = c.post(f"{SWAPS}/deals/{deal}/answer", json={"agreed": True}).json()
    assert (agreed["state"], agreed["expires_at"]) == ("awaiting_planner", "2026-12-30T17:00:00+01:00")
    with time_machine.travel(datetime(2026, 12, 28, 9, tzinfo=AMSTERDAM), tick=False):
        assert expire(database, now()) == 0
        done = as_role("planner").post(f"{SWAPS}/deals/{deal}/approve", json={"agreed": True})
    assert (done.status_code, done.json()["state"]) == (200, "done")
