"""Local time, elapsed time and the period of a roster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import model_validator

from scheduler.domain.value import Value

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def local(day: date, clock: time) -> datetime:
    """The local moment `clock` on `day`, aware, in Europe/Amsterdam (the first of two when clocks go back)."""
    return datetime.combine(day, clock, tzinfo=AMSTERDAM)


def hours_between(start: datetime, end: datetime) -> float:
    """Elapsed hours from `start` to `end`; a night on which the clock changes has one more or one less."""
    return (end.astimezone(UTC) - start.astimezone(UTC)) / HOUR


def first_monday_of_week(day: date) -> date:
    """The Monday of the ISO week that holds `day`."""
    return day - DAY * day.weekday()


def saturday_of_weekend(day: date) -> date | None:
    """The Saturday of the weekend that `day` lies in, or None on a weekday."""
    return day - DAY * (day.weekday() - 5) if day.weekday() >= 5 else None


class Span(Value):
    """What lasts from `start` to `end`, half open, both local and aware."""

    start: datetime
    end: datetime

    @cached_property
    def starts_at(self) -> datetime:
        """Start in UTC, so that differences are elapsed time."""
        return self.start.astimezone(UTC)

    @cached_property
    def ends_at(self) -> datetime:
        """End in UTC, so that differences are elapsed time."""
        return self.end.astimezone(UTC)

    @property
    def interval(self) -> tuple[datetime, datetime]:
        """Start and end in UTC."""
        return self.starts_at, self.ends_at

    def touches(self, start: datetime, end: datetime) -> bool:
        """Whether it overlaps `[start, end)` (aware), in elapsed time."""
        return self.starts_at < end.astimezone(UTC) and start.astimezone(UTC) < self.ends_at

    def meets(self, other: Span) -> bool:
        """Whether it overlaps another one: as `touches`, for questions asked by the thousand."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class Period(Value):
    """The days that a roster covers, both included; a shift belongs to the day on which it starts."""

    start: date
    end: date

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.end < self.start:
            raise ValueError("a period ends on or after the day it starts")
        return self

    @property
    def length(self) -> int:
        """Number of days in the period."""
        return (self.end - self.start).days + 1

    def days(self) -> Iterator[date]:
        """Each day in order."""
        return (self.start + DAY * n for n in range(self.length))

    def overlap(self, start: date, end: date) -> int:
        """Number of days of `start`..`end` (both included) that lie in the period."""
        return max(0, (min(self.end, end) - max(self.start, start)).days + 1)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"
