"""Whether the point or the comma in `1.234` parts thousands or decimals: only the rest of the file can tell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from scheduler.dossier.schema import FileSpec, Kind

_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}", re.ASCII)
_DECIMALS = re.compile(r"[+-]?\d*([.,])\d+", re.ASCII)


class TypedNumber(str):
    """The text of a number that a workbook holds as a number: no sign in it can be misread."""

    __slots__ = ()


def may_be_thousands(cell: str) -> bool:
    """Whether a text has the form of `1.234` or `1,234`, which a Dutch and an English reader take for two numbers."""
    return not isinstance(cell, TypedNumber) and _THOUSANDS.fullmatch(cell) is not None


def ambiguous_columns(
    header: Sequence[str], rows: Iterable[Sequence[str]], spec: FileSpec, *, is_plain: bool
) -> list[set[int]]:
    """For each row the indexes of the numbers that may be thousands and that nothing else in the file makes plain.

    The decimal sign is plain when the other numbers of the file have one sign only; without any, `is_plain` says
    whether the point is the decimal sign all the same, as the format itself has it.
    """
    numbers = [index for index, name in enumerate(header) if spec.kind(name) is Kind.NUMBER]
    kept = [[(index, row[index]) for index in numbers] for row in rows]
    signs = {sign for row in kept for _, cell in row if (sign := _plain_sign(cell))}
    sign = signs.pop() if len(signs) == 1 else "." if is_plain and not signs else None
    return [
        {index for index, cell in row if may_be_thousands(cell) and (sign is None or sign not in cell)} for row in kept
    ]


def _plain_sign(cell: str) -> str | None:
    """The decimal sign of a number that can be read in one way only."""
    if isinstance(cell, TypedNumber) or may_be_thousands(cell):
        return None
    match = _DECIMALS.fullmatch(cell)
    return match[1] if match else None
