"""What is held of messages goes with an erased GP, and after its term."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import Delivery, Feed, FeedItem, MessagePreference, NoticeRow
from api.db.tables.outbox import OutboxEvent
from api.db.tables.people import Gp
from api.messages.forgetting import forget_gp
from api.messages.upkeep import spread_events
from api.privacy.retention import apply_retention
from api.settings import Settings
from tests.api.conftest import token_for
from tests.api.messages.post import happened, person
from tests.api.privacy.held import URL, AsRole, hold, pay_january

TABLES = (Feed, FeedItem, NoticeRow, Delivery, MessagePreference, OutboxEvent)


def _counts(database: Database) -> list[int]:
    with database.reading() as session:
        return [len(session.execute(select(table)).all()) for table in TABLES]


def _was_a_planner_who_was_told(database: Database, user_id: int) -> None:
    """That another is ill, which is held about that other one."""
    with database.writing() as session:
        event = OutboxEvent(
            hds_id="test",
            kind="sickness_reported",
            about={"gp_id": "A"},
            gp_numbers=[],
            created_at=now(),
            spread_at=now(),
        )
        session.add(event)
        session.flush()
        session.add(NoticeRow(event_id=event.id, user_id=user_id, hds_id="test"))


def test_a_gp_is_shown_what_is_held_and_leaves_nothing_of_it_when_erased(
    app: FastAPI, database: Database, as_role: AsRole, posting: Settings
) -> None:
    """The address opens nothing any more; what another was told of others stays."""
    held = hold(database)
    pay_january(as_role)
    person(database, "ann", "gp", gp_id="A")
    secret = token_for(database, held.user_id, "test", "gp")
    with TestClient(app, headers={"Authorization": f"Bearer {secret}"}) as own:
        path = own.post("/api/v1/hds/test/feed").json()["url"].removeprefix("http://127.0.0.1:8000")
        assert own.get(path).status_code == 200
        own.put("/api/v1/hds/test/messages/preferences", json={}, headers={"If-Match": "*"})
        happened(database, "sickness_planner", {"gp_id": "C", "shift_id": "x"}, "A")
        happened(database, "swap_refused", {"moves": [{"shift_id": "x", "from_gp_id": "A", "to_gp_id": "C"}]}, "A", "C")
        happened(database, "round_reminder", {"round_id": 1}, "A", "C")
        spread_events(database, posting, now())
        assert _counts(database) == [1, 0, 5, 5, 1, 3]
        _was_a_planner_who_was_told(database, held.user_id)
        with zipfile.ZipFile(io.BytesIO(own.get(f"{URL}/mine").content)) as export:
            told = json.loads(export.read("messages.json"))
            assert [one["kind"] for one in told] == ["swap_refused", "round_reminder"]
            assert "own_duties" in json.loads(export.read("message_wishes.json"))[0]
            assert "secret_hash" not in export.read("feed.json").decode()
        assert as_role("administrator").post(f"{URL}/gps/C/erase", json={"reason": "verzoek"}).status_code == 200
        assert own.get(path).status_code == 404
    assert _counts(database) == [0, 0, 1, 1, 0, 2]


@pytest.mark.parametrize("gp_id", ["é", 'a"b', "100%", "a_b"])
def test_an_event_is_found_by_any_id(database: Database, settings: Settings, gp_id: str) -> None:
    """Also one with signs that JSON or a search writes otherwise; a longer id is another."""
    user_id = person(database, "x", "gp", gp_id=gp_id)
    happened(database, "duty_changed", {"from_gp_id": gp_id})
    happened(database, "duty_changed", {"from_gp_id": f"{gp_id}c", "to_gp_id": "aXb"})
    with database.writing() as session:
        number = session.scalars(select(Gp.number)).one()
        forget_gp(session, "test", number, gp_id, [user_id])
    with database.reading() as session:
        assert session.scalars(select(OutboxEvent.id)).all() == [2]


def test_messages_go_after_their_term_once_they_were_told(database: Database, posting: Settings) -> None:
    """What waits stays, however old."""
    person(database, "ann", "gp", gp_id="A")
    happened(database, "round_reminder", {"round_id": 1}, "A")
    spread_events(database, posting, now())
    happened(database, "round_reminder", {"round_id": 2}, "A")
    with time_machine.travel(now() + timedelta(days=399)):
        assert apply_retention(database, now())["test"] == {}
    with time_machine.travel(now() + timedelta(days=401)):
        assert apply_retention(database, now())["test"] == {"messages": 1}
    assert _counts(database) == [0, 0, 0, 0, 0, 1]
