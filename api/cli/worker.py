"""`anw worker`: a process that executes runs, on as many machines as wanted."""

from __future__ import annotations

from scheduler.cli.console import say


def worker() -> None:
    """Execute queued runs until it is told to stop; what it was doing then goes on elsewhere."""
    from api.cli.environment import read_environment, require_current
    from api.jobs.worker import work
    from api.ops.logs import set_up_logs
    from api.upkeep import chores_of

    settings = read_environment()
    require_current(settings)
    set_up_logs(settings)
    work(settings, ready=lambda: say("service.working"), chores_of=lambda database: chores_of(database, settings))
