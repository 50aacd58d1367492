"""Traces reach the collector, with routes instead of what callers typed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fastapi.testclient import TestClient
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api.app import create_app
from api.settings import Settings


class Collector(BaseHTTPRequestHandler):
    """An OTLP collector that keeps what it is sent."""

    received: list[bytes]

    def do_POST(self) -> None:
        """Keep the body."""
        self.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """The address of a collector on this machine, and what it received."""
    kind = type("Kept", (Collector,), {"received": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1/traces", kind.received
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_request_becomes_a_trace(sqlite_url: str, collector: tuple[str, list[bytes]]) -> None:
    """The span has the route and the status and carries on the caller's trace; path and query are hidden."""
    endpoint, received = collector
    app = create_app(Settings(database_url=sqlite_url, development=True, otlp_endpoint=endpoint))
    parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    with TestClient(app) as client:
        client.get("/api/v1/hds/jansen/audit?gp_id=jansen", headers={"traceparent": parent})
    app.state.tracer_provider.force_flush()
    sent = [ExportTraceServiceRequest.FromString(body) for body in received]
    spans = [s for one in sent for r in one.resource_spans for scope in r.scope_spans for s in scope.spans]
    (server,) = [span for span in spans if span.kind == span.SPAN_KIND_SERVER]
    attributes = {one.key: one.value for one in server.attributes}
    assert server.name == "GET /api/v1/hds/{hds_id}/audit"
    assert server.trace_id.hex() == "0af7651916cd43dd8448eb211c80319c"
    assert attributes["http.response.status_code"].int_value == 401
    assert attributes["url.path"].string_value == attributes["url.query"].string_value == "-"
    assert b"jansen" not in b"".join(received)
    app.state.tracer_provider.shutdown()


def test_without_collector_nothing_is_traced(sqlite_url: str) -> None:
    """No endpoint, no provider."""
    app = create_app(Settings(database_url=sqlite_url, development=True))
    assert app.state.tracer_provider is None
