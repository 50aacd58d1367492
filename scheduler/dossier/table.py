"""The bytes of a CSV file as a table of text, whatever a Dutch spreadsheet made of separators and encoding."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from scheduler.csv_text import unguard_cell
from scheduler.dossier.decimal_sign import ambiguous_columns
from scheduler.dossier.findings import Findings
from scheduler.dossier.schema import FileSpec

_WORKBOOK = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Flaw:
    """A cell that no file could hold: what is seen in it, and the key of the text that says what was expected."""

    found: str
    key: str


@dataclass(frozen=True, slots=True)
class RawRow:
    """One record: the line it starts on and its cells by column, stray blanks removed; `flaws` by column too."""

    line: int
    cells: Mapping[str, str]
    flaws: Mapping[str, Flaw] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RawTable:
    """A table of text; `complete` tells whether every needed column is in the header."""

    spec: FileSpec
    header: tuple[str, ...]
    rows: tuple[RawRow, ...]
    complete: bool

    def ids(self, column: str) -> frozenset[str] | None:
        """All values of a column, those of wrong rows too; None when the column is missing."""
        return frozenset(row.cells[column] for row in self.rows) if column in self.header else None


Record = tuple[int, Sequence[str]]
"""The line that a record starts on (from 1) and its cells."""


def decode(content: bytes, file: str, findings: Findings) -> str | None:
    """The text of a file: UTF-8, else what a spreadsheet saves; None (and a mistake) when it is no text."""
    if content.startswith(_WORKBOOK):
        findings.wrong(file, None, None, "Excel", "text_not_workbook")
        return None
    if content.startswith(_UTF16):
        findings.habit("utf16", file)
        return content.decode("utf-16", errors="replace")
    if content.startswith(b"\xef\xbb\xbf"):
        findings.habit("byte_order_mark", file)
    if b"\x00" in content:
        findings.wrong(file, None, None, "\\x00", "readable_text")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _windows(content, file, findings)


def _windows(content: bytes, file: str, findings: Findings) -> str | None:
    try:
        decoded = content.decode("cp1252")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        findings.wrong(file, line, None, f"0x{content[error.start]:02x}", "readable_text")
        return None
    findings.habit("windows_1252", file)
    return decoded


def read_table(content: bytes, spec: FileSpec, findings: Findings) -> RawTable | None:
    """Read one CSV file; None when nothing can be read from it (the mistakes then say why)."""
    decoded = decode(content, spec.name, findings)
    if decoded is None:
        return None
    if not decoded.strip():
        findings.wrong(spec.name, None, None, "", "not_empty", columns=", ".join(spec.columns))
        return None
    if "\r\n" in decoded:
        findings.habit("windows_lines", spec.name)
    separator = _separator(decoded, spec)
    if separator != ",":
        findings.habit("semicolons" if separator == ";" else "tabs", spec.name)
    records = list(_records(decoded, separator, spec.name, findings))
    return table_of(records, spec, findings, lenient=separator != ",")


def _separator(decoded: str, spec: FileSpec) -> str:
    first = next((line for line in decoded.splitlines() if line.strip(' ";,\t')), "")
    if first.lower().startswith("sep=") and first[4:5] in _SEPARATORS:
        return first[4]

    def known(separator: str) -> int:
        return len({name.strip(' "') for name in first.split(separator)} & set(spec.all_columns))

    return max(_SEPARATORS, key=known)


def _records(decoded: str, separator: str, file: str, findings: Findings) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=separator, strict=True)
    line = 1
    try:
        for cells in reader:
            if not (line == 1 and cells and cells[0].lower().startswith("sep=")):
                yield line, [unguard_cell(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        findings.wrong(file, line, None, str(error), "whole_record")


def table_of(
    records: Sequence[Record],
    spec: FileSpec,
    findings: Findings,
    *,
    lenient: bool,
    flaws: Mapping[int, Mapping[int, Flaw]] = MappingProxyType({}),
) -> RawTable | None:
    """Build a table from records whose first one with any text is the header.

    `lenient`: rows may be shorter than the header, as spreadsheets leave out empty cells at the end. `flaws` by line
    and by index of the cell.
    """
    filled = [(line, [_stripped(cell, spec, findings) for cell in cells]) for line, cells in records]
    kept = [(line, cells) for line, cells in filled if any(cells)]
    if not kept:
        findings.wrong(spec.name, None, None, "", "not_empty", columns=", ".join(spec.columns))
        return None
    for _ in range(len(filled) - len(kept)):
        findings.habit("blank_rows", spec.name)
    _, header = kept[0]
    if padded := header[-1].endswith(";"):
        findings.habit("padded", spec.name)
        header[-1] = header[-1].rstrip(";")
    complete = _header_is_right(kept[0][0], header, spec, findings)
    squared = [
        (line, whole)
        for line, cells in kept[1:]
        if (whole := _squared(line, cells, header, spec, findings, lenient=lenient, padded=padded)) is not None
    ]
    unclear = ambiguous_columns(header, [cells for _, cells in squared], spec, is_plain=not lenient)
    rows = []
    for (line, cells), indexes in zip(squared, unclear, strict=True):
        of_row = {index: Flaw(cells[index], "thousands") for index in indexes} | dict(flaws.get(line, {}))
        rows.append(_row(line, header, cells, of_row, spec, findings))
    return RawTable(spec, tuple(header), tuple(rows), complete)


def _row(
    line: int,
    header: Sequence[str],
    cells: Sequence[str],
    flaws: Mapping[int, Flaw],
    spec: FileSpec,
    findings: Findings,
) -> RawRow:
    """A row as long as the header; what stands in columns without a name is counted and left out."""
    for name, cell in zip(header, cells, strict=True):
        if cell and not name:
            findings.habit("unread_cells", spec.name)
    named = {header[index]: flaw for index, flaw in flaws.items() if header[index] in spec.all_columns}
    return RawRow(line, dict(zip(header, cells, strict=True)), named)


def _stripped(cell: str, spec: FileSpec, findings: Findings) -> str:
    bare = cell.strip()
    if bare == cell:
        return cell
    findings.habit("stray_blanks", spec.name)
    return bare


def _header_is_right(line: int, header: Sequence[str], spec: FileSpec, findings: Findings) -> bool:
    missing = [name for name in spec.columns if name not in header]
    for name in missing:
        findings.wrong(spec.name, line, name, "", "column", column=name)
    twice = sorted({name for name in header if name and header.count(name) > 1})
    for name in twice:
        findings.wrong(spec.name, line, name, name, "column_once", column=name)
    for name in header:
        if name and name not in spec.all_columns:
            findings.notice("extra_column", spec.name, line, column=name)
    return not missing and not twice


def _squared(
    line: int,
    cells: list[str],
    header: Sequence[str],
    spec: FileSpec,
    findings: Findings,
    *,
    lenient: bool,
    padded: bool,
) -> list[str] | None:
    """The cells of a row, as many as the header has; None (and a mistake) when they do not fit."""
    if padded:
        cells = [*cells[:-1], cells[-1].rstrip(";")]
    surplus = cells[len(header) :]
    if any(surplus):
        findings.wrong(spec.name, line, None, ", ".join(surplus), "fewer_cells", count=len(header), present=len(cells))
        return None
    if surplus:
        findings.habit("surplus_cells", spec.name)
    lacking = len(header) - len(cells)
    if lacking > 0 and not lenient:
        findings.wrong(spec.name, line, None, ", ".join(cells), "more_cells", count=len(header), present=len(cells))
        return None
    if lacking > 0:
        findings.habit("short_rows", spec.name)
    return [*cells[: len(header)], *[""] * max(0, lacking)]
