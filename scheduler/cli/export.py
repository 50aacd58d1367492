"""`anw export`: dossier and roster as one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from scheduler.cli.console import say
from scheduler.cli.options import DossierFolder, RosterFolder, option


def export(
    dossier: DossierFolder,
    folder: RosterFolder,
    xlsx: Annotated[Path, option("--xlsx", "xlsx", "BESTAND.xlsx")],
) -> None:
    """Write the workbook."""
    from scheduler.dossier.workbook_out import export_workbook

    export_workbook(dossier, folder, xlsx)
    say("cli.exported", file=xlsx)
