"""The limit on logins."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI
from sqlalchemy import func, select

from api.app import create_app
from api.auth.rate import buckets, device_cookie
from api.clock import now
from api.db.engine import Database
from api.db.tables.people import LoginAttempt
from api.settings import Settings
from tests.api.auth.people import add_account, browser, logged_in, try_login


def test_the_attempt_after_the_last_allowed_is_refused(app: FastAPI, database: Database) -> None:
    """Also with the right password, and it tells how long to wait."""
    add_account(database, "ria", "planner")
    client = browser(app)
    assert [try_login(client, "ria", "fout").status_code for _ in range(5)] == [401] * 5
    answer = try_login(client, "ria")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert 1 <= int(answer.headers["Retry-After"]) <= 300


def test_processes_share_the_limit(app: FastAPI, settings: Settings, database: Database) -> None:
    """What one process counted, another knows; so does one that starts later."""
    add_account(database, "ria", "planner")
    for _ in range(5):
        try_login(browser(app), "ria", "fout")
    assert try_login(browser(create_app(settings)), "ria").status_code == 429


def test_attempts_at_once_do_not_slip_through(settings: Settings, app: FastAPI, database: Database) -> None:
    """Ten at the same moment: five are looked at."""
    add_account(database, "ria", "planner")
    clients = [browser(app) for _ in range(10)]
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(lambda client: try_login(client, "ria", "fout").status_code, clients))
    assert sorted(answers) == [401] * 5 + [429] * 5


def test_an_unknown_name_is_limited_alike(app: FastAPI) -> None:
    """The limit tells nothing of which names exist."""
    assert [try_login(browser(app), "niemand").status_code for _ in range(6)] == [401] * 5 + [429]


def test_a_success_starts_afresh(app: FastAPI, database: Database) -> None:
    """Typing errors before it are forgotten."""
    add_account(database, "ria", "planner")
    client = browser(app)
    for _ in range(3):
        assert [try_login(client, "ria", "fout").status_code for _ in range(4)] == [401] * 4
        assert try_login(client, "ria").status_code == 200
        client.cookies.clear()


def test_a_refused_attempt_does_not_lengthen_the_wait(app: FastAPI, settings: Settings, database: Database) -> None:
    """Whoever keeps trying can't keep the account shut."""
    add_account(database, "ria", "planner")
    client = browser(app)
    with time_machine.travel(now(), tick=False) as clock:
        for _ in range(5):
            try_login(client, "ria", "fout")
        for _ in range(5):
            clock.shift(timedelta(seconds=settings.login_window_seconds // 6))
            assert try_login(client, "ria", "fout").status_code == 429
        wait = int(try_login(client, "ria").headers["Retry-After"])
        clock.shift(timedelta(seconds=wait))
        assert try_login(client, "ria").status_code == 200


def test_guessing_from_elsewhere_does_not_keep_the_owner_out(app: FastAPI, database: Database) -> None:
    """A browser where this user has logged in counts for itself."""
    add_account(database, "ria", "planner")
    known = logged_in(app, "ria")
    known.cookies.delete("anw_session")
    for _ in range(6):
        try_login(browser(app, "198.51.100.7"), "ria", "fout")
    assert try_login(browser(app, "203.0.113.9"), "ria").status_code == 429
    assert try_login(known, "ria").status_code == 200


def test_a_known_browser_is_limited_too(app: FastAPI, database: Database) -> None:
    """And its cookie serves no other name."""
    add_account(database, "ria", "planner")
    add_account(database, "bas", "planner")
    known = logged_in(app, "ria")
    assert [try_login(known, "ria", "fout").status_code for _ in range(6)] == [401] * 5 + [429]
    for _ in range(5):
        try_login(browser(app), "bas", "fout")
    assert try_login(known, "bas").status_code == 429


def test_an_address_is_limited_over_all_names(settings: Settings, database: Database) -> None:
    """One password tried on many names from one place; other places go on."""
    app = create_app(settings.model_copy(update={"login_attempts_per_address": 3}))
    add_account(database, "ria", "planner")
    for number in range(3):
        assert try_login(browser(app), f"naam{number}").status_code == 401
    assert try_login(browser(app), "ria").status_code == 429
    assert try_login(browser(app, "198.51.100.7"), "ria").status_code == 200


def test_old_attempts_are_removed(app: FastAPI, settings: Settings, database: Database) -> None:
    """The table does not grow for ever."""
    with time_machine.travel(now(), tick=False) as clock:
        for number in range(4):
            try_login(browser(app), f"naam{number}")
        clock.shift(timedelta(seconds=settings.login_window_seconds))
        try_login(browser(app), "ander")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LoginAttempt)) == 1


def test_neither_name_nor_address_can_be_read_from_the_table(app: FastAPI, database: Database) -> None:
    """Without the secret of the installation nobody can even check a guess."""
    try_login(browser(app), "niemand")
    with database.reading() as session:
        row = session.scalars(select(LoginAttempt)).one()
    own = Settings(development=True, secret="x" * 32)  # type: ignore[arg-type]
    assert row.username_hash != buckets(own, "niemand", "192.0.2.1", None).name
    assert len(row.address_hash) == 64


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
    ],
)
def test_a_household_on_ipv6_is_one_address(one: str, other: str, same: bool) -> None:
    """Who may choose among 2^64 addresses gets no more attempts for it."""
    settings = Settings(development=True)
    found = buckets(settings, "ria", one, None).address == buckets(settings, "ria", other, None).address
    assert found is same


def test_a_made_up_device_cookie_counts_for_nothing() -> None:
    """Only what the server marked for this name has a bucket of its own."""
    settings = Settings(development=True)
    plain = buckets(settings, "ria", "192.0.2.1", None)
    cookie = device_cookie(settings, "ria")
    assert buckets(settings, "ria", "192.0.2.1", cookie) != plain
    for made_up in ("", ".", "x.y", cookie[:-1], cookie + "0", device_cookie(settings, "bas"), "é.é"):
        assert buckets(settings, "ria", "192.0.2.1", made_up) == plain
