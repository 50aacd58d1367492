"""Clients that log in, for the tests of this room and others."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from api.db.tables.people import User
from api.users.service import set_password
from tests.api.conftest import add_user

PASSWORD = "kers-boom-vlam-ruit"
LOGIN = "/api/v1/auth/login"
ME = "/api/v1/auth/me"


def add_account(
    database: Database, username: str, *roles: str, hds_id: str = "test", gp_id: str | None = None, must: bool = False
) -> int:
    """A user with the usual password and these roles."""
    user_id = add_user(database, username, hds_id, *roles, gp_id=gp_id)
    with database.writing() as session:
        set_password(session, session.get_one(User, user_id), PASSWORD, must_change=must)
    return user_id


def browser(app: FastAPI, address: str = "192.0.2.1") -> TestClient:
    """A browser at an address that has not been here before."""
    return TestClient(app, client=(address, 50000), raise_server_exceptions=False)


def try_login(client: TestClient, username: str, password: str = PASSWORD) -> Any:
    """The answer to an attempt to log in."""
    return client.post(LOGIN, json={"username": username, "password": password})


def logged_in(app: FastAPI, username: str, password: str = PASSWORD) -> TestClient:
    """A browser with a session, which sends the CSRF token with everything."""
    client = browser(app)
    answer = try_login(client, username, password)
    assert answer.status_code == 200, answer.text
    client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    return client
