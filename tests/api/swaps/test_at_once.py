"""Many clients at once: exactly one wins, the others are told so, and roster, trail and pay agree afterwards."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import select

from api.audit.verify import verify_all
from api.auth.principal import Member, Role
from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.people import Gp, User
from api.swaps import offers
from tests.api.rosters.stage import Stage
from tests.api.swaps.market import move, performers, published, shift, speaks_for, wait_for_a_lock

pytestmark = pytest.mark.both_databases

HDS = "/api/v1/hds/test"
SWAPS = f"{HDS}/swaps"
START = {shift(4): "a", shift(11): "b", shift(18): "a"}
AsRole = Callable[..., TestClient]


def _together(*asking: Callable[[], Response]) -> list[Response]:
    """The answers when all ask at the same moment, in their order."""
    gate, answers = threading.Barrier(len(asking)), dict[int, Response]()

    def run(place: int) -> None:
        gate.wait()
        answers[place] = asking[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(asking))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [answers[place] for place in range(len(asking))]


def _told(answers: Sequence[Response]) -> Counter[tuple[int, str | None]]:
    return Counter((answer.status_code, answer.json().get("code")) for answer in answers)


def _acts(database: Database, action: str) -> int:
    with database.reading() as session:
        return len(session.scalars(select(AuditEntry.seq).where(AuditEntry.action == action)).all())


def _edited(stage: Stage, planner: TestClient, shift_id: str, gp_id: str) -> int:
    """A draft of what is in force in which a planner gave a duty to somebody else."""
    draft = planner.post(f"{HDS}/dossiers/{stage.dossier_id}/versions/from-force", json={}).json()["id"]
    body = {"edits": [{"shift_id": shift_id, "gp_id": gp_id}]}
    planner.post(f"{HDS}/versions/{draft}/edits", json=body, headers={"If-Match": "*"}).raise_for_status()
    return int(draft)


def test_a_swap_and_a_publication_at_once_leave_one_of_them_in_force(
    app: FastAPI, database: Database, as_role: AsRole
) -> None:
    """The planner gives the duty to b while c takes it: published first, the swap is too late; else it is undone."""
    stage = published(database, START)
    planner = as_role("planner")
    draft = _edited(stage, planner, shift(4), "b")
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).raise_for_status()
        asked = {"moves": [move(shift(4), "a", "c")]}
        publication, swap = _together(
            lambda: stage.publish(planner, draft, seen=1), lambda: c.post(f"{SWAPS}/deals", json=asked)
        )
    assert publication.status_code == 201, publication.text
    assert (swap.status_code, swap.json().get("code")) in {(201, None), (409, "swap_outdated")}
    assert performers(database)[shift(4)] == "b"
    assert performers(database, responsible=True)[shift(4)] == "b"
    assert _acts(database, "swap.done") == (swap.status_code == 201)
    assert not verify_all(database, []).troubles


def test_an_exchange_and_a_publication_of_one_side_at_once_break_no_rule(
    app: FastAPI, database: Database, as_role: AsRole
) -> None:
    """Publishing gives c the duty beside the one that c would get by the exchange: whoever comes second is refused."""
    stage = published(database, START | {shift(25): "c"})
    planner = as_role("planner")
    draft = _edited(stage, planner, shift(4, 2), "c")
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        moves = [move(shift(4), "a", "c"), move(shift(25), "c", "a")]
        deal = a.post(f"{SWAPS}/deals", json={"moves": moves}).json()
        publication, swap = _together(
            lambda: stage.publish(planner, draft),
            lambda: c.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True}),
        )
    won = [answer.is_success for answer in (publication, swap)]
    # a draft from before the exchange takes it back, so a publication after it breaks no rule
    assert won in ([True, False], [True, True])
    assert swap.is_success or (swap.status_code, swap.json()["code"]) == (409, "breaks_rules")
    held = performers(database)
    assert (held[shift(4)], held[shift(4, 2)], held[shift(25)]) == ("a", "c", "c")
    assert not verify_all(database, []).troubles


def test_a_double_click_does_one_thing(app: FastAPI, database: Database) -> None:
    """Eight clicks without a key: one deal is done, seven are told that the duty has gone."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).raise_for_status()
        asked = {"moves": [move(shift(4), "a", "c")]}
        answers = _together(*[lambda: c.post(f"{SWAPS}/deals", json=asked)] * 8)
    assert _told(answers) == {(201, None): 1, (409, "swap_outdated"): 7}
    assert performers(database) == START | {shift(4): "c"}
    assert (_acts(database, "swap.done"), verify_all(database, []).troubles) == (1, ())


