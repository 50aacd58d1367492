"""A workbook with one sheet a file, as the source of a dossier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import Source
from scheduler.dossier.schema import QUOTA, ROSTER, SETTINGS, TABLES, UNFILLED, FileSpec
from scheduler.dossier.settings import Settings
from scheduler.dossier.table import Flaw, RawTable, Record, table_of
from scheduler.dossier.workbook_cells import Cell, CellReader
from scheduler.dossier.workbook_settings import settings_of_sheet
from scheduler.dossier.workbook_xml import (
    MOST_COLUMNS,
    MOST_ROWS,
    CellTooFar,
    SheetMarks,
    WorkbookUnreadable,
    WorkbookXml,
    open_workbook_xml,
)
from scheduler.errors import Mistake
from scheduler.messages import text

SETTINGS_SHEET = "hds"
_ANSWERS = frozenset(spec.sheet for spec in (ROSTER, QUOTA, UNFILLED))
_FILE_OF = {SETTINGS_SHEET: SETTINGS} | {spec.sheet: spec.name for spec in TABLES}


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of a sheet from its first row and column on, with what stands out in it."""

    rows: Sequence[Sequence[Cell]]
    marks: SheetMarks
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]


def workbook_source(path: Path, findings: Findings) -> Source:
    """Read the sheets of a workbook that are files of a dossier; what is missing or unreadable becomes a mistake.

    A cell means what its text would mean in a file, or is refused. Other sheets are named in a notice. Mistakes speak
    of the files of the dossier; `as_sheets` turns their places into sheets and rows.
    """
    try:
        return _source(path, findings)
    except (CalamineError, WorkbookUnreadable, OSError):
        present = "no_workbook" if path.exists() else "no_file"
        findings.wrong(path.name, None, None, text(f"dossier.found.{present}"), "workbook")
        return Source(None, {})


def as_sheets(mistakes: Sequence[Mistake], path: Path) -> tuple[Mistake, ...]:
    """The mistakes with the workbook and the sheet in place of the file."""
    sheet_of = {file: sheet for sheet, file in _FILE_OF.items()}
    return tuple(
        replace(mistake, file=f"{path.name} [{sheet_of[mistake.file]}]") if mistake.file in sheet_of else mistake
        for mistake in mistakes
    )


def _source(path: Path, findings: Findings) -> Source:
    xml = open_workbook_xml(path)
    with _opened(path) as book:
        names = _wanted_names(book, findings)
        sheets = {file: _sheet(book, name, file, xml, findings) for file, name in names.items()}
    refused = [file for file, sheet in sheets.items() if sheet is None]
    found = {file: sheet for file, sheet in sheets.items() if sheet is not None}
    settings = _settings(found, xml, findings) if SETTINGS not in refused else None
    tables = {spec.name: _table(spec, found, xml, findings) for spec in TABLES if spec.name not in refused}
    return Source(settings, {name: table for name, table in tables.items() if table is not None})


def _opened(path: Path) -> CalamineWorkbook:
    """The workbook; a reader that gave up on a broken part says so like on any other."""
    try:
        return CalamineWorkbook.from_path(path)
    except BaseException as error:
        raise _unreadable(error) from error


def _unreadable(error: BaseException) -> BaseException:
    """The reader is in Rust, and its panics are no Exception."""
    return WorkbookUnreadable(str(error)) if type(error).__name__ == "PanicException" else error


def _wanted_names(book: CalamineWorkbook, findings: Findings) -> dict[str, str]:
    """The name of the sheet of each file; blanks around a name and capitals do not count."""
    kinds = {sheet.name: sheet.typ for sheet in book.sheets_metadata}
    seen = Counter(_FILE_OF.get(_plain(sheet.name)) for sheet in book.sheets_metadata)
    for file, count in seen.items():
        if file and count > 1:
            alike = [name for name in book.sheet_names if _FILE_OF.get(_plain(name)) == file]
            findings.wrong(file, None, None, ", ".join(map(repr, alike)), "sheet_once")
    names: dict[str, str] = {}
    for sheet in book.sheets_metadata:
        file = _FILE_OF.get(_plain(sheet.name))
        if file and kinds[sheet.name] is SheetTypeEnum.WorkSheet:
            names[file] = sheet.name
            if sheet.visible is not SheetVisibleEnum.Visible:
                findings.notice("hidden_sheet", file, sheet=sheet.name)
        elif _plain(sheet.name) not in _ANSWERS:
            findings.notice("unknown_sheet", sheet.name)
    return names


