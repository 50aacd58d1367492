"""The dossier of `folders` as a workbook, to spoil one cell at a time."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.dossier.folders import FILES

SETTINGS_ROWS = [
    ["key", "value"], ["format", "1"], ["hds.id", "klein"], ["hds.name", "Klein"], ["period.start", "2027-01-04"],
    ["period.end", "17-1-2027"], ["rules.min_rest_hours", "11"], ["calendar.open_on_good_friday", "WAAR"],
    ["fairness.burdens", "evening;night; weekend;holiday;standby"], ["payout.standby_rate", "15.00"],
]  # fmt: skip

Writer = Callable[[Any, Any, int, int], object]
"""Puts something into a cell: gets the book (for formats), the sheet, row and column."""


def rows_of(content: str) -> list[list[str]]:
    """The cells of a CSV file."""
    return list(csv.reader(io.StringIO(content)))


def write_workbook(
    path: Path, cells: Mapping[tuple[str, int, int], Writer] = {}, files: Mapping[str, str] = FILES, **options: Any
) -> None:
    """A workbook of text cells, one sheet a file, with some cells (sheet, row, column from 0) written otherwise."""
    with xlsxwriter.Workbook(path, options) as book:
        for name, content in files.items():
            sheet = book.add_worksheet(name.rpartition(".")[0])
            for y, row in enumerate(SETTINGS_ROWS if name == "hds.toml" else rows_of(content)):
                for x, cell in enumerate(row):
                    sheet.write_string(y, x, cell) if cell else None
            for (page, y, x), write in cells.items():
                if page == sheet.name:
                    write(book, sheet, y, x)


def change_part(path: Path, part: str, change: Callable[[str], str]) -> None:
    """Rewrite one part of a workbook, for what the writer of workbooks cannot make."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    changed = change(parts[part].decode())
    assert changed != parts[part].decode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | {part: changed.encode()}).items():
            archive.writestr(name, content)
