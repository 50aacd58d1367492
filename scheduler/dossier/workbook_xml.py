"""What the XML of a workbook tells of its cells, and the reader of workbooks does not.

The reader gives errors and formulas without a value as empty cells, midnight and a date without a time as the same
date, and takes memory for every cell up to the last. So the XML is walked first, piece by piece, before anything is
read: https://ecma-international.org/publications-and-standards/standards/ecma-376/ part 1, 18.3 (cells) and 18.8.30
(formats of numbers).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import IO
from xml.parsers import expat

MOST_ROWS = 200_000
MOST_COLUMNS = 256
MOST_CELLS = 4_000_000
"""Rows times columns of one sheet; memory is taken for the whole rectangle, and a region needs 100,000."""
MOST_BYTES = 512 * 2**20
"""Of all parts together, unpacked."""

Place = tuple[int, int]
"""Row and column of a cell, both from 1."""
Attributes = Mapping[str, str]

_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})", re.ASCII)
_NO_CODE = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE | re.DOTALL)
_BUILT_IN_DATES = frozenset({14, 15, 16, 17, *range(27, 32), 34, 35, 36, *range(50, 59)})
_BUILT_IN_CLOCKS = frozenset({18, 19, 20, 21, 22, 32, 33, 45, 46, 47})
_TRUE = frozenset({"1", "true"})


class WorkbookUnreadable(Exception):
    """The file is no workbook, or one made to exhaust whoever reads it."""


class CellTooFar(Exception):
    """A cell lies further away than any table of a dossier reaches; `reference` is its name in the sheet."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


@dataclass(slots=True)
class SheetMarks:
    """What stands out in one sheet: errors and formulas without a value by place, dates shown without a clock."""

    errors: dict[Place, str] = field(default_factory=dict)
    formulas: dict[Place, str] = field(default_factory=dict)
    clockless: set[Place] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class WorkbookXml:
    """The parts of a workbook; `is_stale` when its formulas wait to be calculated, `is_1904` for the other day zero."""

    path: Path
    part_of: Mapping[str, str]
    clockless_styles: frozenset[int]
    is_stale: bool
    is_1904: bool

    def mark_sheet(self, name: str) -> SheetMarks:
        """Walk one sheet; raises CellTooFar for a cell out of bounds, WorkbookUnreadable when it is broken."""
        walk = _SheetWalk(self.clockless_styles, is_stale=self.is_stale)
        part = self.part_of.get(name)
        if part is None:
            raise WorkbookUnreadable(name)
        with _opened(self.path) as archive:
            _walk_part(archive, part, walk.start, walk.end, walk.text)
        return walk.marks


def open_workbook_xml(path: Path) -> WorkbookXml:
    """Read where the sheets of a workbook are and how its cells are shown.

    Raises WorkbookUnreadable when this is no workbook with parts in XML, or its parts are too large; OSError when
    the file cannot be read.
    """
    with _opened(path) as archive:
        if sum(entry.file_size for entry in archive.infolist()) > MOST_BYTES:
            raise WorkbookUnreadable("size")
        book, targets, styles = _BookWalk(), _TargetWalk(), _StyleWalk()
        _walk_part(archive, "xl/workbook.xml", book.start)
        _walk_part(archive, "xl/_rels/workbook.xml.rels", targets.start)
        if "xl/styles.xml" in {name.lower() for name in archive.namelist()}:
            _walk_part(archive, "xl/styles.xml", styles.start, styles.end)
    part_of = {name: targets.part_of[key] for name, key in book.key_of.items() if key in targets.part_of}
    return WorkbookXml(path, MappingProxyType(part_of), styles.clockless(), book.is_stale, book.is_1904)


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError) as error:
        raise WorkbookUnreadable(str(error)) from error


def _walk_part(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Call back for each element of a part, by its name without namespace."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = lambda name, attributes: start(
        name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}
    )
    if end:
        parser.EndElementHandler = lambda name: end(name.rpartition(" ")[2])
    if text:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with _part(archive, part) as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as error:
        raise WorkbookUnreadable(part) from error


def _part(archive: zipfile.ZipFile, part: str) -> IO[bytes]:
    """Names of parts are compared without case, as the reader does."""
    name = next((name for name in archive.namelist() if name.lower() == part.lower()), None)
    if name is None:
        raise WorkbookUnreadable(part)
    return archive.open(name)


