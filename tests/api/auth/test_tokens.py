"""Bearer tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import delete, select

from api.clock import now
from api.db.engine import Database
from api.db.tables.audit import AuditEntry
from api.db.tables.people import ApiToken, Membership, User
from api.settings import Settings
from tests.api.auth.people import ME, add_account, browser, logged_in
from tests.api.conftest import token_for

TOKENS = "/api/v1/hds/test/tokens"


def _make(client: TestClient, *scopes: str, **more: Any) -> Any:
    return client.post(TOKENS, json={"name": "export", "scopes": scopes, **more})


def _with(app: FastAPI, secret: str) -> TestClient:
    client = browser(app)
    client.headers["Authorization"] = f"Bearer {secret}"
    return client


def test_a_token_speaks_for_its_user(app: FastAPI, database: Database) -> None:
    """Its secret is shown once, and lets in with the roles asked for and no others."""
    add_account(database, "ria", "planner", "administrator")
    client = logged_in(app, "ria")
    made = _make(client, "planner")
    assert made.status_code == 201
    secret = made.json()["secret"]
    assert secret.startswith("anw_")
    me = _with(app, secret).get(ME).json()
    assert (me["by"], me["csrf_token"], me["memberships"][0]["roles"]) == ("token", None, ["planner"])
    listed = client.get(TOKENS)
    assert secret not in listed.text and "secret" not in listed.json()["items"][0]


def test_a_token_is_for_one_hds(app: FastAPI, database: Database) -> None:
    """Where its user is something else, the token is a stranger."""
    add_account(database, "ria", "planner")
    add_account(database, "ria", "planner", hds_id="elders")
    secret = _make(logged_in(app, "ria"), "planner").json()["secret"]
    client = _with(app, secret)
    assert client.get("/api/v1/hds/elders/tokens").status_code == 404
    assert [one["hds_id"] for one in client.get(ME).json()["memberships"]] == ["test"]


def test_a_token_has_no_more_than_its_user(app: FastAPI, database: Database) -> None:
    """A role that the user lacks here is refused."""
    add_account(database, "ria", "planner")
    answer = _make(logged_in(app, "ria"), "planner", "administrator")
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_a_token_makes_no_token_that_may_more_or_lives_longer(app: FastAPI, database: Database) -> None:
    """Who finds a token can't turn it into a better one."""
    add_account(database, "ria", "planner", "administrator")
    parent = _make(logged_in(app, "ria"), "planner", days=2).json()
    client = _with(app, parent["secret"])
    assert _make(client, "administrator").status_code == 403
    child = _make(client, "planner", days=90).json()
    assert child["expires_at"] <= parent["expires_at"]


def test_a_token_for_reading_changes_nothing(app: FastAPI, database: Database) -> None:
    """It reads, and is refused any change."""
    add_account(database, "ria", "planner")
    client = _with(app, _make(logged_in(app, "ria"), "planner", read_only=True).json()["secret"])
    assert client.get(TOKENS).status_code == 200
    assert _make(client, "planner").status_code == 403


def test_a_token_ends_at_its_time(app: FastAPI, database: Database) -> None:
    """To the second."""
    add_account(database, "ria", "planner")
    with time_machine.travel(now(), tick=False) as clock:
        client = _with(app, _make(logged_in(app, "ria"), "planner", days=1).json()["secret"])
        clock.shift(timedelta(days=1, seconds=-1))
        assert client.get(ME).status_code == 200
        clock.shift(timedelta(seconds=1))
        assert client.get(ME).status_code == 401


def test_days_are_limited(app: FastAPI, settings: Settings, database: Database) -> None:
    """To what the installation allows, which is also what one gets without asking."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    assert _make(client, "planner", days=settings.token_days + 1).status_code == 422
    assert _make(client, "planner", days=settings.token_days).status_code == 201
    with time_machine.travel(now(), tick=False):
        client = logged_in(app, "ria")
        _make(client, "planner")
        with database.reading() as session:
            newest = session.scalars(select(ApiToken).order_by(ApiToken.id.desc())).first()
        assert newest is not None and newest.expires_at == now() + timedelta(days=settings.token_days)


def test_a_revoked_token_opens_nothing(app: FastAPI, database: Database) -> None:
    """At once; revoking again changes nothing."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    made = _make(client, "planner").json()
    assert client.delete(f"{TOKENS}/{made['id']}").status_code == 204
    assert _with(app, made["secret"]).get(ME).status_code == 401
    assert client.delete(f"{TOKENS}/{made['id']}").status_code == 204
    assert client.get(TOKENS).json()["items"] == []
    assert client.get(TOKENS, params={"ended": True}).json()["items"][0]["revoked_at"] is not None


