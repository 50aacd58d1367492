"""Reading what somebody sent, in a process of its own with bounds on memory and time."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from api.apart import environment
from api.child_failure import ChildFailed
from api.dossiers.outcome import Outcome
from api.errors import Problem
from api.ops.failures import report_failure
from scheduler.messages import text

MOST_SECONDS = 120
"""By the clock, on a machine that is busy with rosters."""
LONGEST_WAIT = 15.0
"""Seconds for a place among those who read; a large region takes two."""
_AT_ONCE = threading.BoundedSemaphore(2)


def read_apart(source: Path, hds_id: str) -> Outcome:
    """What the dossier in a folder or workbook holds; raises Problem: `archive_invalid` when the reading gave
    out, `too_many_attempts` when too many are reading.
    """
    command = [sys.executable, "-m", "api.dossiers.reader_child", str(source.resolve()), hds_id]
    with _turn():
        try:
            done = subprocess.run(
                command, capture_output=True, timeout=MOST_SECONDS, check=True, env=environment(), cwd=_ROOT
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            status = error.returncode if isinstance(error, subprocess.CalledProcessError) else None
            report_failure(ChildFailed(status, error.stderr or b""), "dossier_reading", hds_id=hds_id)
            raise Problem("archive_invalid", text("uploads.unreadable")) from None
    return Outcome.model_validate_json(done.stdout)


@contextmanager
def _turn() -> Iterator[None]:
    """One of the places for reading; who waits too long is sent away, as a request that waits keeps others out."""
    if not _AT_ONCE.acquire(timeout=LONGEST_WAIT):
        raise Problem("too_many_attempts", text("uploads.busy"), headers={"Retry-After": f"{LONGEST_WAIT:g}"})
    try:
        yield
    finally:
        _AT_ONCE.release()


_ROOT = Path(__file__).resolve().parents[2]
"""Where the packages stand, so that the process finds them as this one did."""
