"""What a store for many HDSs asks of a dossier beside its own rules: whose it is, and that it fits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scheduler.dossier.cells import parse_number
from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import Source
from scheduler.dossier.schema import SETTINGS
from scheduler.dossier.table import RawRow

LONGEST_ID = 200
LONGEST_CELL = 2000
MOST_ROWS = 50_000
"""Ten times the rows of a region of 350 GPs."""
MOST_POSITIONS = 100_000
"""Seven times the shifts of the largest region in a year."""
MOST_CHARACTERS = 16 * 2**20
_SHOWN = 60
_LONGEST: Mapping[str, int] = MappingProxyType(
    dict.fromkeys(("post_id", "shift_type_id", "practice_id", "gp_id", "trainer_gp_id"), LONGEST_ID)
    | {"shift_id": 300, "iban": 34}
)


def note_what_does_not_fit(source: Source, hds_id: str, findings: Findings) -> None:
    """Add a mistake for a dossier of another HDS and for each cell that is too long or no text.

    Raises DossierError at once for a dossier so large that judging it would take minutes.
    """
    if source.settings and source.settings.hds_id and source.settings.hds_id != hds_id:
        findings.wrong(SETTINGS, None, "hds.id", source.settings.hds_id[:_SHOWN], "own_hds", hds=hds_id)
    if source.settings:
        _note_text(SETTINGS, None, "hds.name", source.settings.hds_name, findings)
    for name, table in source.tables.items():
        for row in table.rows:
            note_cells(name, row, findings)
    refuse_if_immense(source, findings)


def note_cells(file: str, row: RawRow, findings: Findings) -> None:
    """Add a mistake for each cell of a row that can't be stored."""
    for column, cell in row.cells.items():
        _note_text(file, row.line, column, cell, findings)


def _note_text(file: str, line: int | None, column: str, cell: str, findings: Findings) -> None:
    longest = _LONGEST.get(column, LONGEST_CELL)
    if len(cell) > longest:
        findings.wrong(file, line, column, f"{cell[:_SHOWN]}…", "shorter", most=longest)
    elif "\0" in cell or any("\ud800" <= sign <= "\udfff" for sign in cell):
        findings.wrong(file, line, column, ascii(cell[:_SHOWN]), "readable_text")


def refuse_if_immense(source: Source, findings: Findings) -> None:
    """Raise DossierError with what was found so far when the source has too many rows or asks for too many shifts."""
    sizes = [sum(map(len, row.cells.values())) for table in source.tables.values() for row in table.rows]
    if len(sizes) > MOST_ROWS:
        findings.wrong("", None, None, str(len(sizes)), "fewer_rows", most=MOST_ROWS)
    if sum(sizes) > MOST_CHARACTERS:
        findings.wrong("", None, None, str(sum(sizes)), "shorter", most=MOST_CHARACTERS)
    if len(sizes) > MOST_ROWS or sum(sizes) > MOST_CHARACTERS:
        findings.refuse_if_wrong()
    positions = _positions(source)
    if positions > MOST_POSITIONS:
        findings.wrong("shift_types.csv", None, "headcount", str(positions), "fewer_positions", most=MOST_POSITIONS)
        findings.refuse_if_wrong()


def _positions(source: Source) -> int:
    """At most so many shifts the source can ask for."""
    kinds = source.tables.get("shift_types.csv")
    if kinds is None or source.settings is None or source.settings.period is None:
        return 0
    return source.settings.period.length * sum(_headcount(row.cells.get("headcount", "")) for row in kinds.rows)


def _headcount(cell: str) -> int:
    try:
        return int(parse_number(cell)[0])
    except ValueError:
        return 0
