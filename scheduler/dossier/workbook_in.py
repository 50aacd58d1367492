"""A workbook with one sheet a file, as the source of a dossier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from scheduler.dossier.cells import parse_date, parse_number, write_clock, write_moment, write_number
from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import Source
from scheduler.dossier.schema import QUOTA, ROSTER, SETTINGS, SPEC_OF, TABLES, UNFILLED, FileSpec, Kind
from scheduler.dossier.settings import Settings, settings_of
from scheduler.dossier.table import RawTable, table_of
from scheduler.errors import Mistake
from scheduler.messages import text

SETTINGS_SHEET = "hds"
_ANSWERS = frozenset(spec.sheet for spec in (ROSTER, QUOTA, UNFILLED))
_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)
_TRUTH = {"true": True, "false": False, "waar": True, "onwaar": False}
Cell = str | float | bool | date | time | timedelta
SheetRows = Sequence[Sequence[Cell]]


def workbook_source(path: Path, findings: Findings) -> Source:
    """Read every sheet of a workbook; what is missing or unreadable becomes a mistake.

    Dates may be real dates, serial numbers, or text. Mistakes speak of the files of the dossier; `as_sheets` turns
    their places into sheets and rows.
    """
    sheets = _sheets(path, findings)
    if sheets is None:
        return Source(None, {})
    for name in sheets:
        if name not in (SETTINGS_SHEET, *_ANSWERS) and f"{name}.csv" not in SPEC_OF:
            findings.notice("unknown_sheet", name)
    settings = _settings(sheets.get(SETTINGS_SHEET), findings)
    tables = {spec.name: _table(sheets.get(spec.sheet), spec, findings) for spec in TABLES}
    return Source(settings, {name: table for name, table in tables.items() if table is not None})


def as_sheets(mistakes: Sequence[Mistake], path: Path) -> tuple[Mistake, ...]:
    """The mistakes with the workbook and the sheet in place of the file."""
    sheet_of = {spec.name: spec.sheet for spec in TABLES} | {SETTINGS: SETTINGS_SHEET}
    return tuple(
        replace(mistake, file=f"{path.name} [{sheet_of[mistake.file]}]") if mistake.file in sheet_of else mistake
        for mistake in mistakes
    )


def _sheets(path: Path, findings: Findings) -> dict[str, SheetRows] | None:
    try:
        with CalamineWorkbook.from_path(path) as book:
            found = {
                name.strip().lower(): book.get_sheet_by_name(name).to_python(skip_empty_area=False)
                for name in book.sheet_names
            }
    except (CalamineError, OSError):
        present = "no_file" if not path.exists() else "no_workbook"
        findings.wrong(str(path), None, None, text(f"dossier.found.{present}"), "workbook")
        return None
    return dict(found)


def _table(sheet: SheetRows | None, spec: FileSpec, findings: Findings) -> RawTable | None:
    if sheet is None:
        if spec.required:
            findings.wrong(spec.name, None, None, "", "sheet")
        return None
    header = next((row for row in sheet if any(cell != "" for cell in row)), ())
    kinds = [spec.kind(str(name).strip()) for name in header]
    records = [
        (number, [_text(cell, kind) for cell, kind in zip(row, kinds, strict=False)])
        for number, row in enumerate(sheet, start=1)
    ]
    return table_of(records, spec, findings, lenient=True)


def _text(cell: Cell, kind: Kind = Kind.TEXT) -> str:
    """A cell as the text that the file would hold."""
    match cell:
        case bool():
            return str(cell).lower()
        case int() | float():
            return write_number(cell) if math.isfinite(cell) else str(cell)
        case datetime():
            return _moment_text(cell, kind)
        case date():
            return f"{cell}T00:00" if kind is Kind.MOMENT else cell.isoformat()
        case time() | timedelta():
            return write_clock((_MIDNIGHT + cell).time() if isinstance(cell, timedelta) else cell)
    return cell


def _moment_text(moment: datetime, kind: Kind) -> str:
    """A workbook keeps moments as a fraction of a day; to the second that is exact."""
    rounded = (moment + timedelta(milliseconds=500)).replace(microsecond=0)
    if kind is Kind.DATE and rounded.time() == time(0):
        return rounded.date().isoformat()
    return write_clock(rounded.time()) if kind is Kind.CLOCK else write_moment(rounded)


def _settings(sheet: SheetRows | None, findings: Findings) -> Settings | None:
    if sheet is None:
        findings.wrong(SETTINGS, None, None, "", "sheet")
        return None
    raw: dict[str, Any] = {}
    lines: dict[tuple[str, str], int] = {}
    for number, row in enumerate(sheet, start=1):
        key, value = _text(row[0]).strip() if row else "", row[1] if len(row) > 1 else ""
        if key and (key, value) != ("key", "value"):
            table, _, name = key.rpartition(".")
            if (table, name) in lines:
                findings.wrong(SETTINGS, number, key, _text(value), "only_once", line=lines[table, name])
            lines[table, name] = number
            lines.setdefault((table, ""), number)
            _place(raw, table, name, _setting(table, name, value, findings))
    return settings_of(raw, findings, lines)


def _place(raw: dict[str, Any], table: str, name: str, value: object) -> None:
    at = raw
    for part in table.split(".") if table else ():
        inner = at.setdefault(part, {})
        at = inner if isinstance(inner, dict) else {}
    at[name] = value


_LISTS = (("fairness", "burdens"), ("fairness", "excused_reasons"))


def _setting(table: str, name: str, cell: Cell, findings: Findings) -> object:
    """A cell as the value that TOML would give; what does not fit stays as it is and is refused later."""
    if table == "hds" or table.startswith("payout") or (table, name) == ("fairness", "owner_key"):
        return _text(cell)
    if (table, name) in _LISTS:
        return [part.strip() for part in _text(cell).split(";") if part.strip()]
    if table == "period":
        return _period_day(cell, findings)
    if table == "calendar":
        return _TRUTH.get(_text(cell).strip().lower(), cell)
    return _number(cell, findings)


def _period_day(cell: Cell, findings: Findings) -> object:
    try:
        day, habit = parse_date(_text(cell, Kind.DATE).strip())
    except ValueError:
        return cell
    if habit:
        findings.habit(habit, SETTINGS)
    return day


def _number(cell: Cell, findings: Findings) -> object:
    if isinstance(cell, bool):
        return cell
    text = _text(cell).strip()
    try:
        value, habit = parse_number(text)
    except ValueError:
        return text
    if habit:
        findings.habit(habit, SETTINGS)
    return int(value) if value == int(value) else value
