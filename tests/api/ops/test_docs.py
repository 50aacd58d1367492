"""The page of the API opens in a browser from our own files alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn

from api.app import create_app
from api.db.engine import Database
from api.db.migrate import upgrade
from api.settings import Settings
from api.users.service import create_user
from tests.browser import Watched, chromium, open_context

PATIENCE = 120_000
"""Milliseconds, on a machine that does much else."""
PASSWORD = "acht nette zwanen"
VENDORED = Path(__file__).resolve().parents[3] / "api" / "web" / "static" / "swagger-ui"


@pytest.fixture
def served(sqlite_url: str) -> Iterator[str]:
    """The address of a running service."""
    database = Database(sqlite_url)
    upgrade(database)
    with database.writing() as session:
        create_user(session, "planner", password=PASSWORD)
    database.close()
    app = create_app(Settings(database_url=sqlite_url, development=True, secure_cookies=False))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    started = threading.Event()
    app.state.on_ready.append(started.set)
    thread = threading.Thread(target=server.run)
    thread.start()
    assert started.wait(20)
    while not server.started:
        thread.join(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def test_the_page_lists_the_calls_and_asks_no_other_host(served: str) -> None:
    """It knows every call of the document and opens one; each request went to the service itself, none was refused."""
    with chromium() as browser:
        watched = Watched(open_context(browser).new_page())
        paths = watched.page.request.get(f"{served}/api/v1/openapi.json").json()["paths"]
        watched.page.goto(f"{served}/api/v1/docs")
        watched.page.wait_for_selector(".opblock", timeout=PATIENCE)
        # the page draws only what is in sight, so that what is drawn can't be counted
        assert watched.page.evaluate("ui.specSelectors.operations().size") == sum(map(len, paths.values())) > 50
        watched.page.locator(".opblock button.opblock-summary-control").first.click()
        watched.page.wait_for_selector(".opblock.is-open .responses-inner", timeout=PATIENCE)
    hosts = {urlsplit(url).netloc for url in watched.requests if not url.startswith("data:")}
    assert hosts == {urlsplit(served).netloc}
    assert watched.mistakes == []


def test_changes_may_be_tried_by_who_is_logged_in(served: str) -> None:
    """The page adds the token of the session to a change, to nothing else, and not beside a bearer token."""
    with chromium() as browser:
        page = open_context(browser).new_page()
        login = page.request.post(f"{served}/api/v1/auth/login", data={"username": "planner", "password": PASSWORD})
        assert login.ok, login.text()
        page.goto(f"{served}/api/v1/docs")
        page.wait_for_selector(".opblock", timeout=PATIENCE)
        sent = page.evaluate(
            """Promise.all([["PUT", {}], ["GET", {}], ["PUT", {Authorization: "Bearer x"}]].map(
                ([method, headers]) => ui.getConfigs().requestInterceptor({ method, headers })))"""
        )
        mine = page.request.get(f"{served}/api/v1/auth/me").json()["csrf_token"]
    assert [one["headers"].get("X-CSRF-Token") for one in sent] == [mine, None, None]


def test_the_vendored_files_come_with_licence_and_version() -> None:
    """Who looks finds where they are from and under what terms."""
    assert "Apache License" in (VENDORED / "LICENSE").read_text()
    assert "swagger-ui-dist 5." in (VENDORED / "VERSION").read_text()
