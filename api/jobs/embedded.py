"""The executor inside the API process: one process on one machine does everything."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from api.ops.failures import report_failure

if TYPE_CHECKING:
    from api.db.engine import Database
    from api.jobs.executor import Executor
    from api.jobs.rounds import Chore
    from api.settings import Settings

AGAIN_SECONDS = 5.0
FIRST_SECONDS = 1.0
"""For the API to answer its first requests; loading DBOS takes a second of the processor."""


class EmbeddedExecutor:
    """Starts beside the API, which answers at once; ends with it."""

    def __init__(self, settings: Settings, database: Database, chores: Iterable[Chore] = ()) -> None:
        self._settings, self._database, self._chores = settings, database, tuple(chores)
        self._executor: Executor | None = None
        self._over = threading.Event()
        self._starting = threading.Thread(target=self._start, name="anw-executor", daemon=True)

    def start(self) -> None:
        """Begin to start; runs are carried out from two seconds or so later."""
        self._starting.start()

    def _start(self) -> None:
        self._over.wait(FIRST_SECONDS)
        # an API without workers of its own never needs DBOS
        from api.jobs.executor import Executor

        while not self._over.is_set():
            executor = Executor(self._settings, self._database, self._chores)
            try:
                executor.start()
            except Exception as error:
                report_failure(error, "executor_start", seconds=AGAIN_SECONDS)
                executor.abandon()
                self._over.wait(AGAIN_SECONDS)
            else:
                self._executor = executor
                return

    def stop(self) -> None:
        """End the solvers; their runs go on at the next start."""
        self._over.set()
        self._starting.join()
        if self._executor is not None:
            self._executor.stop()
