"""One cell of a workbook as the text that a file would hold, or what is wrong with it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from scheduler.domain.time import DAY
from scheduler.dossier.cells import parse_serial_day, write_clock, write_moment, write_number
from scheduler.dossier.decimal_sign import TypedNumber
from scheduler.dossier.findings import Findings
from scheduler.dossier.schema import Kind
from scheduler.dossier.table import Flaw
from scheduler.dossier.workbook_xml import Place, SheetMarks
from scheduler.messages import text

MOST_EXACT = 1e15
"""A workbook keeps fifteen digits of a number; a longer code was changed when it was typed."""
_HALF_SECOND = timedelta(milliseconds=500)
_MIDNIGHT = datetime(2000, 1, 1, tzinfo=UTC)

Cell = str | float | bool | date | time | timedelta


class CellReader:
    """Reads the cells of one sheet for one file; habits are counted in `findings`."""

    def __init__(self, file: str, marks: SheetMarks, findings: Findings, *, is_1904: bool) -> None:
        self._file = file
        self._marks = marks
        self._findings = findings
        self._is_1904 = is_1904

    def read(self, cell: Cell, place: Place, kind: Kind, column: str) -> str | Flaw:
        """The text of a cell for the reader of a file, who judges it; a Flaw when its text would be a guess.

        `column` tells an end from a start: a date without a clock is that whole day.
        """
        if isinstance(cell, str) or place in self._marks.formulas:
            return self._marked(place) or str(cell)
        if isinstance(cell, bool):
            return Flaw(text(f"dossier.found.{str(cell).lower()}"), "cell_not_truth")
        if isinstance(cell, int | float):
            return self._number(cell, kind, column)
        if kind is Kind.TEXT:
            return Flaw(_plain_text(cell), "cell_text")
        if kind is Kind.MOMENT and isinstance(cell, date):
            return self._moment(cell, column, is_clockless=place in self._marks.clockless)
        return _plain_text(cell)

    def _marked(self, place: Place) -> Flaw | None:
        """What is wrong with an error, which the reader gives as an empty text, or a formula that waits."""
        if (shown := self._marks.errors.get(place)) is not None:
            return Flaw(shown, "cell_value")
        formula = self._marks.formulas.get(place)
        return None if formula is None else Flaw(formula, "cell_calculated")

    def _number(self, cell: float, kind: Kind, column: str) -> str | Flaw:
        written = write_number(cell)
        if kind is Kind.TEXT and abs(cell) >= MOST_EXACT:
            return Flaw(f"{cell:.0f}", "cell_digits")
        if kind in (Kind.DATE, Kind.MOMENT) and self._is_1904:
            return Flaw(written, "cell_date")
        if kind is Kind.MOMENT and (day := parse_serial_day(written)) is not None:
            self._findings.habit("serial_date", self._file)
            return self._whole_day(day, column)
        return TypedNumber(written)

    def _moment(self, cell: date, column: str, *, is_clockless: bool) -> str:
        rounded = _rounded(cell) if isinstance(cell, datetime) else datetime.combine(cell, time(0), tzinfo=UTC)
        if is_clockless and rounded.time() == time(0):
            return self._whole_day(rounded.date(), column)
        if is_clockless:
            self._findings.habit("hidden_clock", self._file)
        return write_moment(rounded)

    def _whole_day(self, day: date, column: str) -> str:
        is_end = column == "end"
        if is_end and day == date.max:
            return day.isoformat()
        self._findings.habit("whole_day_end" if is_end else "whole_day_start", self._file)
        return f"{day + DAY if is_end else day}T00:00"


def _rounded(moment: datetime) -> datetime:
    """A workbook keeps moments as a fraction of a day; to the second that is exact."""
    return (moment + _HALF_SECOND).replace(microsecond=0)


def _plain_text(cell: date | time | timedelta) -> str:
    """A date or clock in the shape of the files; a date with a clock keeps both, so that no column loses one."""
    match cell:
        case datetime():
            rounded = _rounded(cell)
            return rounded.date().isoformat() if rounded.time() == time(0) else write_moment(rounded)
        case date():
            return cell.isoformat()
        case timedelta():
            return _duration(cell)
    as_span = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second, microseconds=cell.microsecond)
    return write_clock((_MIDNIGHT + as_span + _HALF_SECOND).time().replace(microsecond=0))


def _duration(span: timedelta) -> str:
    """Hours above 24 stay hours, so that no clock is made of them."""
    seconds = round(span.total_seconds())
    minutes, rest = divmod(abs(seconds), 60)
    shown = f"{minutes // 60:02}:{minutes % 60:02}" + (f":{rest:02}" if rest else "")
    return f"-{shown}" if seconds < 0 else shown
