"""Who is told of what in swaps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from fastapi import FastAPI
from sqlalchemy import select

from api.clock import now
from api.db.engine import Database
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import Gp, Hds
from api.db.tables.rosters import Duty
from api.dossiers.mapping import gp_ids
from api.swaps.expiry import expire
from tests.api.swaps.market import move, published, shift, speaks_for

SWAPS = "/api/v1/hds/test/swaps"
START = {shift(4): "a", shift(11): "b"}


def _told(database: Database) -> list[tuple[str, str]]:
    """The kinds in order, each with the GPs who are told, and `planner` where planners are."""
    with database.reading() as session:
        ids = gp_ids(session, "test")
        rows = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id))
        return [
            (row.kind, "".join(sorted(ids[one] for one in row.gp_numbers)) + ("planner" if row.to_planners else ""))
            for row in rows
        ]


def _choose(database: Database, **choices: object) -> None:
    with database.writing() as session:
        session.get_one(Hds, "test").settings = {"swaps": choices}


EXCHANGE = {"moves": [move(shift(4), "a", "b"), move(shift(11), "b", "a")]}


def test_who_is_asked_is_told_and_then_both_of_the_change(app: FastAPI, database: Database) -> None:
    """The one who proposed knows already."""
    published(database, START)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        deal = a.post(f"{SWAPS}/deals", json=EXCHANGE).json()
        assert _told(database) == [("swap_proposed", "b")]
        b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True})
    assert _told(database)[1:] == [("duty_changed", "ab"), ("duty_changed", "ab")]


def test_the_planner_is_told_when_it_is_the_planners_turn(app: FastAPI, database: Database) -> None:
    """Once everybody else agreed."""
    published(database, START)
    _choose(database, approval=True)
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        deal = a.post(f"{SWAPS}/deals", json=EXCHANGE).json()
        b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True})
    assert _told(database) == [("swap_proposed", "b"), ("swap_awaiting_planner", "planner")]


def test_all_in_a_deal_are_told_that_it_ends(app: FastAPI, database: Database) -> None:
    """Refused, withdrawn or out of time."""
    published(database, START)

    def propose(a: Any) -> str:
        return f"{SWAPS}/deals/{a.post(f'{SWAPS}/deals', json=EXCHANGE).json()['id']}"

    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        b.post(f"{propose(a)}/answer", json={"agreed": False})
        a.post(f"{propose(a)}/withdraw")
        propose(a)
    expire(database, now() + timedelta(hours=72, minutes=1))
    asked = ("swap_proposed", "b")
    assert _told(database) == [
        asked, ("swap_refused", "ab"), asked, ("swap_withdrawn", "ab"), asked, ("swap_expired", "ab"),
    ]  # fmt: skip


def test_an_offer_is_told_to_those_it_is_meant_for(app: FastAPI, database: Database) -> None:
    """A colleague, or all to whose class it is open; the giver when nobody took it."""
    published(database, START)
    with speaks_for(app, database, "a") as a:
        one = a.post(
            f"{SWAPS}/offers", json={"shift_id": shift(4), "audience": "colleague", "colleague_gp_id": "c"}
        ).json()
        a.post(f"{SWAPS}/offers/{one['id']}/withdraw")
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
    assert _told(database) == [("swap_offered", "c"), ("swap_offered_to_all", "bc")]
    with database.reading() as session:
        starts = session.scalars(select(OutboxEvent.about).order_by(OutboxEvent.id)).first()
    assert starts == {"offer_id": one["id"], "shift_id": shift(4), "from_gp_id": "a"}
    expire(database, now() + timedelta(days=365))
    assert _told(database)[-1] == ("swap_offer_expired", "a")


def test_an_offer_that_is_not_open_to_a_class_yet_is_not_told_to_it(app: FastAPI, database: Database) -> None:
    """They would come too soon."""
    published(database, START)
    _choose(database, access_hours={"locum": 48})
    with speaks_for(app, database, "a") as a:
        a.post(f"{SWAPS}/offers", json={"shift_id": shift(4)})
    assert _told(database) == []


def test_the_trainee_who_stood_beside_the_giver_is_told_too(app: FastAPI, database: Database) -> None:
    """A trainee works beside the own trainer only, and would come for nothing."""
    published(database, START)
    with database.writing() as session:
        duty = session.get_one(Duty, ("test", shift(4)))
        duty.trainee_number = session.scalars(select(Gp.number).where(Gp.gp_id == "c")).one()
    with speaks_for(app, database, "a") as a, speaks_for(app, database, "b") as b:
        deal = a.post(f"{SWAPS}/deals", json={"moves": [move(shift(4), "a", "b")]}).json()
        b.post(f"{SWAPS}/deals/{deal['id']}/answer", json={"agreed": True}).raise_for_status()
    assert _told(database)[1:] == [("duty_changed", "abc")]
