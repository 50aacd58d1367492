"""The sheet `hds` of a workbook: a key and a value in each row, as `hds.toml` has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from scheduler.dossier.cells import parse_date, parse_number
from scheduler.dossier.decimal_sign import TypedNumber, may_be_thousands
from scheduler.dossier.findings import Findings
from scheduler.dossier.schema import SETTINGS, Kind
from scheduler.dossier.settings import Settings, settings_of
from scheduler.dossier.table import Flaw
from scheduler.dossier.workbook_cells import Cell, CellReader

_TRUTH = {"true": True, "false": False, "waar": True, "onwaar": False}
_LISTS = (("fairness", "burdens"), ("fairness", "excused_reasons"))


def settings_of_sheet(rows: Sequence[Sequence[Cell]], reader: CellReader, findings: Findings) -> Settings:
    """Read and judge the sheet; every mistake goes into `findings`, cells outside its two columns into a notice."""
    raw: dict[str, Any] = {}
    lines: dict[tuple[str, str], int] = {}
    flawed: set[tuple[str, str]] = set()
    for line, row in enumerate(rows, start=1):
        key, cell = str(row[0]).strip() if row else "", row[1] if len(row) > 1 else ""
        _note_unread(line, key, row, findings)
        if not key or (key, cell) == ("key", "value"):
            continue
        table, _, name = key.rpartition(".")
        if (table, name) in lines:
            findings.wrong(SETTINGS, line, key, str(cell), "only_once", line=lines[table, name])
        lines[table, name] = line
        lines.setdefault((table, ""), line)
        value = _value(table, name, cell, line, reader, findings)
        if isinstance(value, Flaw):
            flawed.add((table, name))
            findings.wrong(SETTINGS, line, key, value.found, value.key)
        else:
            _place(raw, table, name, value)
    return settings_of(raw, findings, lines, flawed)


def _note_unread(line: int, key: str, row: Sequence[Cell], findings: Findings) -> None:
    unread = [cell for cell in row[2 if key else 1 :] if cell != ""]
    for _ in unread:
        findings.habit("unread_cells", SETTINGS)


def _place(raw: dict[str, Any], table: str, name: str, value: object) -> None:
    at = raw
    for part in table.split(".") if table else ():
        inner = at.setdefault(part, {})
        at = inner if isinstance(inner, dict) else {}
    at[name] = value


def _value(table: str, name: str, cell: Cell, line: int, reader: CellReader, findings: Findings) -> object:
    """A cell as the value that TOML would give; what does not fit stays as it is and is refused later."""
    if table == "calendar" and isinstance(cell, bool):
        return cell
    is_word = table == "hds" or table.startswith("payout") or (table, name) == ("fairness", "owner_key")
    kind = Kind.TEXT if is_word or (table, name) in _LISTS else Kind.DATE if table == "period" else Kind.NUMBER
    read = reader.read(cell, (line, 2), kind, name)
    if isinstance(read, Flaw):
        return read
    if (table, name) in _LISTS:
        return [part.strip() for part in read.split(";") if part.strip()]
    if table == "calendar":
        return _TRUTH.get(read.strip().lower(), read)
    return str(read) if is_word else _parsed(read, kind, findings)


def _parsed(read: str, kind: Kind, findings: Findings) -> object:
    bare = read.strip()
    if kind is Kind.NUMBER and not isinstance(read, TypedNumber) and may_be_thousands(bare):
        return Flaw(bare, "thousands")
    try:
        value, habit = parse_date(bare) if kind is Kind.DATE else parse_number(bare)
    except ValueError:
        return bare
    if habit:
        findings.habit(habit, SETTINGS)
    return int(value) if isinstance(value, float) and value == int(value) else value
