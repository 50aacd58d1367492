"""The hours of evening, night and weekend as intervals, and what is left of intervals when others are taken out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time

from scheduler.domain.calendar import Calendar, DayType
from scheduler.domain.time import DAY, Period, local

MORNING = time(8)
EARLY, LATE = time(17), time(18)
"""When the evening of a working day begins: practices close at five or six, as the HDS agreed."""

Interval = tuple[datetime, datetime]
"""`[start, end)` in UTC."""


def anw_intervals(period: Period, calendar: Calendar, evening: time) -> tuple[Interval, ...]:
    """The hours in which practices are closed, from the first day at 8:00 to the day after the last at 8:00.

    On working days from `evening` to the next 8:00, on Saturdays, Sundays and holidays all day. The night before
    the first day belongs to the shifts of the roster before.
    """
    return tuple(joined_intervals(_closed_hours(day, calendar, evening) for day in period.days()))


def _closed_hours(day: date, calendar: Calendar, evening: time) -> Interval:
    """The hours from `day` at 8:00 to the next day at 8:00 in which practices are closed."""
    start = evening if calendar.day_type(day) is DayType.WEEKDAY else MORNING
    return local(day, start).astimezone(UTC), local(day + DAY, MORNING).astimezone(UTC)


def joined_intervals(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """The same moments with intervals that touch or overlap joined, in order."""
    begun: datetime | None = None
    until: datetime | None = None
    for start, end in sorted(intervals):
        if begun is None or until is None or start > until:
            if begun is not None and until is not None:
                yield begun, until
            begun, until = start, end
        else:
            until = max(until, end)
    if begun is not None and until is not None:
        yield begun, until


def intervals_without(wanted: Iterable[Interval], taken: Iterable[Interval]) -> Iterator[Interval]:
    """What is left of the `wanted` intervals outside the `taken` ones, in order."""
    others: Sequence[Interval] = tuple(joined_intervals(taken))
    at = 0
    for begun, end in joined_intervals(wanted):
        start = begun
        while at < len(others) and others[at][1] <= start:
            at += 1
        ahead = at
        while ahead < len(others) and others[ahead][0] < end:
            if others[ahead][0] > start:
                yield start, others[ahead][0]
            start = max(start, others[ahead][1])
            ahead += 1
        if start < end:
            yield start, end
