"""Intervals joined and taken out of each other; the hours in which practices are closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.anw_hours import anw_intervals, intervals_without, joined_intervals
from scheduler.domain.calendar import Calendar
from scheduler.domain.time import AMSTERDAM, Period, hours_between

ORIGIN = datetime(2027, 1, 4, tzinfo=UTC)
spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 12)).map(
        lambda drawn: (ORIGIN + timedelta(hours=drawn[0]), ORIGIN + timedelta(hours=sum(drawn)))
    ),
    max_size=6,
)


def _hours(intervals: object) -> set[datetime]:
    return {
        start + timedelta(hours=n)
        for start, end in intervals  # type: ignore[attr-defined]
        for n in range((end - start) // timedelta(hours=1))
    }


@given(spans, spans)
def test_what_is_left_is_every_hour_wanted_and_not_taken(wanted: list, taken: list) -> None:  # type: ignore[type-arg]
    """Hour by hour the same, in order, and with no interval touching the next."""
    left = list(intervals_without(wanted, taken))
    assert _hours(left) == _hours(wanted) - _hours(taken)
    assert all(start < end for start, end in left)
    assert all(before[1] <= after[0] for before, after in pairwise(left))
    joined = list(joined_intervals(wanted))
    assert _hours(joined) == _hours(wanted)
    assert all(before[1] < after[0] for before, after in pairwise(joined))


def _local(period: Period, evening: time = time(17)) -> list[tuple[str, str]]:
    return [
        tuple(f"{moment.astimezone(AMSTERDAM):%d %H:%M}" for moment in one)  # type: ignore[misc]
        for one in anw_intervals(period, Calendar(), evening)
    ]


def test_a_week_with_a_holiday_in_it() -> None:
    """Thursday, Good Friday, the weekend and Easter Monday: one stretch from Thursday evening to Tuesday morning."""
    assert _local(Period(start=date(2027, 3, 24), end=date(2027, 3, 30)), time(18)) == [
        ("24 18:00", "25 08:00"), ("25 18:00", "30 08:00"), ("30 18:00", "31 08:00"),
    ]  # fmt: skip


def test_a_period_starts_at_eight() -> None:
    """The night before the first day belongs to the roster before, the one after the last day to this."""
    assert _local(Period(start=date(2027, 1, 4), end=date(2027, 1, 4))) == [("04 17:00", "05 08:00")]
    assert _local(Period(start=date(2027, 1, 9), end=date(2027, 1, 9))) == [("09 08:00", "10 08:00")]


def test_nights_on_which_the_clock_changes_have_their_own_length() -> None:
    """Saturday 8:00 to Sunday 8:00 has 23 hours in March and 25 in October."""
    lengths = [
        sum(hours_between(*one) for one in anw_intervals(Period(start=day, end=day), Calendar(), time(18)))
        for day in (date(2027, 3, 27), date(2027, 10, 30), date(2027, 1, 9))
    ]
    assert lengths == [23, 25, 24]
