"""Shift types, the shifts of the period and what each of them weighs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from pydantic import Field

from scheduler.domain.calendar import Calendar, DayType, HourKind
from scheduler.domain.people import Role
from scheduler.domain.time import AMSTERDAM, DAY, HOUR, Span, hours_between, local
from scheduler.domain.value import SortedSet, Value

WEEKDAY_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KIND_BOUNDARIES = (time(0), time(8), time(18))


class Burden(StrEnum):
    """What a shift counts as in the fair shares."""

    EVENING = "evening"
    NIGHT = "night"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    STANDBY = "standby"


class ShiftType(Value):
    """A line of the demand: on each day of `days`, `headcount` shifts from `start` to `end` (local clock)."""

    id: str
    post_id: str
    role: Role
    days: SortedSet[str]
    start: time
    end: time
    headcount: int = Field(ge=1)
    valid_from: date | None = None
    valid_until: date | None = None

    def applies_on(self, day: date, calendar: Calendar) -> bool:
        """Whether this type asks for shifts on `day`."""
        if (self.valid_from and day < self.valid_from) or (self.valid_until and day > self.valid_until):
            return False
        kind = calendar.day_type(day)
        if kind is DayType.WEEKDAY:
            return "weekday" in self.days or WEEKDAY_NAMES[day.weekday()] in self.days
        return kind.value in self.days


class KindPart(NamedTuple):
    """An unbroken stretch of one kind of clock hour; both moments are UTC."""

    start: datetime
    end: datetime
    kind: HourKind

    @property
    def hours(self) -> float:
        """Elapsed hours."""
        return (self.end - self.start) / HOUR


def split_by_kind(start: datetime, end: datetime, calendar: Calendar) -> Iterator[KindPart]:
    """Split `[start, end)` (aware) where the kind of clock hour may change; neighbours of one kind are joined."""
    moment, stop = start.astimezone(UTC), end.astimezone(UTC)
    begun, kind = moment, calendar.hour_kind(moment.astimezone(AMSTERDAM))
    while moment < stop:
        following = calendar.hour_kind(moment.astimezone(AMSTERDAM))
        if following is not kind:
            yield KindPart(begun, moment, kind)
            begun, kind = moment, following
        moment = min(_next_boundary(moment), stop)
    if begun < stop:
        yield KindPart(begun, stop, kind)


def _next_boundary(moment: datetime) -> datetime:
    today = moment.astimezone(AMSTERDAM).date()
    moments = (local(day, clock).astimezone(UTC) for day in (today, today + DAY) for clock in KIND_BOUNDARIES)
    return next(boundary for boundary in moments if boundary > moment)


_BURDEN_ORDER = (Burden.HOLIDAY, Burden.NIGHT, Burden.WEEKEND, Burden.EVENING)
_BURDEN_OF_KIND = {
    HourKind.EARLY_EVENING: Burden.EVENING,
    HourKind.EVENING: Burden.EVENING,
    HourKind.NIGHT: Burden.NIGHT,
    HourKind.WEEKEND: Burden.WEEKEND,
    HourKind.HOLIDAY: Burden.HOLIDAY,
}


class ShiftGroup(NamedTuple):
    """Shifts that the fair shares treat alike."""

    post_id: str
    role: Role
    burden: Burden
    is_night: bool


class Shift(Span):
    """One duty to fill; `start` and `end` are local and aware, `hours` are elapsed."""

    id: str
    post_id: str
    role: Role
    burden: Burden
    is_night: bool

    @classmethod
    def on_calendar(
        cls, *, id: str, post_id: str, role: Role, start: datetime, end: datetime, calendar: Calendar
    ) -> Shift:
        """Build a shift and derive its burden and whether it is a night shift."""
        # summed as whole durations: sums of fractions of an hour would miss a tie at odd minutes
        elapsed = dict.fromkeys(_BURDEN_ORDER, timedelta(0))
        for part in split_by_kind(start, end, calendar):
            elapsed[_BURDEN_OF_KIND[part.kind]] += part.end - part.start
        most = max(_BURDEN_ORDER, key=elapsed.__getitem__)
        burden = Burden.STANDBY if role is Role.STANDBY else most
        return cls(
            id=id, post_id=post_id, role=role, start=start, end=end, burden=burden,
            is_night=_small_hours(start, end) > 1,
        )  # fmt: skip

    @cached_property
    def hours(self) -> float:
        """Elapsed hours."""
        return hours_between(self.start, self.end)

    @cached_property
    def day(self) -> date:
        """The local day that the shift belongs to: the one on which it starts."""
        return self.start.date()

    @cached_property
    def is_standby(self) -> bool:
        """Whether this is a standby (achterwacht) shift."""
        return self.role is Role.STANDBY

    @cached_property
    def group(self) -> ShiftGroup:
        """The group of the fair shares that this shift falls in."""
        return ShiftGroup(self.post_id, self.role, self.burden, self.is_night)

    def __str__(self) -> str:
        return self.id


def _small_hours(start: datetime, end: datetime) -> float:
    """Elapsed hours between 00:00 and 06:00 local time (the statutory definition of night work)."""
    first, last = start.astimezone(AMSTERDAM).date(), end.astimezone(AMSTERDAM).date()
    total, day = timedelta(0), first
    while day <= last:
        begin, stop = local(day, time(0)).astimezone(UTC), local(day, time(6)).astimezone(UTC)
        total += max(timedelta(0), min(end.astimezone(UTC), stop) - max(start.astimezone(UTC), begin))
        day += DAY
    return total / HOUR
