"""`anw check`: judge any roster rule by rule, without the solver."""

from __future__ import annotations

from typing import Annotated

import typer

from scheduler.cli.console import show_notices
from scheduler.cli.options import DossierFolder, RosterFolder
from scheduler.cli.status import Status
from scheduler.messages import text


def check(
    dossier: DossierFolder,
    folder: RosterFolder,
    every: Annotated[bool, typer.Option("--all", help=text("cli.option.all"))] = False,
) -> None:
    """Judge a roster and leave with 0 (fine), 1 (a rule is broken) or 3 (only open shifts)."""
    from scheduler.cli.verdict import show_verdict
    from scheduler.dossier import read_roster
    from scheduler.intake import take_in
    from scheduler.verify import verify

    reading = take_in(dossier)
    show_notices(reading.notices)
    roster = read_roster(reading.dossier, reading.shifts, folder)
    verdict = verify(reading.dossier, roster)
    show_verdict(reading.dossier, roster, verdict, every=every)
    if not verdict.is_legal:
        raise typer.Exit(Status.VIOLATIONS)
    raise typer.Exit(Status.FINE if verdict.is_complete else Status.UNFILLED)
