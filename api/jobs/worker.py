"""A worker process: carries out runs until it is told to stop (SIGTERM or SIGINT)."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable
from contextlib import ExitStack

from api.db.engine import Database
from api.jobs.executor import Executor
from api.jobs.rounds import Chore
from api.ops.metrics import Metrics, serve_metrics
from api.settings import Settings


def work(
    settings: Settings,
    ready: Callable[[], None] = lambda: None,
    chores_of: Callable[[Database], Iterable[Chore]] = lambda _: (),
) -> None:
    """Carry out runs until a signal comes; then end the solvers, and leave their runs to the other workers.

    `ready` is called once it has begun; `chores_of` gives what is done besides.
    """
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    database = Database(settings.database_url, pool_size=settings.pool_size)
    executor = Executor(settings, database, chores_of(database))
    with ExitStack() as served:
        if settings.metrics_address:
            served.enter_context(serve_metrics(Metrics(database).registry, settings.metrics_address))
        executor.start()
        ready()
        try:
            over.wait()
        finally:
            executor.stop()
            database.close()


def main() -> None:
    """Work with the settings of the environment."""
    settings = Settings()
    logging.basicConfig(level=settings.log_level)
    work(settings)


if __name__ == "__main__":
    main()
