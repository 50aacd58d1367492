"""Hours of evening, night and weekend in which nobody is on duty, by the clock, for each post and for all together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time

from scheduler.anw_hours.intervals import (
    EARLY,
    LATE,
    MORNING,
    Interval,
    anw_intervals,
    intervals_without,
    joined_intervals,
)
from scheduler.domain.calendar import Calendar, DayType
from scheduler.domain.shift import Shift
from scheduler.domain.time import AMSTERDAM, DAY, Period, local
from scheduler.domain.value import Value


class Gap(Value):
    """Hours `[start, end)` in local time in which nobody is on duty at a post; `post_id` None: at no post at all.

    `day` is the day on which the duties of these hours begin: hours before 8:00 belong to the day before.
    `has_standby`: a standby of the post can be called in.
    """

    post_id: str | None
    day: date
    start: datetime
    end: datetime
    has_standby: bool


def find_gaps(post_ids: Sequence[str], shifts: Iterable[Shift], period: Period, calendar: Calendar) -> tuple[Gap, ...]:
    """The gaps of each post in the order given, after those in which no post has anybody.

    `shifts` are those that are asked for, or those that are filled: whatever is to be held against the clock. A post
    whose shifts of working days begin before six is looked at from five o'clock on, others from six.
    """
    by_post: defaultdict[str, list[Shift]] = defaultdict(list)
    everywhere: list[Shift] = []
    for shift in shifts:
        by_post[shift.post_id].append(shift)
        everywhere.append(shift)
    found = list(_gaps_of(None, everywhere, period, calendar))
    for post_id in post_ids:
        found += _gaps_of(post_id, by_post[post_id], period, calendar)
    return tuple(found)


def _gaps_of(post_id: str | None, shifts: Sequence[Shift], period: Period, calendar: Calendar) -> Iterator[Gap]:
    present = tuple(joined_intervals(shift.interval for shift in shifts if not shift.is_standby))
    standby = tuple(joined_intervals(shift.interval for shift in shifts if shift.is_standby))
    wanted = anw_intervals(period, calendar, _evening_of(shifts, calendar))
    empty = tuple(intervals_without(wanted, present))
    alone = tuple(intervals_without(empty, standby))
    called = tuple(intervals_without(empty, alone))
    parts = [(part, False) for part in _by_duty_day(alone)] + [(part, True) for part in _by_duty_day(called)]
    for (day, start, end), has_standby in sorted(parts):
        yield Gap(
            post_id=post_id, day=day, start=start.astimezone(AMSTERDAM), end=end.astimezone(AMSTERDAM),
            has_standby=has_standby,
        )  # fmt: skip


def _evening_of(shifts: Iterable[Shift], calendar: Calendar) -> time:
    """Five o'clock where some shift of a working day runs before six."""
    for shift in shifts:
        if shift.is_standby or calendar.day_type(shift.day) is not DayType.WEEKDAY:
            continue
        if shift.touches(local(shift.day, EARLY), local(shift.day, LATE)):
            return EARLY
    return LATE


def _by_duty_day(intervals: Iterable[Interval]) -> Iterator[tuple[date, datetime, datetime]]:
    """The intervals cut at each 8:00, each with the day on which its duties begin."""
    for begun, end in intervals:
        start = begun
        while start < end:
            here = start.astimezone(AMSTERDAM)
            day = here.date() if here.time() >= MORNING else here.date() - DAY
            stop = min(end, local(day + DAY, MORNING).astimezone(UTC))
            yield day, start, stop
            start = stop
