"""Reading the small CSV files of the payout with the same manners as the dossier's own."""

from __future__ import annotations

from pathlib import Path

from scheduler.dossier.findings import Findings
from scheduler.dossier.row import Row
from scheduler.dossier.schema import FileSpec
from scheduler.dossier.table import read_table
from scheduler.errors import Mistake
from scheduler.messages import text

STANDBY = "standby"


def kind_name(kind: str) -> str:
    """The Dutch name of a kind of hour with its code: `nacht (night)`."""
    return f"{text(f'payout.kind.{kind}')} ({kind})"


def read_rows(path: Path, columns: str, findings: Findings) -> list[Row]:
    """The rows of one file with these columns (separated by blanks); what is wrong with the file goes to `findings`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        expected = text("payout.file.unreadable", reason=error.strerror or str(error))
        findings.mistakes.append(Mistake(str(path), None, None, "", expected))
        return []
    spec = FileSpec(path.name, tuple(columns.split()))
    table = read_table(content, spec, findings)
    if table is None or not table.complete:
        return []
    return [Row(path.name, raw, findings) for raw in table.rows]
