"""The own calendar: found by its secret alone, and true to every change of the duties in force."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event
from sqlalchemy import delete, select, update

from api.clock import now
from api.db.engine import Database
from api.db.tables.messages import Feed, FeedItem
from api.db.tables.people import Gp, Membership, User
from api.messages import feeds
from api.messages.feeds import BACK, CANCELLED_STAYS, Item, compared
from tests.api.conftest import add_user
from tests.api.swaps.market import move, published, shift, speaks_for

FEED = "/api/v1/hds/test/feed"
AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@contextmanager
def _feed(app: FastAPI, database: Database, gp_id: str = "a") -> Iterator[tuple[TestClient, str]]:
    """A client that speaks for a GP, and the path of the feed that it made."""
    with speaks_for(app, database, gp_id) as client:
        made = client.post(FEED)
        assert made.status_code == 201, made.text
        path = re.fullmatch(r"http://127\.0\.0\.1:8000(/api/v1/feeds/[\w-]{43}\.ics)", made.json()["url"])
        assert path is not None
        yield client, path[1]


def _events(client: TestClient, path: str) -> dict[str, Event]:
    """The events by shift, each named once."""
    answer = client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    found = {str(one["uid"]).rsplit("/", 1)[0]: one for one in events}
    assert len(found) == len(events)
    return found


def _state(event: Event) -> tuple[str, int]:
    return str(event["status"]), int(event["sequence"])


def test_a_feed_shows_the_duties_in_force_of_one_gp(app: FastAPI, database: Database) -> None:
    """Without login and without any other name, by the clock of Amsterdam."""
    published(database, {shift(4): "a", shift(5): "b", shift(11): "a"})
    with _feed(app, database) as (_, path), TestClient(app) as stranger:
        found = _events(stranger, path)
        assert list(found) == [shift(4), shift(11)]
        event = found[shift(4)]
        assert str(event["uid"]) == f"{shift(4)}/a@test.anw-rooster"
        assert event.decoded("dtstart") == datetime(2027, 1, 4, 17, tzinfo=AMSTERDAM)
        assert event.decoded("dtend") == datetime(2027, 1, 4, 23, tzinfo=AMSTERDAM)
        assert (str(event["location"]), _state(event)) == ("Post P", ("CONFIRMED", 0))
        assert event.decoded("last-modified") == event.decoded("dtstamp")
        assert "Dokter" not in stranger.get(path).text


def test_a_calendar_program_may_ask_first(app: FastAPI, database: Database) -> None:
    """HEAD answers as GET does, without the calendar: also to who has it, and where there is none."""
    published(database, {shift(4): "a"})
    with _feed(app, database) as (_, path), TestClient(app) as stranger:
        found, asked = stranger.get(path), stranger.head(path)
        assert (asked.status_code, asked.content) == (200, b"")
        for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
            assert asked.headers[name] == found.headers[name]
        assert stranger.head(path, headers={"If-None-Match": found.headers["ETag"]}).status_code == 304
        assert stranger.head(path.replace(".ics", "x.ics")).status_code == 404


def test_what_changes_hands_goes_and_comes_in_the_calendars(app: FastAPI, database: Database) -> None:
    """CANCELLED with a higher SEQUENCE for who gave it, new for who took it; taken back it counts on."""
    published(database, {shift(4): "a"})
    swaps = "/api/v1/hds/test/swaps"
    with _feed(app, database, "a") as (a, of_a), _feed(app, database, "b") as (b, of_b):
        assert _state(_events(a, of_a)[shift(4)]) == ("CONFIRMED", 0)
        assert _events(b, of_b) == {}
        a.post(f"{swaps}/offers", json={"shift_id": shift(4)})
        assert b.post(f"{swaps}/deals", json={"moves": [move(shift(4), "a", "b")]}).json()["state"] == "done"
        assert _state(_events(a, of_a)[shift(4)]) == ("CANCELLED", 1)
        assert _state(_events(b, of_b)[shift(4)]) == ("CONFIRMED", 0)
        b.post(f"{swaps}/offers", json={"shift_id": shift(4)})
        a.post(f"{swaps}/deals", json={"moves": [move(shift(4), "b", "a")]})
        assert _state(_events(a, of_a)[shift(4)]) == ("CONFIRMED", 2)
        assert _state(_events(b, of_b)[shift(4)]) == ("CANCELLED", 1)


def test_publishing_again_is_seen_too(app: FastAPI, database: Database, as_role: Any) -> None:
    """Whatever way a duty changes, the calendar follows; a duty that is gone altogether is cancelled."""
    stage = published(database, {shift(4): "a", shift(5): "b"})
    with _feed(app, database) as (client, path):
        _events(client, path)
        stage.put_in_force(as_role("planner"), stage.draft({shift(5): "a"}))
        found = {name: _state(event) for name, event in _events(client, path).items()}
    assert found == {shift(4): ("CANCELLED", 1), shift(5): ("CONFIRMED", 0)}


def test_what_came_back_between_two_looks_did_not_change(app: FastAPI, database: Database) -> None:
    """The same bytes, so that the client is told that it has them already."""
    stage = published(database, {shift(4): "a"})
    with _feed(app, database) as (client, path):
        first = client.get(path)
        for gp_id in ("b", "a"):
            stage.swap(shift(4), gp_id)
        again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        stage.swap(shift(4), "b")
        changed = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (changed.status_code, changed.headers["ETag"] != first.headers["ETag"]) == (200, True)


def test_cancelled_duties_go_after_a_while(app: FastAPI, database: Database) -> None:
    """And nothing is kept of them."""
    stage = published(database, {shift(4): "a", shift(5): "a"})
    with _feed(app, database) as (client, path):
        _events(client, path)
        stage.swap(shift(4), "b")
        assert list(_events(client, path)) == [shift(4), shift(5)]
        with time_machine.travel(now() + CANCELLED_STAYS + timedelta(minutes=1), tick=True):
            assert list(_events(client, path)) == [shift(5)]
    with database.reading() as session:
        assert session.scalars(select(FeedItem.shift_id)).all() == [shift(5)]


def test_a_new_address_ends_the_old_one_and_changes_count_on(app: FastAPI, database: Database) -> None:
    """As the same calendar client may be given the new one."""
    stage = published(database, {shift(4): "a"})
    with _feed(app, database) as (client, old):
        _events(client, old)
        new = client.post(FEED).json()["url"].removeprefix("http://127.0.0.1:8000")
        stage.swap(shift(4), "b")
        assert client.get(old).status_code == 404
        assert _state(_events(client, new)[shift(4)]) == ("CANCELLED", 1)
        assert "url" not in client.get(FEED).json()


def test_a_revoked_feed_is_as_one_that_never_was(app: FastAPI, database: Database) -> None:
    """The answers do not tell the difference; revoking twice does no harm."""
    published(database, {shift(4): "a"})
    with _feed(app, database) as (client, path):
        for _ in range(2):
            assert client.delete(FEED).status_code == 204
        gone, never = client.get(path), client.get("/api/v1/feeds/never-was.ics")
        assert (gone.status_code, client.get(FEED).status_code) == (404, 404)
        same = [{**one.json(), "instance": ""} for one in (gone, never)]
        assert same[0] == same[1]


@pytest.mark.parametrize("how", ["account closed", "no longer that GP"])
def test_who_left_has_no_feed(app: FastAPI, database: Database, how: str) -> None:
    """Whatever is left of it in the database."""
    published(database, {shift(4): "a"})
    with _feed(app, database) as (client, path):
        with database.writing() as session:
            if how == "account closed":
                session.scalars(select(User).where(User.username == "user-a")).one().disabled_at = now()
            else:
                session.execute(delete(Membership).where(Membership.role == "gp"))
        assert client.get(path).status_code == 404


def test_who_became_another_gp_starts_anew(app: FastAPI, database: Database) -> None:
    """The old address is closed, and the new one tells nothing of the GP that one was."""
    published(database, {shift(4): "a", shift(5): "b"})
    with _feed(app, database) as (client, old):
        _events(client, old)
        with database.writing() as session:
            number = session.scalars(select(Gp.number).where(Gp.gp_id == "b")).one()
            session.execute(update(Membership).where(Membership.role == "gp").values(gp_number=number))
        assert client.get(old).status_code == 404
        new = client.post(FEED).json()["url"].removeprefix("http://127.0.0.1:8000")
        assert {name: _state(one) for name, one in _events(client, new).items()} == {shift(5): ("CONFIRMED", 0)}


def test_a_gp_of_two_hdss_has_a_calendar_at_each(app: FastAPI, database: Database) -> None:
    """Each shows the duties of its own HDS only."""
    published(database, {shift(4): "a"})
    with _feed(app, database) as (client, path):
        add_user(database, "user-a", "elders", "gp", gp_id="a")
        assert list(_events(client, path)) == [shift(4)]
        with database.reading() as session:
            assert [one.hds_id for one in session.scalars(select(Feed))] == ["test"]


def test_the_secret_stands_nowhere(app: FastAPI, database: Database, caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the database nor in the log."""
    published(database, {shift(4): "a"})
    with _feed(app, database) as (client, path):
        client.get(path)
        secret = path.removesuffix(".ics").rsplit("/", 1)[1]
        with database.reading() as session:
            assert secret.encode() not in session.scalars(select(Feed.secret_hash)).one()
    assert secret not in caplog.text


