"""The `anw` command with the commands of the service beside those of the engine."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    from api.cli.commands import add_commands
    from scheduler.cli.run import run

    add_commands()
    sys.exit(run(sys.argv[1:]))
