"""A process that lives says so; one that can't work says that, and why."""

from __future__ import annotations

import urllib.request

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import generate_latest

from api.app import create_app
from api.clock import now
from api.db.base import Base
from api.db.engine import Database
from api.db.migrate import upgrade
from api.db.tables.messages import Delivery, Webhook
from api.db.tables.outbox import OutboxEvent
from api.ops.metrics import serve_metrics
from api.settings import Settings
from tests.api.conftest import add_hds


def test_a_migrated_database_is_ready(settings: Settings, database_url: str) -> None:
    """Ready once the tables of this version are there, and not before."""
    found = Database(database_url)
    with TestClient(create_app(settings)) as client:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["code"]) == (503, "database_unavailable")
        assert "anw migrate" in answer.json()["detail"]
        upgrade(found)
        assert client.get("/readyz").json()["status"] == "ok"
    found.close()


def test_without_database_the_process_lives_but_is_not_ready() -> None:
    """Nobody listens at the port: alive, not ready, and told when to ask again."""
    settings = Settings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none", development=True)
    with TestClient(create_app(settings), raise_server_exceptions=False) as client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
        assert answer.json()["detail"] == "De database antwoordt niet."


@pytest.fixture
def app(settings: Settings, database: Database) -> FastAPI:
    """An application of its own: what others counted would be counted too."""
    return create_app(settings)


def measures(app: FastAPI) -> str:
    """What Prometheus reads."""
    return generate_latest(app.state.metrics.registry).decode()


def test_measures_count_routes_not_paths(app: FastAPI, client: TestClient) -> None:
    """A thousand ids are one series; an unknown path or method is none of its own."""
    for number in range(3):
        client.get(f"/api/v1/hds/h{number}/audit")
        client.get(f"/unknown/{number}")
        client.request(f"X{number}", "/healthz")
    shown = measures(app)
    counted = 'http_request_duration_seconds_count{method="GET",route="/api/v1/hds/{hds_id}/audit",status="4xx"} 3.0'
    assert counted in shown
    assert 'http_request_duration_seconds_count{method="GET",route="none",status="4xx"} 3.0' in shown
    assert 'method="OTHER"' in shown
    assert "h1/audit" not in shown
    assert "unknown/1" not in shown
    assert 'anw_runs{state="queued"} 0.0' in shown
    assert 'anw_deliveries{state="failed"} 0.0' in shown
    assert "process_resident_memory_bytes" in shown


def test_measures_tell_what_has_not_arrived(app: FastAPI, client: TestClient, database: Database) -> None:
    """E-mails and calls that wait, by state."""
    add_hds(database)
    with database.writing() as session:
        event = OutboxEvent(hds_id="test", kind="ping", about={}, gp_numbers=[], created_at=now(), spread_at=now())
        hook = Webhook(hds_id="test", url="https://x.example", kinds=[], salt="", created_at=now(), changed_at=now())
        session.add_all([event, hook])
        session.flush()
        row = {"event_id": event.id, "hds_id": "test", "channel": "webhook", "webhook_id": hook.id}
        session.add(Delivery(next_at=now(), created_at=now(), **row))
    assert 'anw_deliveries{state="waiting"} 1.0' in measures(app)


def test_measures_go_on_without_tables(app: FastAPI, client: TestClient, database: Database) -> None:
    """Without the table of runs their gauge is absent, and the rest is there."""
    Base.metadata.drop_all(database.engine)
    shown = measures(app)
    assert "anw_runs" not in shown
    assert "anw_deliveries" not in shown
    assert "http_requests_in_progress" in shown


def test_measures_are_served_at_an_address_of_their_own(app: FastAPI, client: TestClient) -> None:
    """Who reaches the service does not reach them."""
    assert client.get("/metrics").status_code == 404
    with (
        serve_metrics(app.state.metrics.registry, "127.0.0.1:0") as port,
        urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer,
    ):
        found = answer.read().decode()
    assert "anw_background_failures" in found
    assert "http_requests_in_progress" in found
