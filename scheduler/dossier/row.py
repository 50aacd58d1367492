"""One row of a table, read cell by cell: each wrong cell becomes a mistake and the reading goes on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time
from enum import StrEnum
from typing import TypeVar

from scheduler.domain.plain_text import begins_like_formula, has_line_break
from scheduler.domain.time import AMSTERDAM
from scheduler.dossier import cells
from scheduler.dossier.findings import Findings
from scheduler.dossier.table import RawRow

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")


class Row:
    """Cells of one record with the place of each.

    A reader returns a harmless stand-in after a mistake, so that one pass finds them all; `bad` then tells that the
    row as a whole must not be used.
    """

    def __init__(self, file: str, raw: RawRow, findings: Findings) -> None:
        self.file = file
        self.line = raw.line
        self.bad = False
        self._cells = raw.cells
        self._findings = findings
        self._flawed: frozenset[str | None] = frozenset()
        for column, flaw in raw.flaws.items():
            self.wrong(column, flaw.key)
        self._flawed = frozenset(raw.flaws)

    def wrong(self, column: str | None, key: str, /, **values: object) -> None:
        """Note a mistake in this row; `key` names the text that says what was expected.

        A cell in which the workbook has no value gets one mistake, whatever else is asked of it.
        """
        self.bad = True
        if column in self._flawed:
            return
        if gp_id := self._cells.get("gp_id"):
            self._findings.suspects.add(gp_id)
        found = self._cells.get(column, "") if column else ", ".join(self._cells.values())
        self._findings.wrong(self.file, self.line, column, found, key, **values)

    def text(self, column: str) -> str:
        """The cell as it stands, empty when the column is absent."""
        return self._cells.get(column, "")

    def words(self, column: str) -> str:
        """A name or a reason: one line, not the beginning of a formula; empty when the column is absent."""
        cell = self.text(column)
        self._require_plain(column, cell)
        return cell

    def identifier(self, column: str) -> str:
        """A name to refer to; not empty, one line, without the separator of lists, no beginning of a formula."""
        cell = self.text(column)
        if not cell or ";" in cell:
            self.wrong(column, "identifier")
        else:
            self._require_plain(column, cell)
        return cell

    def _require_plain(self, column: str, cell: str) -> None:
        if has_line_break(cell):
            self.wrong(column, "one_line")
        elif begins_like_formula(cell):
            self.wrong(column, "no_formula")

    def reference(self, column: str, known: Collection[str] | None, what: str) -> str:
        """The id of a `what` of another file; `known` None when that file could not be read."""
        cell = self.identifier(column)
        if cell and known is not None and cell not in known:
            self.wrong(column, f"known_{what}")
        return cell

    def optional_reference(self, column: str, known: Collection[str] | None, what: str) -> str | None:
        """Like `reference`; None for an empty cell."""
        return self.reference(column, known, what) if self.text(column) else None

    def day(self, column: str) -> date:
        """A date."""
        return self._parsed(column, cells.parse_date, date(2000, 1, 1), "date")

    def optional_day(self, column: str) -> date | None:
        """A date; None for an empty cell."""
        return self.day(column) if self.text(column) else None

    def days(self, first: str, last: str) -> tuple[date, date]:
        """Two dates, both included, in order."""
        start, end = self.day(first), self.day(last)
        if end < start and not self.bad:
            self.wrong(last, "not_before", column=first, value=start)
        return start, max(start, end)

    def interval(self, first: str, last: str) -> tuple[datetime, datetime]:
        """Two local moments, the second after the first in elapsed time."""
        stand_in = datetime(2000, 1, 1, tzinfo=AMSTERDAM)
        start = self._parsed(first, cells.parse_moment, stand_in, "moment")
        end = self._parsed(last, cells.parse_moment, stand_in, "moment")
        if not self.bad and end.timestamp() <= start.timestamp():
            self.wrong(last, "after", column=first, value=cells.write_moment(start))
        return start, end

    def clock(self, column: str) -> time:
        """A local clock time."""
        return self._parsed(column, cells.parse_clock, time(0), "clock")

    def number(self, column: str, low: float | None = None, high: float | None = None) -> float:
        """A finite number within bounds (both included)."""
        value = self._parsed(column, cells.parse_number, low or 0.0, "number")
        if (low is not None and value < low) or (high is not None and value > high):
            self._out_of_range(column, low, high)
            return low or 0.0
        return value

    def _out_of_range(self, column: str, low: float | None, high: float | None) -> None:
        if high is None:
            self.wrong(column, "at_least", low=f"{low:g}")
        else:
            self.wrong(column, "between", low=f"{low:g}", high=f"{high:g}")

    def optional_number(self, column: str, low: float | None = None) -> float | None:
        """A finite number of at least `low`; None for an empty cell."""
        return self.number(column, low) if self.text(column) else None

    def positive_number(self, column: str, high: float, *, default: float) -> float:
        """A finite number above 0 and at most `high`; `default` for an empty cell."""
        if not self.text(column):
            return default
        value = self._parsed(column, cells.parse_number, default, "number")
        if not 0 < value <= high:
            self.wrong(column, "above_up_to", low=0, high=f"{high:g}")
            return default
        return value

    def whole(self, column: str, low: int, high: int) -> int:
        """A whole number within bounds (both included)."""
        value = self._parsed(column, cells.parse_number, float(low), "whole", low=low, high=high)
        if not low <= value <= high or value != int(value):
            self.wrong(column, "whole", low=low, high=high)
            return low
        return int(value)

    def choice(self, column: str, of: type[E]) -> E:
        """One of the values of an enumeration."""
        try:
            return of(self.text(column))
        except ValueError:
            self.wrong(column, "one_of", choices=", ".join(of))
            return next(iter(of))

    def optional_choice(self, column: str, of: type[E]) -> E | None:
        """Like `choice`; None for an empty cell."""
        return self.choice(column, of) if self.text(column) else None

    def yes(self, column: str) -> bool:
        """Whether the cell says `yes`, not `no`."""
        if self.text(column) not in ("yes", "no"):
            self.wrong(column, "one_of", choices="yes, no")
        return self.text(column) == "yes"

    def several(self, column: str, allowed: Iterable[str] | None, *, may_be_empty: bool = False) -> list[str]:
        """A list in a cell, each part one of `allowed` (None: anything) and none of them twice."""
        parts = [part for part in (part.strip() for part in self.text(column).split(";")) if part]
        choices = None if allowed is None else list(allowed)
        if not parts and not may_be_empty:
            self.wrong(column, "some_of", choices=", ".join(choices or ()))
        if choices is not None and not set(parts) <= set(choices):
            self.wrong(column, "some_of", choices=", ".join(choices))
        if len(set(parts)) < len(parts):
            self.wrong(column, "none_twice")
        return parts

    def _parsed(
        self, column: str, parse: Callable[[str], tuple[T, str | None]], stand_in: T, key: str, **values: object
    ) -> T:
        try:
            value, habit = parse(self.text(column))
        except (ValueError, OverflowError):
            self.wrong(column, key, **values)
            return stand_in
        if habit:
            self._findings.habit(habit, self.file)
        return value
