"""`anw explain`: why a GP has these shifts, or why a shift has this GP, or none."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from scheduler.cli.console import STDOUT, show_notices
from scheduler.cli.options import DossierFolder, RosterFolder, option
from scheduler.messages import text


def explain(
    dossier: DossierFolder,
    folder: RosterFolder,
    shift: Annotated[str | None, option("--shift", "shift", "CODE")] = None,
    gp: Annotated[str | None, option("--gp", "gp", "CODE")] = None,
) -> None:
    """Explain one shift or one GP in words and figures."""
    if (shift is None) == (gp is None):
        raise typer.BadParameter(text("cli.usage.shift_or_gp"))
    from scheduler.dossier import read_roster
    from scheduler.explain import explain_gp, explain_shift
    from scheduler.intake import take_in

    reading = take_in(dossier)
    show_notices(reading.notices)
    roster = read_roster(reading.dossier, reading.shifts, folder)
    if shift is not None:
        STDOUT.print(escape(explain_shift(reading.dossier, roster, shift).text), soft_wrap=True)
    elif gp is not None:
        STDOUT.print(escape(explain_gp(reading.dossier, roster, gp).text), soft_wrap=True)
