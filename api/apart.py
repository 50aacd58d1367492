"""Processes apart, for work that would slow down requests: what they are started with, and how they answer.

They read their input from one pipe and answer through another, end with whoever started them, and leave requests the
processor where both want it.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from typing import BinaryIO

from scheduler.parent import end_with_parent

NICENESS = 5


def environment() -> dict[str, str]:
    """What a Python process needs to start: no settings of the service, which hold secrets."""
    return {name: value for name, value in os.environ.items() if not name.startswith("ANW_")}


def begin() -> BinaryIO:
    """To be called first in such a process: the pipe for answers; what a library prints goes to the error output."""
    end_with_parent()
    os.nice(NICENESS)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return out


def answer_one(answered: Callable[[bytes], bytes]) -> None:
    """The whole life of a process that answers one request."""
    out = begin()
    answer = answered(sys.stdin.buffer.read())
    with out:
        out.write(answer)


def leave_after(serve: Callable[[], None]) -> None:
    """Serve and leave at once: a thread that still listens would trip up an orderly end of Python."""
    status = 1
    try:
        serve()
        status = 0
    except Exception:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(status)