def test_tokens_of_a_disabled_user_open_nothing(app: FastAPI, database: Database) -> None:
    """At once."""
    user_id = add_account(database, "ria", "planner")
    client = _with(app, _make(logged_in(app, "ria"), "planner").json()["secret"])
    with database.writing() as session:
        session.get_one(User, user_id).disabled_at = now()
    assert client.get(ME).status_code == 401


def test_a_role_that_is_taken_away_is_gone_at_once(app: FastAPI, database: Database) -> None:
    """In tokens that were made with it too."""
    user_id = add_account(database, "ria", "planner")
    client = _with(app, _make(logged_in(app, "ria"), "planner").json()["secret"])
    with database.writing() as session:
        session.execute(delete(Membership).where(Membership.user_id == user_id))
    assert client.get(TOKENS).status_code == 404


def test_others_see_and_revoke_only_their_own(app: FastAPI, database: Database) -> None:
    """An administrator sees all of the HDS and may revoke any."""
    add_account(database, "ria", "planner")
    add_account(database, "bas", "planner")
    add_account(database, "els", "administrator")
    made = _make(logged_in(app, "ria"), "planner").json()
    other, administrator = logged_in(app, "bas"), logged_in(app, "els")
    assert other.get(TOKENS).json()["items"] == []
    assert other.get(TOKENS, params={"everyone": True}).status_code == 403
    assert other.delete(f"{TOKENS}/{made['id']}").status_code == 404
    assert [one["username"] for one in administrator.get(TOKENS, params={"everyone": True}).json()["items"]] == ["ria"]
    assert administrator.delete(f"{TOKENS}/{made['id']}").status_code == 204


def test_an_administrator_of_another_hds_does_not_reach_a_token(app: FastAPI, database: Database) -> None:
    """It does not exist there."""
    add_account(database, "ria", "planner")
    add_account(database, "els", "administrator", hds_id="elders")
    made = _make(logged_in(app, "ria"), "planner").json()
    answer = logged_in(app, "els").delete(f"/api/v1/hds/elders/tokens/{made['id']}")
    assert answer.status_code == 404


def test_use_is_noted_once_a_minute(app: FastAPI, database: Database) -> None:
    """The first use at once, the next after a minute."""
    user_id = add_account(database, "ria", "planner")

    def used_at() -> object:
        with database.reading() as session:
            return session.scalars(select(ApiToken.used_at)).one()

    with time_machine.travel(now(), tick=False) as clock:
        client = _with(app, token_for(database, user_id, "test", "planner"))
        first = now()
        client.get(ME)
        assert used_at() == first
        clock.shift(timedelta(seconds=59))
        client.get(ME)
        assert used_at() == first
        clock.shift(timedelta(seconds=2))
        client.get(ME)
        assert used_at() == now()


def test_pages_show_every_token_once(as_role: Callable[..., TestClient]) -> None:
    """The newest first."""
    client = as_role("planner")
    ids = [_make(client, "planner").json()["id"] for _ in range(4)]
    first = client.get(TOKENS, params={"limit": 3}).json()
    second = client.get(TOKENS, params={"limit": 3, "cursor": first["next"]}).json()
    seen = [one["id"] for one in first["items"] + second["items"]]
    assert seen[:4] == ids[::-1]
    assert second["next"] is None


def test_making_and_revoking_is_on_record(app: FastAPI, database: Database) -> None:
    """On the chain of the HDS, without secret or hash."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    made = _make(client, "planner").json()
    client.delete(f"{TOKENS}/{made['id']}")
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.chain == "test").order_by(AuditEntry.seq)).all()
    assert [(one.action, one.subject) for one in entries] == [
        ("token.made", f"token/{made['id']}"),
        ("token.revoked", f"token/{made['id']}"),
    ]
