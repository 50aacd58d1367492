"""Logging in and out with a local account."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import select

from api.app import create_app
from api.auth.principal import Role
from api.auth.secret_values import hash_of
from api.clock import now
from api.db.engine import Database
from api.db.tables.audit import AuditDetail, AuditEntry
from api.db.tables.people import LoginSession, User
from api.settings import Settings
from tests.api.auth.people import ME, PASSWORD, add_account, browser, logged_in, try_login
from tests.api.conftest import token_for

CHANGE = "/api/v1/auth/password"
LOGOUT = "/api/v1/auth/logout"


def test_who_has_not_logged_in_is_told_so(client: TestClient) -> None:
    """Without cookie or token there is nobody."""
    answer = client.get(ME)
    assert (answer.status_code, answer.json()["code"]) == (401, "not_logged_in")


def test_a_login_opens_a_session(app: FastAPI, database: Database) -> None:
    """The cookie is kept from scripts and other sites, and the caller sees the own memberships."""
    add_account(database, "ria", "planner", "gp", gp_id="a")
    client = browser(app)
    answer = try_login(client, "Ria ")
    assert answer.status_code == 200
    cookie = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("anw_session="))
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    me = client.get(ME).json()
    assert me["user"]["username"] == "ria"
    assert me["memberships"] == [{"hds_id": "test", "hds_name": "HDS test", "roles": ["gp", "planner"], "gp_id": "a"}]
    assert me["csrf_token"] == answer.json()["csrf_token"]
    assert PASSWORD not in answer.text


def test_secure_cookies_are_bound_to_their_host(settings: Settings, database: Database) -> None:
    """In production the name tells browsers to refuse what another host has set."""
    add_account(database, "ria", "planner")
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    client = TestClient(app, base_url="https://testserver")
    cookies = try_login(client, "ria").headers.get_list("set-cookie")
    assert all(one.startswith("__Host-anw_") and "Secure" in one and "Path=/" in one for one in cookies)
    assert client.get(ME).status_code == 200


def test_the_table_holds_only_the_hash_of_the_cookie(app: FastAPI, database: Database) -> None:
    """Who reads the database can't take over a session."""
    add_account(database, "ria", "planner")
    secret = logged_in(app, "ria").cookies["anw_session"]
    with database.reading() as session:
        assert session.scalars(select(LoginSession.secret_hash)).all() == [hash_of(secret)]


def test_a_wrong_password_an_unknown_name_and_a_closed_account_look_alike(app: FastAPI, database: Database) -> None:
    """Nobody learns which names exist."""
    add_account(database, "ria", "planner")
    closed = add_account(database, "weg", "planner")
    add_account(database, "aanbieder", "planner")
    with database.writing() as session:
        session.get_one(User, closed).disabled_at = now()
        session.scalars(select(User).where(User.username == "aanbieder")).one().password_hash = None
    answers = [
        try_login(browser(app), "ria", "fout"),
        try_login(browser(app), "niemand"),
        try_login(browser(app), "weg"),
        try_login(browser(app), "aanbieder"),
    ]
    assert {one.status_code for one in answers} == {401}
    assert len({one.text for one in answers}) == 1


def test_a_new_login_ends_the_session_before_it(app: FastAPI, database: Database) -> None:
    """The secret is another one, and the old one opens nothing."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    old = client.cookies["anw_session"]
    assert try_login(client, "ria").status_code == 200
    assert client.cookies["anw_session"] != old
    stale = browser(app)
    stale.cookies.set("anw_session", old)
    assert stale.get(ME).status_code == 401


def test_logging_out_ends_the_session(app: FastAPI, database: Database) -> None:
    """The cookie goes, and its secret opens nothing any more."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    old = client.cookies["anw_session"]
    assert client.post(LOGOUT).status_code == 204
    assert "anw_session" not in client.cookies
    client.cookies.set("anw_session", old)
    assert client.get(ME).status_code == 401


def test_a_session_ends_when_idle(app: FastAPI, settings: Settings, database: Database) -> None:
    """Use keeps it alive; an hour without does not."""
    add_account(database, "ria", "planner")
    idle = settings.session_idle_seconds
    with time_machine.travel(now(), tick=False) as clock:
        client = logged_in(app, "ria")
        for _ in range(3):
            clock.shift(timedelta(seconds=idle - 1))
            assert client.get(ME).status_code == 200
        clock.shift(timedelta(seconds=idle))
        assert client.get(ME).status_code == 401


def test_a_session_ends_at_its_age_however_busy(app: FastAPI, settings: Settings, database: Database) -> None:
    """Half a day after the login one logs in again."""
    add_account(database, "ria", "planner")
    with time_machine.travel(now(), tick=False) as clock:
        client = logged_in(app, "ria")
        steps = settings.session_seconds // 1800
        for step in range(steps):
            clock.shift(timedelta(seconds=1800))
            assert client.get(ME).status_code == (200 if step < steps - 1 else 401)


