"""What is done every so often beside the work itself."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import NamedTuple

from api.ops.failures import report_failure


class Chore(NamedTuple):
    """Something to do every `seconds`; any number of workers may do it at once without harm."""

    name: str
    seconds: float
    work: Callable[[], object]


def do_once(chore: str, work: Callable[[], object]) -> bool:
    """Do the work of a chore; whether it went well: what went wrong is logged and counted."""
    try:
        work()
    except Exception as error:
        report_failure(error, chore.replace(" ", "_"))
        return False
    return True


class Round(threading.Thread):
    """Something that is done every so many seconds; what goes wrong is logged, and done again next time."""

    def __init__(self, name: str, seconds: float, work: Callable[[], object]) -> None:
        super().__init__(name=f"anw-{name}", daemon=True)
        self._chore, self._seconds, self._work, self._over = name, seconds, work, threading.Event()
        self.start()

    def run(self) -> None:
        """Do it until `stop`."""
        while not self._over.wait(self._seconds):
            do_once(self._chore, self._work)

    def stop(self) -> None:
        """Do it no more."""
        self._over.set()
        self.join(self._seconds + 5)
