"""A row as JSON and as the cells that its file would hold."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from api.clock import local
from scheduler.dossier.cells import parse_moment, parse_number, write_moment, write_number
from scheduler.dossier.schema import FileSpec, Kind

Cells = Mapping[str, str]
_LISTS = MappingProxyType(
    {"agreements.csv": ("posts", "roles"), "shift_types.csv": ("days",), "clinic_days.csv": ("weekdays",)}
)
_TRUTHS = frozenset({"nights"})


def named(spec: FileSpec, row: Sequence[str]) -> dict[str, str]:
    """The cells of a row by column."""
    return dict(zip(spec.all_columns, row, strict=True))


def to_cells(spec: FileSpec, values: Mapping[str, Any]) -> dict[str, str]:
    """JSON values as cells; what has no right shape stays as it is, for the reader of the file to refuse."""
    return {column: _cell(value, spec.kind(column)) for column, value in values.items()}


def _cell(value: Any, kind: Kind) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return write_number(value)
        case list():
            return ";".join(value)
    return _moment_cell(value.strip()) if kind is Kind.MOMENT else str(value.strip())


def _moment_cell(value: str) -> str:
    """A moment with an offset as the local time that the file has.

    The second of two equal clock hours and parts of a second have no place in a file.
    """
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            return value
        here = local(moment)
    except (ValueError, OverflowError):
        return value
    return value if here.fold or here.microsecond else write_moment(here)


def to_json(spec: FileSpec, cells: Cells, nullable: Iterable[str]) -> dict[str, Any]:
    """Cells without mistakes as JSON values; an empty cell of a `nullable` column is null."""
    empty = frozenset(column for column in nullable if not cells[column])
    return {column: None if column in empty else _value(spec, column, cell) for column, cell in cells.items()}


def _value(spec: FileSpec, column: str, cell: str) -> Any:
    if column in _LISTS.get(spec.name, ()):
        return [part for part in cell.split(";") if part]
    if column in _TRUTHS:
        return cell == "yes"
    match spec.kind(column):
        case Kind.NUMBER:
            number = parse_number(cell)[0]
            return int(number) if number == int(number) else number
        case Kind.MOMENT:
            return parse_moment(cell)[0].isoformat()
    return cell


def fingerprint(cells: Cells) -> str:
    """The same for the same content: the ETag of a row."""
    return hashlib.sha256(repr(sorted(cells.items())).encode()).hexdigest()[:20]
