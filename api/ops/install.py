"""Putting this room into the application."""

from __future__ import annotations

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig

from api.ops import docs, health
from api.ops.metrics import Metrics
from api.ops.requests import RequestWatch
from api.settings import Settings


def install_ops(app: FastAPI, settings: Settings, traced: TelemetryConfig) -> None:
    """Add the calls and the middleware of this room; after every other middleware, so that it sees all they answer."""
    app.state.tracer_provider = traced.get("tracer_provider")
    app.state.metrics = Metrics(app.state.database)
    app.include_router(health.router)
    docs.install(app)
    app.add_middleware(RequestWatch, metrics=app.state.metrics, secure=settings.secure_cookies)
