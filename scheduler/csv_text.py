"""Tables as CSV text, the one way in which every CSV file of the product is written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from scheduler.domain.plain_text import begins_like_formula

_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)
_GUARD = "'"
"""Spreadsheets take a cell that begins with this sign as text."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table as CSV: a header row, commas, `\\n`, no cell that a spreadsheet reads as a formula.

    Texts that begin like a formula are guarded, as by `guard_cell`; whoever reads the file back uses `unguard_cell`.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([guard_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV in UTF-8; see `csv_text`."""
    return csv_text(columns, rows).encode()


def guard_cell(cell: str) -> str:
    """Return a text as it stands in a CSV file: with an apostrophe before it where it begins like a formula.

    Numbers stay as they are, also with a minus sign. A text that begins with an apostrophe and then like a formula
    gets one more, so that `unguard_cell` always gives the same text back.
    """
    return _GUARD + cell if _needs_guard(cell) else cell


def unguard_cell(cell: str) -> str:
    """Return the text that `guard_cell` made this cell of a CSV file from."""
    return cell[1:] if cell.startswith(_GUARD) and _needs_guard(cell[1:]) else cell


def _needs_guard(text: str) -> bool:
    bare = text.lstrip(_GUARD) if text.startswith(_GUARD) else text
    return begins_like_formula(bare) and not _NUMBER.fullmatch(bare)
