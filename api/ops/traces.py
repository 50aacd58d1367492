"""Traces with OpenTelemetry: FastAPI makes the spans, this room says where they go and what they may not tell."""

from __future__ import annotations

from fastapi.telemetry import TelemetryConfig
from opentelemetry.context import Context
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor, TracerProvider

from api.settings import Settings
from scheduler.version import __version__

HIDDEN = "-"
_TELLING = ("url.path", "url.query")
"""Attributes with what callers typed; the template of the route stands in `http.route`."""
SERVICE = "anw-rooster"


class HidePaths(SpanProcessor):
    """Overwrites paths and queries before anything is exported: they hold ids, names and search words."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Hide what the span was started with."""
        for name in _TELLING:
            if name in (span.attributes or {}):
                span.set_attribute(name, HIDDEN)

    def on_end(self, span: ReadableSpan) -> None:
        """Nothing more to do."""


def telemetry(settings: Settings) -> TelemetryConfig:
    """What FastAPI traces: every request with `otlp_endpoint` (a collector, OTLP over HTTP), else nothing."""
    quiet = TelemetryConfig(metrics=False, logs=False, auto_configure=False, tracing=False)
    if not settings.otlp_endpoint:
        return quiet
    return quiet | TelemetryConfig(tracing=True, tracer_provider=_provider(settings.otlp_endpoint))


def _provider(endpoint: str) -> TracerProvider:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": SERVICE, "service.version": __version__}))
    provider.add_span_processor(HidePaths())
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint)))
    return provider
