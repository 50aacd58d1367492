"""The application: nothing happens at import, everything in `create_app`."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import anyio.to_thread
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from starlette.routing import BaseRoute

from api.auth.documented import describe_security
from api.auth.gate import install_gate
from api.data_folder import ServerLock
from api.db.engine import Database
from api.errors import ProblemDetails, install_handlers
from api.jobs.embedded import EmbeddedExecutor
from api.kept import ROSTERS
from api.limits import BodyLimit
from api.ops.install import install_ops
from api.ops.logs import set_up_logs
from api.ops.metrics import serve_metrics
from api.ops.traces import telemetry
from api.room import PREFIX
from api.rooms import ROUTERS
from api.settings import Settings
from api.upkeep import chores_of
from api.web.routes import install_pages
from scheduler.version import __version__

TURN_SECONDS = 0.00002
COLLECT_AFTER = 50_000, 20, 50


def create_app(settings: Settings) -> FastAPI:
    """The service with these settings; the database must have been migrated."""
    # requests hop between threads: at five milliseconds a turn, the usual, the event loop waits longer than it works
    sys.setswitchinterval(TURN_SECONDS)
    # now and then one request would wait a fifth of a second for all dossiers that are kept to be looked through
    gc.set_threshold(*COLLECT_AFTER)
    traced = telemetry(settings)
    app = FastAPI(
        title="anw-rooster",
        version=__version__,
        lifespan=_lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        # a redirect would lead to the host that the caller named
        redirect_slashes=False,
        telemetry=traced,
        responses={"default": {"model": ProblemDetails, "content": {"application/problem+json": {}}}},
    )
    app.state.settings = settings
    ROSTERS.most = settings.rosters_memory
    app.state.database = Database(
        settings.database_url,
        pool_size=settings.pool_size, most_at_once=settings.requests_at_once, most_write=settings.writers_at_once,
    )  # fmt: skip
    on_ready: list[Callable[[], None]] = []
    app.state.on_ready = on_ready
    app.add_middleware(BodyLimit, settings=settings)
    install_handlers(app)
    install_gate(app)
    rooms = [route for router in ROUTERS for route in router.routes]
    app.router.routes.extend(rooms)
    _document(app, rooms)
    install_pages(app)
    install_ops(app, settings, traced)
    return app


def _document(app: FastAPI, rooms: Sequence[BaseRoute]) -> None:
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        document = plain()
        describe_security(document, rooms)
        return document

    app.openapi = openapi  # type: ignore[method-assign]


def production_app() -> FastAPI:
    """The service with the settings of the environment: `uvicorn --factory api.app:production_app`."""
    settings = Settings()
    lock = take_server_lock(settings)
    set_up_logs(settings)
    app = create_app(settings)
    app.state.server_lock = lock
    return app


def take_server_lock(settings: Settings) -> ServerLock | None:
    """Be the only service on an SQLite file while the lock is held; raises AlreadyServed.

    What one process keeps in memory another would not see change. On PostgreSQL any number may serve.
    """
    path = make_url(settings.database_url).database
    if not settings.on_sqlite or not path:
        return None
    lock = ServerLock(Path(path))
    lock.take()
    return lock


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    store, settings = app.state.database, app.state.settings
    executor = EmbeddedExecutor(settings, store, chores_of(store, settings)) if settings.embedded else None
    if executor is not None:
        executor.start()
    anyio.to_thread.current_default_thread_limiter().total_tokens = settings.threads
    for tell in app.state.on_ready:
        tell()
    with ExitStack() as served:
        if settings.metrics_address:
            served.enter_context(serve_metrics(app.state.metrics.registry, settings.metrics_address))
        yield
    if executor is not None:
        await asyncio.to_thread(executor.stop)
    app.state.database.close()
