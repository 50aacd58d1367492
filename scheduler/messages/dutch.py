"""Figures and dates as a Dutch reader expects them."""

from __future__ import annotations

from datetime import date, datetime, time

from scheduler.domain.time import DAY
from scheduler.messages import text

MINUS = "−"


def number(value: float, decimals: int = 0) -> str:
    """`1234.5` as `1.234,5`; a figure that rounds to nothing has no sign."""
    shown = f"{abs(value):,.{decimals}f}".translate(str.maketrans(",.", ".,"))
    return f"{MINUS}{shown}" if round(value, decimals) < 0 else shown


def signed(value: float, decimals: int = 1) -> str:
    """A difference with its sign: `+0,4`, `−0,3`, `0,0`."""
    shown = number(value, decimals)
    return f"+{shown}" if round(value, decimals) > 0 else shown


def figure(value: float, decimals: int = 1) -> str:
    """A number without idle zeros: `1.234,5`, `6`."""
    shown = number(value, decimals)
    return shown.rstrip("0").rstrip(",") if "," in shown else shown


def signed_figure(value: float, decimals: int = 2) -> str:
    """A difference with its sign and without idle zeros: `+0,5`, `−0,5`, `0`."""
    shown = figure(value, decimals)
    return f"+{shown}" if round(value, decimals) > 0 else shown


def percent(part: float, whole: float, decimals: int = 0) -> str:
    """`part` of `whole` in percent, cut and not rounded at the top: 100% only when nothing is missing."""
    if not whole:
        return f"{number(100 if not part else 0, decimals)}%"
    step = 10.0 ** (decimals + 2)
    share = part / whole
    if part < whole:
        share = min(share, (step - 1) / step)
    return f"{number(share * 100, decimals)}%"


def long_date(day: date) -> str:
    """`1 januari 2027`."""
    return f"{day.day} {text(f'terms.month.{day.month}')} {day.year}"


def day_name(day: date) -> str:
    """`di 5 januari 2027`."""
    return f"{text(f'terms.weekday.{day.weekday()}')} {long_date(day)}"


def short_day(day: date) -> str:
    """`vr 1 jan` for the rows of a calendar."""
    return f"{text(f'terms.weekday.{day.weekday()}')} {day.day} {short_month(day)}"


def short_month(day: date) -> str:
    """`mrt`."""
    return text(f"terms.short_month.{day.month}")


def month_name(day: date) -> str:
    """`januari 2027`."""
    return f"{text(f'terms.month.{day.month}')} {day.year}"


def day_span(start: datetime, end: datetime) -> str:
    """The days of `[start, end)` in local time, with the clock where it does not run from midnight to midnight."""
    if start.time() == end.time() == time(0):
        last = end.date() - DAY
        return short_day(start.date()) if last <= start.date() else f"{short_day(start.date())} – {short_day(last)}"
    same_day = start.date() == end.date()
    until = _clock(end) if same_day else f"{short_day(end.date())} {_clock(end)}"
    return f"{short_day(start.date())} {_clock(start)}–{until}"


def clock_span(start: datetime | time, end: datetime | time) -> str:
    """`17–23` or `17:30–23`, in local time."""
    return f"{_clock(start)}–{_clock(end)}"


def _clock(moment: datetime | time) -> str:
    return f"{moment.hour}:{moment.minute:02}" if moment.minute else str(moment.hour)