def test_use_is_noted_once_a_minute(app: FastAPI, database: Database) -> None:
    """Reading does not write at every request."""
    add_account(database, "ria", "planner")

    def seen_at() -> object:
        with database.reading() as session:
            return session.scalars(select(LoginSession.seen_at)).one()

    with time_machine.travel(now(), tick=False) as clock:
        client = logged_in(app, "ria")
        first = seen_at()
        clock.shift(timedelta(seconds=59))
        client.get(ME)
        assert seen_at() == first
        clock.shift(timedelta(seconds=2))
        client.get(ME)
        assert seen_at() == now()


def test_a_disabled_user_is_out_at_once(app: FastAPI, database: Database) -> None:
    """A session does not outlive its account."""
    user_id = add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    with database.writing() as session:
        session.get_one(User, user_id).disabled_at = now()
    assert client.get(ME).status_code == 401


def test_a_login_renews_a_hash_of_other_parameters(app: FastAPI, database: Database) -> None:
    """When the cost of hashing changes, accounts follow as they log in."""
    user_id = add_account(database, "ria", "planner")
    with database.writing() as session:
        session.get_one(User, user_id).password_hash = PasswordHash(
            (Argon2Hasher(time_cost=1, memory_cost=8192, parallelism=1),)
        ).hash(PASSWORD)
    logged_in(app, "ria")
    with database.reading() as session:
        stored = session.get_one(User, user_id).password_hash
    assert stored is not None and "m=19456,t=2,p=1" in stored
    logged_in(app, "ria")


def test_a_chosen_password_ends_the_other_sessions(app: FastAPI, database: Database) -> None:
    """The caller goes on under a fresh session; elsewhere one logs in again, with the new password."""
    add_account(database, "ria", "planner")
    here, elsewhere = logged_in(app, "ria"), logged_in(app, "ria")
    old = here.cookies["anw_session"]
    answer = here.post(CHANGE, json={"current": PASSWORD, "chosen": "vuur-steen-zee-9"})
    assert answer.status_code == 200
    assert here.cookies["anw_session"] != old
    assert here.get(ME).json()["csrf_token"] == answer.json()["csrf_token"]
    assert elsewhere.get(ME).status_code == 401
    assert try_login(browser(app), "ria").status_code == 401
    assert try_login(browser(app), "ria", "vuur-steen-zee-9").status_code == 200


def test_a_weak_password_is_refused_with_every_reason(app: FastAPI, database: Database) -> None:
    """Short, made of the name of the user or the HDS, and the one that was there."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    for chosen, count in (("riaria", 1), ("ria-2026-test!", 1), (PASSWORD, 1)):
        answer = client.post(CHANGE, json={"current": PASSWORD, "chosen": chosen})
        assert (answer.status_code, answer.json()["code"]) == (422, "password_weak")
        assert len(answer.json()["errors"]) == count, chosen


def test_another_password_ends_tokens_where_that_is_asked(app: FastAPI, database: Database) -> None:
    """Otherwise programs that have one go on."""
    ria = add_account(database, "ria", "planner")
    token = {"Authorization": f"Bearer {token_for(database, ria, 'test', Role.PLANNER)}"}
    client, chosen = logged_in(app, "ria"), PASSWORD
    for end, status in ((False, 200), (True, 401)):
        change = {"current": chosen, "chosen": f"vuur-steen-zee-{9 - end}", "end_tokens": end}
        answer = client.post(CHANGE, json=change)
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        assert browser(app).get(ME, headers=token).status_code == status
        chosen = change["chosen"]


def test_another_password_asks_for_the_present_one(app: FastAPI, database: Database) -> None:
    """Somebody at an open screen can't take the account over, nor guess on for ever."""
    add_account(database, "ria", "planner")
    client = logged_in(app, "ria")
    body = {"current": "fout", "chosen": "vuur-steen-zee-9"}
    codes = [client.post(CHANGE, json=body).json()["code"] for _ in range(6)]
    assert codes == ["wrong_credentials"] * 5 + ["too_many_attempts"]


def test_logins_are_on_record_without_names_or_secrets(app: FastAPI, database: Database) -> None:
    """Success and failure, and nothing that was typed."""
    user_id = add_account(database, "ria", "planner")
    try_login(browser(app), "ria", "geheim-fout")
    try_login(browser(app), "onbekend-iemand", "geheim-fout")
    logged_in(app, "ria").post(LOGOUT)
    with database.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.seq)).all()
        details = session.scalars(select(AuditDetail)).all()
    assert [(one.action, one.subject) for one in entries] == [
        ("login.failed", f"user/{user_id}"),
        ("login.failed", "user/?"),
        ("login.succeeded", f"user/{user_id}"),
        ("logout", f"user/{user_id}"),
    ]
    assert {one.chain for one in entries} == {"*"}
    assert all("geheim" not in str((one.before, one.after, one.reason)) for one in details)
