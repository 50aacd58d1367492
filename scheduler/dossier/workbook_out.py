"""Dossier and roster as one workbook: a sheet for each file, real dates, ready to sort and filter."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter

from scheduler.atomic import replace_file
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.dossier.cells import parse_clock, parse_date, parse_moment, write_moment
from scheduler.dossier.reading import DossierReading, read_dossier
from scheduler.dossier.roster_file import read_roster
from scheduler.dossier.schema import QUOTA, TABLES, UNFILLED, WRITTEN_ROSTER, FileSpec, Kind
from scheduler.dossier.workbook_in import SETTINGS_SHEET
from scheduler.dossier.writing import SettingValue, rows_of, settings_of

WIDEST = 60
_SHAPES = {Kind.DATE: "yyyy-mm-dd", Kind.MOMENT: "yyyy-mm-dd hh:mm", Kind.CLOCK: "hh:mm"}
_ON_DISK = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}


def export_workbook(dossier_folder: Path, roster_folder: Path, xlsx: Path) -> None:
    """Write dossier and roster into the workbook `xlsx`, whole or not at all.

    Raises DossierError or RosterUnreadable when the input is wrong, OutputError when the file cannot be written.
    """
    reading = read_dossier(dossier_folder)
    roster = read_roster(reading.dossier, reading.shifts, roster_folder)
    answers = [(WRITTEN_ROSTER, _roster_rows(roster)), *_other_answers(roster_folder)]
    replace_file(xlsx, workbook_bytes(reading, answers))


def workbook_bytes(reading: DossierReading, answers: Iterable[tuple[FileSpec, Iterable[Sequence[str]]]] = ()) -> bytes:
    """The workbook of a dossier, with more sheets after it if given."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, _ON_DISK) as book:
        styles = _Styles(book)
        _settings_sheet(book.add_worksheet(SETTINGS_SHEET), reading.dossier, styles)
        for spec in TABLES:
            _sheet(book.add_worksheet(spec.sheet), spec, rows_of(reading.dossier, spec), styles)
        for spec, rows in answers:
            _sheet(book.add_worksheet(spec.sheet), spec, rows, styles)
    return content.getvalue()


class _Styles:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.header = book.add_format({"bold": True, "bottom": 1})
        self.of = {kind: book.add_format({"num_format": shape}) for kind, shape in _SHAPES.items()}


def _sheet(sheet: Any, spec: FileSpec, rows: Iterable[Sequence[str]], styles: _Styles) -> None:
    widths = [len(column) for column in spec.all_columns]
    kinds = [spec.kind(column) for column in spec.all_columns]
    count = 0
    for count, row in enumerate(rows, start=1):
        for column, (cell, kind) in enumerate(zip(row, kinds, strict=True)):
            _write(sheet, count, column, cell, kind, styles)
            widths[column] = max(widths[column], len(cell))
    _dress(sheet, spec.all_columns, count, widths, styles)


def _dress(sheet: Any, header: Sequence[str], rows: int, widths: Sequence[int], styles: _Styles) -> None:
    sheet.write_row(0, 0, header, styles.header)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(rows, 1), len(header) - 1)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(WIDEST, width + 3))


def _write(sheet: Any, row: int, column: int, cell: str, kind: Kind, styles: _Styles) -> None:
    if not cell:
        return
    if kind is Kind.NUMBER and float(f"{float(cell):.16G}") == float(cell):
        sheet.write_number(row, column, float(cell))
    elif kind is Kind.DATE:
        sheet.write_datetime(row, column, parse_date(cell)[0], styles.of[kind])
    elif kind is Kind.MOMENT:
        sheet.write_datetime(row, column, parse_moment(cell)[0].replace(tzinfo=None), styles.of[kind])
    elif kind is Kind.CLOCK:
        sheet.write_datetime(row, column, parse_clock(cell)[0], styles.of[kind])
    else:
        sheet.write_string(row, column, cell)


def _settings_sheet(sheet: Any, dossier: Dossier, styles: _Styles) -> None:
    settings = [
        (f"{table}.{key}" if table else key, value)
        for table, values in settings_of(dossier).items()
        for key, value in values.items()
    ]
    for row, (key, value) in enumerate(settings, start=1):
        sheet.write_string(row, 0, key)
        _write_setting(sheet, row, value, styles)
    _dress(sheet, ("key", "value"), len(settings), (36, 44), styles)


def _write_setting(sheet: Any, row: int, value: SettingValue, styles: _Styles) -> None:
    match value:
        case bool():
            sheet.write_boolean(row, 1, value)
        case date():
            sheet.write_datetime(row, 1, value, styles.of[Kind.DATE])
        case str():
            sheet.write_string(row, 1, value)
        case list():
            sheet.write_string(row, 1, ";".join(value))
        case _ if float(f"{value:.16G}") == value:
            sheet.write_number(row, 1, value)
        case _:
            sheet.write_string(row, 1, repr(value))


def _roster_rows(roster: Roster) -> Iterator[list[str]]:
    for shift in roster.shifts:
        yield [
            shift.id, shift.post_id, shift.role, write_moment(shift.start), write_moment(shift.end), shift.burden,
            roster.gp_of.get(shift.id, ""), roster.trainee_of.get(shift.id, ""),
        ]  # fmt: skip


def _other_answers(folder: Path) -> Iterator[tuple[FileSpec, list[list[str]]]]:
    """Quota and open shifts as they stand in the folder; a roster made by hand has neither."""
    for spec in (QUOTA, UNFILLED):
        path = folder / spec.name
        if path.is_file():
            rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
            yield spec, [[row.get(column) or "" for column in spec.columns] for row in rows]
