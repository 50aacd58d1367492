"""Who is dead: a process whose heartbeat was seen not to move for some time, by this process's own stopwatch.

No clock of day is compared with another: not that of a machine, whose time may be moved, nor that of the database.
Time counts only while this process sees the database, so that a database that was away kills nobody.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

BLIND_PART = 0.5
"""A look that comes so late (part of the time after which one is dead) tells nothing of the time since the last."""


class Watch:
    """What this process has seen of the heartbeats of all; dead is who shows no new one for `dead_after` seconds."""

    def __init__(self, dead_after: float, stopwatch: Callable[[], float] = time.monotonic) -> None:
        self._dead_after, self._stopwatch = dead_after, stopwatch
        self._seen: dict[str, tuple[datetime, float]] = {}
        self._looked: float | None = None

    def dead(self, beats: Mapping[str, datetime], working: Iterable[str]) -> frozenset[str]:
        """Of the executors that have work in hand (`working`) those that are dead; `beats` is the last of each.

        Who has no heartbeat at all has signed off, or was buried before.
        """
        at = self._stopwatch()
        if self._looked is None or at - self._looked > BLIND_PART * self._dead_after:
            self._seen.clear()
        self._looked = at
        for executor, beat in beats.items():
            if executor not in self._seen or self._seen[executor][0] != beat:
                self._seen[executor] = (beat, at)
        self._seen = {executor: seen for executor, seen in self._seen.items() if executor in beats}
        still = {executor for executor, (_, since) in self._seen.items() if at - since >= self._dead_after}
        return frozenset(executor for executor in working if executor not in beats or executor in still)