def _refuse_doctype(*_: object) -> None:
    raise WorkbookUnreadable("DOCTYPE")


class _BookWalk:
    """`xl/workbook.xml`: the sheets with the key of their part, and how the workbook counts."""

    def __init__(self) -> None:
        self.key_of: dict[str, str] = {}
        self.is_stale = self.is_1904 = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "sheet":
            self.key_of[attributes.get("name", "")] = attributes.get("id", "")
        elif name == "calcPr":
            self.is_stale = attributes.get("fullCalcOnLoad", "") in _TRUE
        elif name == "workbookPr":
            self.is_1904 = attributes.get("date1904", "") in _TRUE


class _TargetWalk:
    """`xl/_rels/workbook.xml.rels`: the part that each key stands for."""

    def __init__(self) -> None:
        self.part_of: dict[str, str] = {}

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.part_of[attributes.get("Id", "")] = target.lstrip("/")


class _StyleWalk:
    """`xl/styles.xml`: the format of numbers of each style of cells."""

    def __init__(self) -> None:
        self._code_of: dict[int, str] = {}
        self._formats: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            self._code_of[_whole(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._formats.append(_whole(attributes.get("numFmtId")))

    def end(self, name: str) -> None:
        if name == "cellXfs":
            self._in_cells = False

    def clockless(self) -> frozenset[int]:
        """The styles that show a date and no clock."""
        return frozenset(style for style, number in enumerate(self._formats) if self._is_date_alone(number))

    def _is_date_alone(self, number: int) -> bool:
        if number not in self._code_of:
            return number in _BUILT_IN_DATES and number not in _BUILT_IN_CLOCKS
        letters = set(_NO_CODE.sub("", self._code_of[number].lower()).partition(";")[0])
        return bool(letters & set("dy")) and not letters & set("hs")


def _whole(written: str | None) -> int:
    return int(written) if written and written.isascii() and written.isdigit() else 0


class _SheetWalk:
    """One sheet, cell by cell; a cell without a reference follows the one before it."""

    def __init__(self, clockless_styles: frozenset[int], *, is_stale: bool) -> None:
        self.marks = SheetMarks()
        self._clockless_styles = clockless_styles
        self._is_stale = is_stale
        self._row = self._column = self._last_row = self._last_column = 0
        self._cell: Attributes = {}
        self._parts: dict[str, str] = {}
        self._inside = ""

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self._row, self._column = _whole(attributes.get("r")) or self._row + 1, 0
            if attributes.get("hidden", "") in _TRUE:
                self.marks.hidden_rows.add(self._row)
        elif name == "c":
            self._cell, self._parts = attributes, {}
            self._place(attributes.get("r", ""))
        elif name in ("f", "v", "is"):
            self._inside = name
            self._parts.setdefault(name, "")

    def text(self, piece: str) -> None:
        if self._inside:
            self._parts[self._inside] += piece

    def end(self, name: str) -> None:
        if name in ("f", "v", "is"):
            self._inside = ""
        elif name == "c":
            if self._parts:
                self._mark()
            self._cell, self._parts = {}, {}

    def _place(self, reference: str) -> None:
        self._column += 1
        if match := _REFERENCE.fullmatch(reference.replace("$", "")):
            self._row, self._column = int(match[2]), _column_number(match[1])

    def _mark(self) -> None:
        place = self._row, self._column
        self._last_row, self._last_column = max(self._last_row, place[0]), max(self._last_column, place[1])
        area = self._last_row * self._last_column
        if place[0] > MOST_ROWS or place[1] > MOST_COLUMNS or area > MOST_CELLS:
            raise CellTooFar(f"{_column_name(place[1])}{place[0]}")
        if self._cell.get("t") == "e":
            self.marks.errors[place] = self._parts.get("v", "").strip()
        elif "f" in self._parts and self._waits():
            self.marks.formulas[place] = f"={self._parts['f']}"
        elif _whole(self._cell.get("s")) in self._clockless_styles:
            self.marks.clockless.add(place)

    def _waits(self) -> bool:
        """Whether nobody calculated the formula of this cell; an empty text is a value too."""
        has_value = bool(self._parts.get("v", "").strip()) or (self._cell.get("t") == "str" and "v" in self._parts)
        return self._is_stale or not has_value


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _column_name(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
