"""A guest, who has no account where the shift is, hears at home what becomes of it."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient
from icalendar import Calendar

from api.clock import now
from api.db.engine import Database
from api.messages.upkeep import spread_events
from api.settings import Settings
from tests.api.lending.test_lending import neighbours, opened, take
from tests.api.neighbours.two_hdss import EAST, WEST, put_in_force, shift, url


def _told(client: TestClient, database: Database, settings: Settings) -> list[str]:
    """The subjects of the notices at east, the oldest first."""
    while spread_events(database, settings, now()):
        """What is told of what was told."""
    return [one["subject"] for one in reversed(client.get(url(EAST, "messages/mine")).json()["items"])]


def test_a_guest_is_told_what_becomes_of_a_shift(app: FastAPI, database: Database, settings: Settings) -> None:
    """Of the taking once; then that the shift goes, by hand and by a later publication. The lenders hear the same."""
    two = neighbours(app, database, {}, {})
    first, second = opened(two, shift(14), shift(20))
    x, planner = two.client(EAST, "gp", "x"), two.client(EAST, "planner")
    guest = take(x, first).json()["guest_id"]
    assert take(x, second).status_code == 200
    taken = _told(x, database, settings)
    assert len(taken) == 2
    ill = {"gp_id": guest, "shift_id": shift(14)}
    assert two.client(WEST, "planner").post(url(WEST, "sickness"), json=ill).status_code == 201
    ended = _told(x, database, settings)[2:]
    assert ended == ["Een dienst bij HDS west vervalt: do 14 januari 2027 om 17:00"]
    put_in_force(database, two.west, {shift(20): "c"})
    assert _told(x, database, settings)[3:] == ["Diensten bij HDS west zijn gewijzigd"]
    assert _told(planner, database, settings)[-4:] == [*taken, *ended, "Diensten bij HDS west zijn gewijzigd"]
    assert _told(two.client(EAST, "gp", "y"), database, settings) == []


def test_a_lent_shift_is_in_the_own_calendar(app: FastAPI, database: Database) -> None:
    """Beside what was the own shift with the same id, and cancelled when it goes to another."""
    two = neighbours(app, database, {}, {shift(14): "x"})
    x = two.client(EAST, "gp", "x")
    path = x.post(url(EAST, "feed")).json()["url"].removeprefix("http://127.0.0.1:8000")

    def seen() -> dict[str, tuple[str, str]]:
        events = Calendar.from_ical(x.get(path).content).walk("VEVENT")
        return {str(one["uid"]): (str(one["location"]), str(one["status"])) for one in events}

    own = f"{shift(14)}/x@east.anw-rooster"
    assert seen() == {own: ("Post P", "CONFIRMED")}
    put_in_force(database, two.east, {shift(14): "y"})
    guest = take(x, opened(two, shift(14))[0]).json()["guest_id"]
    there = f"{shift(14)}/{guest}@west.anw-rooster"
    assert seen() == {own: ("Post P", "CANCELLED"), there: ("Post P, HDS west", "CONFIRMED")}
    put_in_force(database, two.west, {shift(14): "c"})
    assert seen() == {own: ("Post P", "CANCELLED"), there: ("Post P, HDS west", "CANCELLED")}