def test_many_looks_at_once_agree(app: FastAPI, database: Database) -> None:
    """Two clients that fetch a change at the same moment see the same calendar, and it counts once."""
    stage = published(database, {shift(day): "a" for day in (4, 11, 18)})
    with _feed(app, database) as (client, path):
        _events(client, path)
        stage.swap(shift(4), "b")
        found: list[bytes] = []
        looks = [threading.Thread(target=lambda: found.append(client.get(path).content)) for _ in range(6)]
        for one in looks:
            one.start()
        for one in looks:
            one.join()
        # a look that came before the first one wrote may bear another second; the count is the same
        assert {len(Calendar.from_ical(one).walk("VEVENT")) for one in found} == {3}
        assert _state(_events(client, path)[shift(4)]) == ("CANCELLED", 1)


def test_lines_are_as_the_standard_asks(app: FastAPI, database: Database) -> None:
    """CRLF after each, none over 75 bytes, and a client is asked to look again (RFC 5545 3.1, RFC 7986 5.7)."""
    published(database, {shift(4): "a"})
    with _feed(app, database) as (client, path):
        content = client.get(path).content
    assert content.endswith(b"END:VCALENDAR\r\n")
    lines = content.split(b"\r\n")
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(map(len, lines)) <= 75
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in lines
    assert b"X-PUBLISHED-TTL:PT1H" in lines
    assert b"BEGIN:VTIMEZONE" in lines
    assert b"DTSTART;TZID=Europe/Amsterdam:20270104T170000" in lines


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2027-10-31T00:30:00+00:00", "2027-10-31T01:30:00+00:00"),
        ("2027-10-30T21:00:00+00:00", "2027-10-31T07:00:00+00:00"),
        ("2027-03-27T22:00:00+00:00", "2027-03-28T06:00:00+00:00"),
        ("2027-07-01T15:00:00+00:00", "2027-07-01T21:00:00+00:00"),
    ],
)
def test_times_are_right_when_the_clock_changes(start: str, end: str) -> None:
    """Also in the hour that comes twice, by the rules of the time zone that stand in the calendar."""
    shown = {"start": start, "end": end, "role": "standby", "burden": "standby", "place": "P", "as_trainee": False}
    item = Item("x,y;z", shown, 3, False, datetime(2027, 1, 1, tzinfo=UTC))
    [event] = Calendar.from_ical(feeds._bytes([item], "test", "a", "HDS")).walk("VEVENT")
    assert event.decoded("dtstart").astimezone(UTC) == datetime.fromisoformat(start)
    assert event.decoded("dtend").astimezone(UTC) == datetime.fromisoformat(end)
    assert (str(event["uid"]), str(event["summary"])) == ("x,y;z/a@test.anw-rooster", "Achterwacht")


