"""The exit statuses that scripts may rely on."""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """How a command ended."""

    FINE = 0
    VIOLATIONS = 1
    WRONG_INPUT = 2
    UNFILLED = 3
    DAMAGED = 4
    INTERRUPTED = 130
