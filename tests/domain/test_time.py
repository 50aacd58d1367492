"""Local time, elapsed time and periods."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from scheduler.domain.time import DAY, Period, Span, first_monday_of_week, hours_between, local, saturday_of_weekend

SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 8.0), (AUTUMN, 10.0), (date(2027, 3, 29), 9.0)])
def test_a_night_has_an_hour_less_in_spring_and_one_more_in_autumn(day: date, hours: float) -> None:
    """From 23:00 to 08:00 is nine hours, except over a change of the clock."""
    assert hours_between(local(day - DAY, time(23)), local(day, time(8))) == hours


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23.0), (AUTUMN, 25.0), (date(2027, 6, 1), 24.0)])
def test_a_day_is_as_long_as_the_clock_makes_it(day: date, hours: float) -> None:
    """From midnight to midnight."""
    assert hours_between(local(day, time(0)), local(day + DAY, time(0))) == hours


def test_moments_of_other_zones_count_alike() -> None:
    """Elapsed time does not depend on how its ends are written, and is negative backwards."""
    start, end = local(SPRING, time(1)), datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert hours_between(start, end) == 1.5
    assert hours_between(end, start) == -1.5


def test_a_clock_time_that_comes_twice_is_the_first() -> None:
    """Half past two on the autumn night, before the clock goes back."""
    assert local(AUTUMN, time(2, 30)).astimezone(UTC) == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


def test_a_local_moment_knows_summer_from_winter() -> None:
    """The same clock time lies an hour earlier in UTC in summer."""
    assert local(date(2027, 1, 4), time(17)).astimezone(UTC).hour == 16
    assert local(date(2027, 7, 5), time(17)).astimezone(UTC).hour == 15


def test_a_period_holds_both_its_ends() -> None:
    """Its days, length, membership and name."""
    period = Period(start=date(2027, 2, 27), end=date(2027, 3, 1))
    assert list(period.days()) == [date(2027, 2, 27), date(2027, 2, 28), date(2027, 3, 1)]
    assert period.length == 3
    assert date(2027, 2, 27) in period
    assert date(2027, 3, 1) in period
    assert date(2027, 2, 26) not in period
    assert date(2027, 3, 2) not in period
    assert "2027-02-28" not in period
    assert str(period) == "2027-02-27..2027-03-01"


def test_a_period_of_one_day_is_the_shortest() -> None:
    """A period may end on the day it starts, not before."""
    assert Period(start=SPRING, end=SPRING).length == 1
    with pytest.raises(ValidationError, match="ends on or after"):
        Period(start=SPRING, end=SPRING - DAY)


@settings(deadline=None)
@given(DAYS, st.integers(0, 40), DAYS, st.integers(0, 40))
def test_overlap_counts_the_days_in_both(start: date, length: int, other: date, more: int) -> None:
    """As counted day by day."""
    period = Period(start=start, end=start + DAY * length)
    close = start + timedelta(days=(other - start).days % 100 - 50)
    for first in (other, close):
        last = first + DAY * more
        assert period.overlap(first, last) == sum(first <= day <= last for day in period.days())


def test_an_interval_the_wrong_way_round_overlaps_nothing() -> None:
    """No negative number of days."""
    assert Period(start=SPRING, end=AUTUMN).overlap(date(2027, 6, 9), date(2027, 6, 1)) == 0


@settings(deadline=None)
@given(DAYS)
def test_every_day_lies_in_the_week_of_its_monday(day: date) -> None:
    """The Monday is at most six days back and shares the ISO week."""
    monday = first_monday_of_week(day)
    assert monday.weekday() == 0
    assert monday.isocalendar()[:2] == day.isocalendar()[:2]


@settings(deadline=None)
@given(DAYS)
def test_a_weekend_is_known_by_its_saturday(day: date) -> None:
    """Saturday and Sunday share one; a weekday has none."""
    saturday = saturday_of_weekend(day)
    if day.weekday() < 5:
        assert saturday is None
    else:
        assert saturday in (day, day - DAY)
        assert saturday.weekday() == 5


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), min_size=4, max_size=4))
def test_two_spans_meet_where_one_touches_the_other(hours: list[int]) -> None:
    """The quick question and the plain one answer alike, ends that fall together included."""
    first, last, begin, stop = (local(SPRING, time(hour)) for hour in hours)
    one, other = Span(start=first, end=last), Span(start=begin, end=stop)
    assert one.meets(other) == other.meets(one) == one.touches(begin, stop)
