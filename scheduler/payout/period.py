"""The days that a payout is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from scheduler.domain.time import DAY, Period
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})", re.ASCII)


def month_of(written: str) -> Period:
    """The days of a month `YYYY-MM`; raises DossierError on anything else."""
    match = _MONTH.fullmatch(written)
    if match is None or not 1 <= int(match[2]) <= 12 or not 1 <= int(match[1]) <= 9998:
        raise DossierError([Mistake("--month", None, None, written, text("payout.period.month"))])
    first = date(int(match[1]), int(match[2]), 1)
    return Period(start=first, end=_month_end(first))


def period_of(written: str) -> Period:
    """The days `YYYY-MM-DD..YYYY-MM-DD`, both included; raises DossierError on anything else."""
    try:
        match = _PERIOD.fullmatch(written)
        return Period(start=date.fromisoformat(match[1]), end=date.fromisoformat(match[2]))  # type: ignore[index]
    except (ValueError, TypeError) as error:
        raise DossierError([Mistake("--period", None, None, written, text("payout.period.period"))]) from error


def _month_end(day: date) -> date:
    first = day.replace(day=1)
    return (first.replace(day=28) + DAY * 4).replace(day=1) - DAY


def days_in(period: Period, whole: Period) -> frozenset[date]:
    """The days of `period` that lie in `whole`."""
    return frozenset(day for day in period.days() if day in whole)


def require_finished(period: Period, whole: Period, today: date) -> Iterator[Mistake]:
    """A period outside the dossier, or one whose last month is not over on `today`."""
    if not period.overlap(whole.start, whole.end):
        yield Mistake("--period", None, None, str(period), text("payout.period.outside", period=whole))
        return
    if today <= (end := _month_end(min(period.end, whole.end))):
        expected = text("payout.period.unfinished", month=f"{end:%Y-%m}", first=end + DAY, today=today)
        yield Mistake("--period", None, None, f"{end:%Y-%m}", expected)
