"""The `anw` command with the commands of the service beside those of the engine."""

from __future__ import annotations

import sys
from collections.abc import Sequence


def main() -> None:
    """Run the command line and leave with its exit status."""
    from api.cli.commands import add_commands

    add_commands()
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: Sequence[str]) -> int:
    """Run `anw` with these arguments and return the exit status; a database file found damaged has one of its own."""
    from scheduler.cli.console import show_trouble
    from scheduler.cli.run import run
    from scheduler.cli.status import Status

    try:
        status = run(arguments)
    except Exception as error:
        # only now: most commands never load what knows databases
        from api.cli.damage import describe_damage, is_damage

        if not is_damage(error):
            raise
        show_trouble(describe_damage(error))
        return Status.DAMAGED
    return status
