"""The HDSs of a caller, and what an HDS chooses."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select

from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from tests.api.auth.people import add_account, logged_in

HDS = "/api/v1/hds/test"


def test_a_caller_sees_the_own_hdss_only(app: FastAPI, database: Database, as_role: Callable[..., TestClient]) -> None:
    """With the roles there."""
    as_role("planner", hds_id="vreemd")
    add_account(database, "ria", "planner", "finance")
    add_account(database, "ria", "insurer", hds_id="elders")
    assert logged_in(app, "ria").get("/api/v1/hds").json() == [
        {"id": "elders", "name": "HDS elders", "roles": ["insurer"], "gp_id": None},
        {"id": "test", "name": "HDS test", "roles": ["finance", "planner"], "gp_id": None},
    ]


def test_an_hds_is_renamed_by_who_saw_it_last(as_role: Callable[..., TestClient], database: Database) -> None:
    """A second change on the same ETag is refused, and the first is on record."""
    client = as_role("administrator")
    seen = client.get(HDS).headers["ETag"]
    changed = client.patch(HDS, json={"name": "HDS Noord"}, headers={"If-Match": seen})
    assert (changed.status_code, changed.json()["name"]) == (200, "HDS Noord")
    assert changed.headers["ETag"] != seen
    assert client.patch(HDS, json={"name": "HDS Zuid"}, headers={"If-Match": seen}).status_code == 412
    assert client.patch(HDS, json={"name": "HDS Zuid"}).status_code == 428
    with database.reading() as session:
        assert session.scalars(select(AuditEntry.action)).all() == ["hds.changed"]


def test_an_unknown_subject_is_refused(as_role: Callable[..., TestClient]) -> None:
    """With every mistake, and nothing changed."""
    client = as_role("administrator")
    body = {"name": "HDS Noord", "settings": {"weer": {"zon": True}, "lot": {}}}
    answer = client.patch(HDS, json=body, headers={"If-Match": "*"})
    assert (answer.status_code, len(answer.json()["errors"])) == (422, 2)
    assert client.get(HDS).json()["name"] == "HDS test"


def test_what_is_chosen_about_a_subject_stays_until_it_is_changed(as_role: Callable[..., TestClient]) -> None:
    """Members that are left out keep what they had, or their default."""
    client = as_role("administrator")
    before = client.get(HDS).json()["settings"]["swaps"]
    for chosen in ({"last_hours": 24}, {"approval": True}):
        answer = client.patch(HDS, json={"settings": {"swaps": chosen}}, headers={"If-Match": "*"})
        assert answer.status_code == 200
    assert client.get(HDS).json()["settings"]["swaps"] == before | {"last_hours": 24, "approval": True}


def test_every_mistake_in_what_is_chosen_is_told_at_once(as_role: Callable[..., TestClient]) -> None:
    """An unknown member and a value that cannot be, and nothing changes."""
    client = as_role("administrator")
    before = client.get(HDS).json()
    body = {"settings": {"swaps": {"last_hours": -1, "weer": 1}}}
    answer = client.patch(HDS, json=body, headers={"If-Match": "*"})
    assert {tuple(one["place"]) for one in answer.json()["errors"]} == {
        ("body", "settings", "swaps", "last_hours"),
        ("body", "settings", "swaps", "weer"),
    }
    assert client.get(HDS).json() == before
