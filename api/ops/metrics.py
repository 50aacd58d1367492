"""Measures for Prometheus: requests by route, the process itself, and the runs that wait.

`prometheus-client` is used as it is: an instrumentation that looks the route up a second time cost 2.8 ms a request
with a hundred routers, while the middleware knows the route already.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from prometheus_client import (
    CollectorRegistry,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute, Session

from api.db.engine import Database
from api.db.tables.messages import Delivery
from api.db.tables.runs import RosterRun
from api.ops.failures import FAILURES

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_WAITING = ("queued", "running")
_UNTOLD = ("waiting", "sending", "failed")


class Metrics:
    """The measures of one application; labels are templates of routes, so that ids never become series."""

    def __init__(self, database: Database) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self.registry.register(_Counted(database))
        self.registry.register(FAILURES)
        self._requests = Histogram(
            "http_request_duration_seconds", "Duration of requests.", ("method", "route", "status"),
            registry=self.registry, buckets=_SECONDS,
        )  # fmt: skip
        self._under_way = Gauge("http_requests_in_progress", "Requests under way.", registry=self.registry)

    def under_way(self) -> AbstractContextManager[None]:
        """Counts a request as under way while it lasts."""
        return self._under_way.track_inprogress()

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count a request that has been answered; status 0 is a caller that left before."""
        known = method if method in _METHODS else "OTHER"
        self._requests.labels(known, route, f"{status // 100}xx" if status else "none").observe(seconds)


class _Counted(Collector):
    """How many runs and deliveries wait, are worked on or failed, asked of the database when somebody looks."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def collect(self) -> Iterator[Metric]:
        """A gauge for each; without database none, while the other measures go on."""
        try:
            with self.database.reading() as session:
                runs = _counts(session, RosterRun.state, _WAITING)
                deliveries = _counts(session, Delivery.state, _UNTOLD)
        except SQLAlchemyError:
            return
        yield _gauge("anw_runs", "Roster runs by state.", runs)
        yield _gauge("anw_deliveries", "E-mails and calls of webhooks that did not arrive yet, by state.", deliveries)

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: the database may not be there yet."""
        return iter(())


def _counts(session: Session, column: InstrumentedAttribute[str], states: tuple[str, ...]) -> dict[str, int]:
    found = session.execute(select(column, func.count()).where(column.in_(states)).group_by(column))
    return dict.fromkeys(states, 0) | {state: count for state, count in found}


def _gauge(name: str, told: str, counts: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, told, labels=["state"])
    for state, count in counts.items():
        family.add_metric([state], count)
    return family


@contextmanager
def serve_metrics(registry: CollectorRegistry, address: str) -> Iterator[int]:
    """Answer Prometheus at `HOST:PORT` while it lasts, apart from the service; gives the port (for 0: a free one).

    What is served tells nothing of people, and much of the installation: choose an address that only machines reach.
    """
    host, _, port = address.rpartition(":")
    server, thread = start_http_server(int(port), addr=host.strip("[]"), registry=registry)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
