"""The limits of a run: wall time and the wish to stop."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Clock:
    """Says when to stop: after `limit` seconds since `began`, or as soon as `cancelled` says so."""

    limit: float
    cancelled: Callable[[], bool] = lambda: False
    began: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """Seconds since the run began."""
        return time.monotonic() - self.began

    @property
    def left(self) -> float:
        """Seconds until the limit, never below 0."""
        return max(0.0, self.limit - self.seconds)

    @property
    def over(self) -> bool:
        """Whether to stop now."""
        return self.left == 0.0 or self.cancelled()

    def part(self, limit: float) -> Clock:
        """A clock for a part of the run that may take `limit` seconds, and no longer than the whole."""
        return Clock(min(limit, self.left), self.cancelled)
