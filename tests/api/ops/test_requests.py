"""Every answer carries an id and headers that keep browsers safe."""

from __future__ import annotations

import re
import uuid

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings


def test_the_id_of_a_proxy_comes_back(client: TestClient) -> None:
    """An id given as UUID is kept; free text, which might hold anything, gets a fresh one."""
    given = str(uuid.uuid4())
    assert client.get("/healthz", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given
    for refused in ("jan jansen", "", "x" * 65, "a@b.example"):
        found = client.get("/healthz", headers={"X-Request-ID": refused}).headers["X-Request-ID"]
        assert re.fullmatch("[0-9a-f]{32}", found)


def test_an_address_with_a_slash_too_many_leads_nowhere(client: TestClient) -> None:
    """Least of all to the host that stands in the request, which anybody may have written there."""
    answer = client.get("/healthz/", headers={"Host": "elsewhere.example"}, follow_redirects=False)
    assert (answer.status_code, answer.headers.get("Location")) == (404, None)


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/api/v1/none", 404), ("/broken", 500)])
def test_every_answer_has_the_headers(app: FastAPI, path: str, status: int) -> None:
    """Also where nothing is found, and where something broke."""

    @app.get("/broken")
    def broken() -> None:
        raise ValueError

    answer = TestClient(app, raise_server_exceptions=False).get(path)
    assert answer.status_code == status
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "X-Request-ID" in answer.headers


def test_only_encrypted_services_ask_for_encryption(settings: Settings, client: TestClient) -> None:
    """Strict-Transport-Security comes with secure cookies; on plain localhost it would lock people out."""
    assert "Strict-Transport-Security" not in client.get("/healthz").headers
    secure = create_app(settings.model_copy(update={"secure_cookies": True}))
    assert "max-age" in TestClient(secure).get("/healthz").headers["Strict-Transport-Security"]


def test_a_route_may_say_more_itself(app: FastAPI) -> None:
    """Headers that a route sets are not overwritten."""
    from fastapi import Response

    @app.get("/own")
    def own() -> Response:
        return Response("x", headers={"Cache-Control": "no-store"})

    assert TestClient(app).get("/own").headers["Cache-Control"] == "no-store"