def test_a_retry_after_a_lost_answer_gives_the_same_deal(app: FastAPI, database: Database) -> None:
    """Eight calls with one key, at the same moment and later: one deal, and all are told of it."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).raise_for_status()
        sent = {"json": {"moves": [move(shift(4), "a", "c")]}, "headers": {"Idempotency-Key": "lost"}}
        answers = [*_together(*[lambda: c.post(f"{SWAPS}/deals", **sent)] * 8), c.post(f"{SWAPS}/deals", **sent)]
    assert _told(answers) == {(201, None): 9}
    assert len({(answer.json()["id"], answer.json()["state"]) for answer in answers}) == 1
    assert (_acts(database, "swap.proposed"), _acts(database, "swap.done")) == (1, 1)
    assert performers(database) == START | {shift(4): "c"}


def test_yes_and_no_at_once_end_a_deal_in_one_way(app: FastAPI, database: Database) -> None:
    """One agrees as the last while the other takes the proposal back: done or withdrawn, and the roster says which."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        moves = [move(shift(4), "a", "b"), move(shift(11), "b", "a")]
        deal = f"{SWAPS}/deals/{a.post(f'{SWAPS}/deals', json={'moves': moves}).json()['id']}"
        yes, no = _together(lambda: b.post(f"{deal}/answer", json={"agreed": True}), lambda: a.post(f"{deal}/withdraw"))
    assert sorted((yes.is_success, no.is_success)) == [False, True]
    [late] = [answer for answer in (yes, no) if not answer.is_success]
    assert (late.status_code, late.json()["code"]) == (409, "wrong_state")
    done = {shift(4): "b", shift(11): "a"} if yes.is_success else {}
    assert performers(database) == START | done
    assert not verify_all(database, []).troubles


def test_swaps_that_share_gps_in_every_order_never_wait_for_each_other_for_ever(
    app: FastAPI, database: Database
) -> None:
    """Two GPs ask for each of six duties, twice: all that can be done is done, nothing is lost."""
    start = {shift(day): "abc"[number % 3] for number, day in enumerate(range(2, 20, 3))}
    published(database, start)
    with ExitStack() as stack:
        of = {one: stack.enter_context(speaks_for(app, database, one)) for one in "abc"}
        for shift_id, holder in start.items():
            of[holder].post(f"{SWAPS}/offers", json={"shift_id": shift_id}).raise_for_status()

        def take(shift_id: str, holder: str, taker: str) -> Callable[[], Response]:
            asked = {"moves": [move(shift_id, holder, taker)]}
            return lambda: of[taker].post(f"{SWAPS}/deals", json=asked)

        asking = [
            take(shift_id, holder, taker) for shift_id, holder in start.items() for taker in "abc" if taker != holder
        ]
        answers = _together(*asking, *asking)
    assert {answer.status_code for answer in answers} == {201, 409}
    done = [answer.json()["moves"][0] for answer in answers if answer.status_code == 201]
    assert len({one["shift_id"] for one in done}) == len(done)
    assert performers(database) == start | {one["shift_id"]: one["to_gp_id"] for one in done}
    assert (_acts(database, "swap.done"), verify_all(database, []).troubles) == (len(done), ())


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_offer_that_is_taken_back_first_is_no_yes_any_more(app: FastAPI, database: Database) -> None:
    """Who takes the duty while the offer is being taken back comes after that, and has to ask."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "c") as c, ThreadPoolExecutor(1) as pool:
        offer_id = a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)}).json()["id"]
        with database.writing() as session:
            number = session.scalars(select(Gp.number).where(Gp.gp_id == "a")).one()
            user_id = session.scalars(select(User.id).where(User.username == "user-a")).one()
            offers.withdraw(session, Member(user_id, "test", frozenset({Role.GP}), number, "a"), offer_id)
            late = pool.submit(c.post, f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "c")]})
            wait_for_a_lock(database)
        assert late.result().json()["state"] == "proposed"
        assert [one["state"] for one in a.get(f"{SWAPS}/offers?every=true").json()["items"]] == ["withdrawn"]
    assert performers(database) == START
