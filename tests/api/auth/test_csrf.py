"""Changes in a session come from the own pages."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.db.engine import Database
from tests.api.auth.people import ME, add_account, browser, logged_in
from tests.api.conftest import token_for

LOGOUT = "/api/v1/auth/logout"


def _refused(client: TestClient, **headers: str | bytes) -> bool:
    sent = {name.encode(): value.encode() if isinstance(value, str) else value for name, value in headers.items()}
    answer = client.post(LOGOUT, headers=sent)
    return answer.status_code == 403 and answer.json()["code"] == "csrf_refused"


def test_a_change_without_the_token_of_the_session_is_refused(app: FastAPI, database: Database) -> None:
    """Neither without it, nor with that of another session; reading needs none."""
    add_account(database, "ria", "planner")
    client, other = logged_in(app, "ria"), logged_in(app, "ria")
    del client.headers["X-CSRF-Token"]
    assert _refused(client)
    assert _refused(client, **{"X-CSRF-Token": other.headers["X-CSRF-Token"]})
    assert _refused(client, **{"X-CSRF-Token": b"\xe9"})
    assert client.get(ME).status_code == 200


def test_a_change_from_a_page_of_another_site_is_refused(app: FastAPI, database: Database) -> None:
    """Even with the right token; the own pages are let through."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    for origin in ("https://elders.example", "null", "http://testserver.elders.example"):
        assert _refused(client, Origin=origin)
    assert client.post(LOGOUT, headers={"Origin": "http://testserver"}).status_code == 204


def test_a_login_from_a_page_of_another_site_is_refused(app: FastAPI, database: Database) -> None:
    """Nobody is logged in unawares as somebody else."""
    add_account(database, "ria", "planner")
    answer = browser(app).post(
        "/api/v1/auth/login", json={"username": "ria", "password": "x"}, headers={"Origin": "https://elders.example"}
    )
    assert answer.json()["code"] == "csrf_refused"


def test_a_bearer_token_needs_no_csrf_token(app: FastAPI, database: Database) -> None:
    """Browsers never send one by themselves; logging out is just not what tokens do."""
    user_id = add_account(database, "ria", "planner")
    secret = token_for(database, user_id, "test", "planner")
    answer = browser(app).post(LOGOUT, headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status_code, answer.json()["code"]) == (409, "wrong_state")


def test_a_wrong_token_is_not_made_good_by_a_cookie(app: FastAPI, database: Database) -> None:
    """Who sends a token speaks by that token."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    assert client.get(ME, headers={"Authorization": "Bearer anw_fout"}).status_code == 401
    assert client.get(ME, headers={"Authorization": "Basic cmlhOng="}).status_code == 401
