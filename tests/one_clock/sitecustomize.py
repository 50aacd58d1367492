"""Loaded by each Python process that tests start: puts its clock where the tests have theirs."""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta

if ahead := os.environ.get("TEST_CLOCK_AHEAD_SECONDS"):
    # a test may start the Python of an environment without the libraries of the tests
    with suppress(ModuleNotFoundError):
        import time_machine

        time_machine.travel(datetime.now(UTC) + timedelta(seconds=float(ahead)), tick=True).start()