def _plain(name: str) -> str:
    return name.strip().lower()


def _sheet(book: CalamineWorkbook, name: str, file: str, xml: WorkbookXml, findings: Findings) -> Sheet | None:
    """The cells of a sheet; None (and a mistake) when one lies so far off that reading would take all memory."""
    try:
        marks = xml.mark_sheet(name)
    except CellTooFar as far:
        findings.wrong(file, None, None, far.reference, "cell_near", rows=MOST_ROWS, columns=MOST_COLUMNS)
        return None
    try:
        sheet: CalamineSheet = book.get_sheet_by_name(name)
        return Sheet(sheet.to_python(skip_empty_area=False), marks, sheet.merged_cell_ranges or ())
    except BaseException as error:
        raise _unreadable(error) from error


def _table(spec: FileSpec, sheets: Mapping[str, Sheet], xml: WorkbookXml, findings: Findings) -> RawTable | None:
    sheet = sheets.get(spec.name)
    if sheet is None:
        if spec.required:
            findings.wrong(spec.name, None, None, "", "sheet")
        return None
    _note_oddities(sheet, spec.name, len(spec.all_columns), findings)
    header_row = next((n for n, row in enumerate(sheet.rows, start=1) if any(cell != "" for cell in row)), 0)
    header = [str(cell).strip() for cell in sheet.rows[header_row - 1]] if header_row else []
    reader = CellReader(spec.name, sheet.marks, findings, is_1904=xml.is_1904)
    flaws: dict[int, dict[int, Flaw]] = {}
    records: list[Record] = []
    for line, row in enumerate(sheet.rows, start=1):
        cells, found = _read_row(reader, line, row, header if line > header_row else (), spec)
        records.append((line, cells))
        flaws[line] = found
    return table_of(records, spec, findings, lenient=True, flaws=flaws)


def _read_row(
    reader: CellReader, line: int, row: Sequence[Cell], header: Sequence[str], spec: FileSpec
) -> tuple[list[str], dict[int, Flaw]]:
    """The cells of a row as text; those that no file could hold as what was found, with what is wrong with them."""
    cells: list[str] = []
    flaws: dict[int, Flaw] = {}
    for index, cell in enumerate(row):
        column = header[index] if index < len(header) else ""
        read = reader.read(cell, (line, index + 1), spec.kind(column), column)
        if isinstance(read, Flaw):
            flaws[index] = read
        cells.append(read.found if isinstance(read, Flaw) else read)
    return cells, flaws


def _note_oddities(sheet: Sheet, file: str, width: int, findings: Findings) -> None:
    """Merged cells give their value to the first of them only; hidden rows are read like others."""
    for (top, left), _ in sheet.merged:
        if left < width:
            findings.wrong(file, top + 1, None, _found_in(sheet, top, left), "cells_apart")
    for row in sorted(sheet.marks.hidden_rows):
        if row <= len(sheet.rows) and any(cell != "" for cell in sheet.rows[row - 1]):
            findings.habit("hidden_rows", file)


def _found_in(sheet: Sheet, row: int, column: int) -> str:
    inside = row < len(sheet.rows) and column < len(sheet.rows[row])
    return str(sheet.rows[row][column]) if inside else ""


def _settings(sheets: Mapping[str, Sheet], xml: WorkbookXml, findings: Findings) -> Settings | None:
    sheet = sheets.get(SETTINGS)
    if sheet is None:
        findings.wrong(SETTINGS, None, None, "", "sheet")
        return None
    _note_oddities(sheet, SETTINGS, 2, findings)
    return settings_of_sheet(sheet.rows, CellReader(SETTINGS, sheet.marks, findings, is_1904=xml.is_1904), findings)
