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
from tests.browser import Watched, chromium

VENDORED = Path(__file__).resolve().parents[3] / "api" / "web" / "static" / "swagger-ui"


@pytest.fixture
def served(sqlite_url: str) -> Iterator[str]:
    """The address of a running service."""
    database = Database(sqlite_url)
    upgrade(database)
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
    """Every call of the document is shown; each request went to the service itself, and none was refused."""
    with chromium() as browser:
        watched = Watched(browser.new_page())
        watched.page.goto(f"{served}/api/v1/docs")
        watched.page.wait_for_selector(".opblock")
        shown = watched.page.locator(".opblock").count()
        document = watched.page.request.get(f"{served}/api/v1/openapi.json").json()
    calls = sum(len([1 for verb in path if verb != "parameters"]) for path in document["paths"].values())
    assert shown == calls > 5
    assert {urlsplit(url).netloc for url in watched.requests if not url.startswith("data:")} == {
        urlsplit(served).netloc
    }
    assert watched.mistakes == []


def test_the_vendored_files_come_with_licence_and_version() -> None:
    """Who looks finds where they are from and under what terms."""
    assert "Apache License" in (VENDORED / "LICENSE").read_text()
    assert "swagger-ui-dist 5." in (VENDORED / "VERSION").read_text()
