"""What is done every so often beside the work itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import NamedTuple

from api.jobs.work import LOG


class Chore(NamedTuple):
    """Something to do every `seconds`; any number of workers may do it at once without harm."""

    name: str
    seconds: float
    work: Callable[[], object]


class Round(threading.Thread):
    """Something that is done every so many seconds; what goes wrong is logged, and done again next time."""

    def __init__(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        super().__init__(name=f"anw-{name}", daemon=True)
        self._seconds, self._work, self._over = seconds, work, threading.Event()
        self.start()

    def run(self) -> None:
        """Do it until `stop`."""
        while not self._over.wait(self._seconds):
            try:
                self._work()
            except Exception as error:
                level = logging.WARNING if not self._over.is_set() else logging.DEBUG
                LOG.log(level, "%s: %s", self.name, type(error).__name__, exc_info=LOG.isEnabledFor(logging.DEBUG))

    def stop(self) -> None:
        """Do it no more."""
        self._over.set()
        self.join(self._seconds + 5)
