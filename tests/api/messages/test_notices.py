"""The own notices on the page, and the own preferences."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from api.clock import now
from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.people import Membership
from api.messages.upkeep import spread_events
from api.settings import Settings
from tests.api.conftest import token_for
from tests.api.messages.post import Inbox, deliveries, happened, person, work
from tests.api.swaps.market import published, shift

MINE = "/api/v1/hds/test/messages/mine"
PREFERENCES = "/api/v1/hds/test/messages/preferences"


def _client(app: FastAPI, database: Database, gp_id: str) -> TestClient:
    user_id = person(database, uuid.uuid4().hex[:8], "gp", gp_id=gp_id, address=None)
    secret = token_for(database, user_id, "test", "gp")
    return TestClient(app, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)


def _told(database: Database, settings: Settings, count: int) -> None:
    published(database, {shift(4): "a"})
    for day in range(count):
        about = {"shift_id": shift(4), "from_gp_id": "a", "to_gp_id": None if day else "b"}
        happened(database, "duty_changed", about, "a")
    spread_events(database, settings, now())


def test_notices_are_shown_in_dutch_the_newest_first(app: FastAPI, database: Database, settings: Settings) -> None:
    """Without any e-mail, page by page, with how many are unread."""
    with _client(app, database, "a") as client:
        _told(database, settings, 3)
        first = client.get(MINE, params={"limit": 2}).json()
        rest = client.get(MINE, params={"limit": 2, "cursor": first["next"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [3, 2, 1]
    assert (first["unread"], rest["next"]) == (3, None)
    told = "ma 4 januari 2027, 17–23 uur (Post P)"
    assert rest["items"][0]["text"] == f"De dienst {told} gaat van Dokter a naar Dokter b."
    assert first["items"][0]["text"] == f"De dienst {told} gaat van Dokter a naar niemand."
    assert first["items"][0]["about"]["shift_id"] == shift(4)


def test_a_gp_is_not_told_why_a_colleague_gave_up_a_duty(
    app: FastAPI, database: Database, settings: Settings, as_role: Callable[..., TestClient]
) -> None:
    """It may be illness; a planner knows anyhow."""
    planner = as_role("planner")
    with _client(app, database, "a") as client:
        about = {"shift_id": shift(4), "from_gp_id": "b", "to_gp_id": "a", "cause": "sickness.called"}
        happened(database, "duty_changed", about, "a", to_planners=True)
        spread_events(database, settings, now())
        assert "sickness" not in client.get(MINE).text
        assert planner.get(MINE).json()["items"][0]["about"]["cause"] == "sickness.called"


def test_what_a_planner_is_told_is_for_who_is_one_now(
    app: FastAPI, database: Database, posting: Settings, inbox: Inbox
) -> None:
    """Not for a token that speaks for the GP alone, nor, on the page or by e-mail, once the role was taken away."""
    user_id = person(database, "both", "planner", "gp", gp_id="a")
    tokens = [token_for(database, user_id, "test", *roles) for roles in (("planner", "gp"), ("gp",))]
    happened(database, "duty_changed", {"shift_id": shift(4)}, "a")
    happened(database, "sickness_reported", {"gp_id": "b", "count": 1}, to_planners=True)
    spread_events(database, posting, now())

    def seen(token: str) -> tuple[list[str], int]:
        with TestClient(app, headers={"Authorization": f"Bearer {token}"}) as client:
            page = client.get(MINE).json()
        return [one["kind"] for one in page["items"]], page["unread"]

    assert [seen(one) for one in tokens] == [(["sickness_reported", "duty_changed"], 2), (["duty_changed"], 1)]
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.role == "planner"))
    assert [seen(one) for one in tokens] == [(["duty_changed"], 1)] * 2
    work(database, posting)
    assert [one["Subject"] for one in inbox.mails] == ["Uw rooster is gewijzigd: avond/2027-01-04/1"]
    assert [one.state for one in deliveries(database)] == ["sent", "dropped"]


def test_a_notice_that_was_read_is_no_longer_unread(app: FastAPI, database: Database, settings: Settings) -> None:
    """By number or up to one; reading again changes nothing."""
    with _client(app, database, "a") as client:
        _told(database, settings, 5)
        assert client.post(f"{MINE}/read", json={"ids": [5, 77]}).json() == {"unread": 4}
        read_at = client.get(MINE).json()["items"][0]["read_at"]
        assert client.post(f"{MINE}/read", json={"ids": [5], "until": 2}).json() == {"unread": 2}
        assert client.get(MINE).json()["items"][0]["read_at"] == read_at
        assert [one["id"] for one in client.get(MINE, params={"unread": True}).json()["items"]] == [4, 3]


def test_nobody_reads_or_marks_the_notices_of_another(app: FastAPI, database: Database, settings: Settings) -> None:
    """They are not there for others."""
    with _client(app, database, "a") as own, _client(app, database, "b") as other:
        _told(database, settings, 2)
        assert other.get(MINE).json() == {"items": [], "next": None, "unread": 0}
        assert other.post(f"{MINE}/read", json={"until": 100}).json() == {"unread": 0}
        assert own.get(MINE).json()["unread"] == 2


def test_preferences_have_defaults_until_they_are_chosen(app: FastAPI, database: Database) -> None:
    """Own duties and calls for cover are on, every offer to all is off; what was chosen is on record."""
    with _client(app, database, "a") as client:
        seen = client.get(PREFERENCES)
        assert seen.json()["own_duties"] == seen.json()["cover"] == {"told": True, "email": True}
        assert (seen.json()["offers_to_all"]["told"], seen.json()["by_email"]) == (False, False)
        wish = {"swaps": {"told": True, "email": False}, "offers_to_all": {"told": True, "email": True}}
        chosen = client.put(PREFERENCES, json=wish, headers={"If-Match": seen.headers["ETag"]})
        assert (chosen.status_code, chosen.json()["swaps"]) == (200, {"told": True, "email": False})
        assert client.get(PREFERENCES).json() == chosen.json()
        assert client.put(PREFERENCES, json={}, headers={"If-Match": seen.headers["ETag"]}).status_code == 412
        assert client.put(PREFERENCES, json={}).status_code == 428
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["messages.preferences_changed"]


def test_preferences_that_make_no_sense_are_refused_with_every_mistake(app: FastAPI, database: Database) -> None:
    """E-mail about what one is not told, and a group that is not there."""
    wish: dict[str, Any] = {"swaps": {"told": False, "email": True}, "weather": {"told": True}}
    with _client(app, database, "a") as client:
        answer = client.put(PREFERENCES, json=wish, headers={"If-Match": "*"})
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 2)
