"""`anw export`: dossier and roster as one workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from scheduler.cli.console import STDOUT
from scheduler.cli.options import DossierFolder, RosterFolder, option
from scheduler.messages import text


def export(
    dossier: DossierFolder,
    folder: RosterFolder,
    xlsx: Annotated[Path, option("--xlsx", "xlsx", "BESTAND.xlsx")],
) -> None:
    """Write the workbook."""
    from scheduler.dossier.workbook_out import export_workbook

    export_workbook(dossier, folder, xlsx)
    STDOUT.print(text("cli.exported", file=xlsx), soft_wrap=True)
