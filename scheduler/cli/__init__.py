"""The `anw` command: one file a command, each parses, calls and answers."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and leave with its exit status."""
    from scheduler.cli.run import run

    sys.exit(run(sys.argv[1:]))
