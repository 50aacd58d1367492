"""The text of one cell as a value: the shapes of the dossier format and those that a Dutch spreadsheet makes of them.

Each function returns the value with the habit that was understood (None for the format's own shape) and raises
ValueError when the text has no such shape. A habit is the code of a notice.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time
from functools import lru_cache

from scheduler.domain.time import DAY, local

SERIAL_ORIGIN = date(1899, 12, 30)
"""Day zero of a spreadsheet's serial numbers (1900 date system, right for every date from March 1900 on)."""
FIRST_SERIAL, LAST_SERIAL = 36526, 73050
"""Serial numbers are understood from 2000-01-01 up to 2099-12-31; other numbers are hardly dates."""
FIRST_YEAR = 1900

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DUTCH = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?\d*,\d+", re.ASCII)
_MOMENT = re.compile(r"(\S+?)[T ]+(\S+)")

Habit = str | None


@lru_cache(maxsize=4096)
def parse_date(cell: str) -> tuple[date, Habit]:
    """`YYYY-MM-DD`; also d-m-yyyy and the serial number of a spreadsheet."""
    if match := _ISO.fullmatch(cell):
        return _day(*map(int, match.groups())), None
    if match := _DUTCH.fullmatch(cell):
        day, month, year = map(int, match.groups())
        return _day(year, month, day), "day_month_year"
    serial = _serial(cell)
    if serial != int(serial):
        raise ValueError(cell)
    return SERIAL_ORIGIN + DAY * int(serial), "serial_date"


def _day(year: int, month: int, day: int) -> date:
    if year < FIRST_YEAR:
        raise ValueError(year)
    return date(year, month, day)


def _serial(cell: str) -> float:
    serial, _ = parse_number(cell)
    if not FIRST_SERIAL <= serial < LAST_SERIAL + 1:
        raise ValueError(cell)
    return serial


@lru_cache(maxsize=4096)
def parse_moment(cell: str) -> tuple[datetime, Habit]:
    """`YYYY-MM-DDTHH:MM`, local in Europe/Amsterdam; also with a blank for the T, d-m-yyyy, or a serial number.

    A date alone is refused, as a serial number too: whether an end includes its day cannot be known.
    """
    if match := _MOMENT.fullmatch(cell):
        day, day_habit = parse_date(match[1])
        clock, clock_habit = parse_clock(match[2])
        if day_habit == "serial_date" or clock_habit == "serial_time":
            raise ValueError(cell)
        return local(day, clock), day_habit or clock_habit or ("blank_for_t" if "T" not in cell else None)
    serial = _serial(cell)
    if serial == int(serial):
        raise ValueError(cell)
    whole, rest = divmod(round(serial * 24 * 60), 24 * 60)
    return local(SERIAL_ORIGIN + DAY * whole, _clock_of(rest)), "serial_date"


def parse_serial_day(cell: str) -> date | None:
    """The date of a serial number without a part of a day; None for any other text."""
    try:
        serial = _serial(cell)
    except ValueError:
        return None
    return SERIAL_ORIGIN + DAY * int(serial) if serial == int(serial) else None


@lru_cache(maxsize=1024)
def parse_clock(cell: str) -> tuple[time, Habit]:
    """`HH:MM`; also `H:MM`, seconds, or the part of a day that a spreadsheet keeps."""
    if match := _CLOCK.fullmatch(cell):
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        plain = len(match[1]) == 2 and (seconds or match[3] is None)
        return time(hours, minutes, seconds), None if plain else "clock_shape"
    part, _ = parse_number(cell)
    if not 0 <= part < 1:
        raise ValueError(cell)
    return _clock_of(round(part * 24 * 60) % (24 * 60)), "serial_time"


def _clock_of(minutes: int) -> time:
    return time(*divmod(minutes, 60))


def parse_number(cell: str) -> tuple[float, Habit]:
    """A finite number with a point; also with a decimal comma."""
    habit = None
    if _COMMA_NUMBER.fullmatch(cell):
        cell, habit = cell.replace(",", "."), "decimal_comma"
    if not _NUMBER.fullmatch(cell):
        raise ValueError(cell)
    value = float(cell)
    if not math.isfinite(value):
        raise ValueError(cell)
    return value, habit


def write_number(value: float) -> str:
    """The shortest text that reads back as the same number; whole numbers without a point."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def write_moment(moment: datetime) -> str:
    """Local time as the format has it; seconds only where there are any."""
    shape = "%Y-%m-%dT%H:%M:%S" if moment.second else "%Y-%m-%dT%H:%M"
    return moment.strftime(shape)


def write_clock(clock: time) -> str:
    """Clock time as the format has it; seconds only where there are any."""
    return clock.strftime("%H:%M:%S" if clock.second else "%H:%M")
