"""A worker whose machine believes that it is more than a year ago: `python -m tests.api.jobs.late_worker`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import time_machine

from api.jobs.worker import main

WRONG_BY = timedelta(days=400)

if __name__ == "__main__":
    with time_machine.travel(datetime.now(UTC) - WRONG_BY, tick=True):
        main()
