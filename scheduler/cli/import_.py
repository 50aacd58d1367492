"""`anw import`: a workbook with one sheet a file becomes a dossier."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from scheduler.cli.console import say, show_notices
from scheduler.cli.options import argument, option


def import_(
    workbook: Annotated[Path, argument("workbook", "BESTAND.xlsx")],
    out: Annotated[Path, option("--out", "dossier_out", "DOSSIER")],
) -> None:
    """Read a workbook and write the dossier; nothing is written when anything in it is wrong."""
    from scheduler.atomic import require_writable
    from scheduler.dossier import write_dossier
    from scheduler.intake import take_in_workbook

    require_writable(out)
    reading = take_in_workbook(workbook)
    write_dossier(reading.dossier, out)
    show_notices(reading.notices)
    say("cli.imported", gps=len(reading.dossier.gps), folder=out)