SHOWN = st.fixed_dictionaries(
    {"end": st.sampled_from(["2027-01-04T22:00:00+00:00", "2025-01-04T22:00:00+00:00"]), "place": st.sampled_from("PQ")}
)
LOOKS = st.lists(st.dictionaries(st.sampled_from("xyz"), SHOWN), max_size=8)


@given(LOOKS)
def test_a_sequence_only_goes_up_and_nothing_goes_unsaid(looks: list[dict[str, dict[str, Any]]]) -> None:
    """Over any series of looks: what is in force is confirmed as it is, what is shown differently counts on."""
    known: dict[str, Item] = {}
    moment = datetime(2026, 12, 1, tzinfo=UTC)
    for duties in looks:
        moment += timedelta(days=20)
        shown, changed, gone = compared(known, duties, moment)
        after = {one.shift_id: one for one in shown}
        assert len(after) == len(shown)
        assert {name: one.shown for name, one in after.items() if not one.cancelled} == duties
        for name, one in after.items():
            was = known.get(name)
            if was is not None and (was.shown, was.cancelled) != (one.shown, one.cancelled):
                assert one.sequence == was.sequence + 1
            elif was is not None:
                assert one == was
        for name in gone:
            was = known[name]
            is_old = datetime.fromisoformat(was.shown["end"]) <= moment - BACK
            assert is_old or (was.cancelled and was.changed_at <= moment - CANCELLED_STAYS)
        assert set(known) - set(after) == set(gone)
        assert {one.shift_id for one in changed} <= set(after)
        known = after
