"""One clock for all that a test starts: it begins at the same moment on every day, and ticks.

`sitecustomize.py` beside this is found by each Python process that tests start, as its folder is on their path;
`tests/browser.py` gives the pages of a browser the same clock.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import time_machine

from scheduler.domain.time import AMSTERDAM

MOMENT = "2026-11-25T10:00"
"""A Wednesday morning in Amsterdam, weeks away from holidays and changes of the clock."""
CHOSEN = "ANW_TEST_CLOCK"
"""Environment variable with another moment in Amsterdam, to run the tests as if it were then."""
AHEAD = "TEST_CLOCK_AHEAD_SECONDS"
"""Environment variable for started processes: by how much the clock is ahead of the machine's."""


def start_clock() -> None:
    """Put the clock of this process, and of those that it starts, at the moment of the tests.

    A process of which the parent did so already, as one of several that test at once, begins at the moment anew.
    """
    begin = datetime.fromisoformat(os.environ.get(CHOSEN, MOMENT))
    begin = (begin if begin.tzinfo else begin.replace(tzinfo=AMSTERDAM)).astimezone(UTC)
    time_machine.travel(begin, tick=True).start()
    os.environ[AHEAD] = str(seconds_ahead())
    here, path = str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(filter(None, [here, *path.split(os.pathsep)])))


def real_now() -> datetime:
    """The moment by the machine's own clock, which libraries in C go by."""
    return time_machine.escape_hatch.datetime.datetime.now(UTC)


def seconds_ahead() -> float:
    """By how much the clock of the tests is ahead of the machine's."""
    return (datetime.now(UTC) - real_now()).total_seconds()
