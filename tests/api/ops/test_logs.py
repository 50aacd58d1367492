"""The log tells what happened to whom by id, and nothing that a person typed or is called."""

from __future__ import annotations

import logging
import re

import pytest
import structlog
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.db.engine import Database
from api.ops.logs import FIELDS, log_error
from tests.api.conftest import add_user, token_for
from tests.api.ops.log import Log

IBAN = "NL91ABNA0417164300"
EMAIL = "jan.jansen@huisarts.example"
PERSONAL = re.compile("jansen|huisarts|NL91|geheim", re.IGNORECASE)


@pytest.fixture
def sick(app: FastAPI) -> FastAPI:
    """The service with routes that break in the ways in which errors quote data."""

    @app.get("/api/v1/broken/{name}")
    def broken(name: str) -> None:
        raise ValueError(f"{name} {EMAIL} {IBAN}") from KeyError(name)

    @app.get("/api/v1/wrong-sql/{name}")
    def wrong_sql(name: str) -> None:
        database: Database = app.state.database
        with database.writing() as session:
            session.execute(text("SELECT CAST(:name AS integer) + nothing FROM nowhere"), {"name": f"{name} {IBAN}"})

    return app


def test_a_login_leaves_no_name_in_the_log(client: TestClient, log: Log) -> None:
    """Neither name, e-mail address nor password of somebody who tries to log in."""
    client.post("/api/v1/login", json={"username": EMAIL, "password": "geheim"}, params={"next": EMAIL})
    assert log.of("request")
    assert not PERSONAL.search(log.text)


@pytest.mark.parametrize("path", ["broken", "wrong-sql"])
def test_an_error_is_told_by_kind_and_place_alone(sick: FastAPI, log: Log, path: str) -> None:
    """The answer is a bare 500, the log names types and lines of code, and nobody's data."""
    with TestClient(sick, raise_server_exceptions=False) as client:
        answer = client.get(f"/api/v1/{path}/jansen", params={"q": EMAIL})
    told = {"broken": ("internal", "unhandled_error"), "wrong-sql": (answer.json()["code"], "database_error")}
    assert (answer.status_code >= 500, answer.json()["code"]) == (True, told[path][0])
    assert len(log.of(told[path][1])) == 1
    assert not PERSONAL.search(answer.text.replace(f"/{path}/jansen", ""))
    assert log.of("request")[-1]["route"].endswith("{name}")
    assert not PERSONAL.search(log.text)


def test_an_unhandled_error_tells_where_it_was(sick: FastAPI, log: Log) -> None:
    """The type, what it came from, the place, and the id of the request that the caller was told."""
    with TestClient(sick, raise_server_exceptions=False) as client:
        answer = client.get("/api/v1/broken/jansen")
    (line,) = log.of("unhandled_error")
    assert line["error"] == ["builtins.ValueError", "builtins.KeyError"]
    assert line["where"][-1].endswith(" broken")
    assert line["request_id"] == answer.headers["X-Request-ID"]


def test_requests_are_logged_by_route_and_id(client: TestClient, database: Database, log: Log) -> None:
    """Template instead of path, user and HDS by id once they are proven, and how long it took."""
    user_id = add_user(database, "jansen", "test", "administrator")
    secret = token_for(database, user_id, "test", "administrator")
    client.get("/api/v1/hds/test/audit?subject=jansen", headers={"Authorization": f"Bearer {secret}"})
    client.get("/api/v1/hds/jansen/audit", headers={"Authorization": f"Bearer {secret}"})
    found, refused = log.of("request")
    assert (found["route"], found["status"], found["user_id"], found["hds_id"]) == (
        "/api/v1/hds/{hds_id}/audit", 200, user_id, "test"
    )  # fmt: skip
    assert found["ms"] > 0
    assert (refused["status"], refused["code"]) == (404, "not_found")
    assert "hds_id" not in refused
    assert not PERSONAL.search(log.text)


def test_only_listed_fields_and_names_of_events_pass(log: Log) -> None:
    """What anybody adds to a line is dropped, and a sentence as event is not written."""
    structlog.get_logger().info("run_started", run_id="r1", name="Jansen", email=EMAIL)
    structlog.get_logger().warning(f"run of {EMAIL} failed")
    started, unnamed = log.lines()
    assert set(started) == {"event", "level", "timestamp", "run_id"} <= FIELDS
    assert unnamed["event"] == "unnamed"
    assert not PERSONAL.search(log.text)


def test_libraries_are_quoted_without_values(log: Log) -> None:
    """The fixed text of a library passes, what it filled in does not, nor what an error says."""
    logger = logging.getLogger("some.library")
    logger.warning("cannot reach %s", EMAIL)
    logger.warning(f"cannot reach {EMAIL}")
    try:
        raise LookupError(EMAIL)
    except LookupError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
    template, filled_in, error = log.lines()
    assert template["said"] == "cannot reach %s"
    assert "said" not in filled_in
    assert error["error"] == ["builtins.LookupError"]
    assert not PERSONAL.search(log.text)


def test_an_error_without_traceback_is_logged_too(log: Log) -> None:
    """An error that was never raised has a type but no place."""
    log_error(ValueError(EMAIL), run_id="r1")
    (line,) = log.lines()
    assert (line["error"], line["where"], line["run_id"]) == (["builtins.ValueError"], [], "r1")
