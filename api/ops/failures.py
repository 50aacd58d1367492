"""Failures of what is done in the background: each stands in the log with where it arose, and is counted.

For chores, runs, repairs, deliveries and the processes apart that they wait for: nobody sees an answer there.
"""

from __future__ import annotations

from typing import Any

from prometheus_client import Counter

from api.ops.logs import log_error

FAILURES = Counter(
    "anw_background_failures", "Failures of work in the background, by what was done and the type of the error.",
    ("work", "error"), registry=None,
)  # fmt: skip
"""Of this process; every registry of measures in it shows it."""


def report_failure(error: BaseException, work: str, **ids: Any) -> None:
    """Log and count a failure of a piece of work: its name in code, its ids, the types of the error and the places."""
    FAILURES.labels(work, type(error).__name__).inc()
    log_error(error, "background_failure", work=work, **ids)
