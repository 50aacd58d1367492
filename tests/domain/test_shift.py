"""What a shift weighs: its hours, its burden, whether it is a night shift, and its parts by kind of hour."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.calendar import Calendar, HourKind
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden, KindPart, Shift, ShiftGroup, split_by_kind
from scheduler.domain.time import AMSTERDAM, hours_between, local
from tests.builders import moment

PLAIN = Calendar()
CALENDARS = st.builds(Calendar, open_on_good_friday=st.booleans(), open_on_liberation_day=st.booleans())
MINUTE = timedelta(minutes=1)


def shift(start: str, end: str, role: Role = Role.CONSULT) -> Shift:
    """A shift between two local moments, by the plain calendar."""
    return Shift.on_calendar(id="S", post_id="P", role=role, start=moment(start), end=moment(end), calendar=PLAIN)


def parts(start: str, end: str, calendar: Calendar = PLAIN) -> list[tuple[HourKind, float]]:
    """Kinds and hours of the parts of an interval."""
    return [(part.kind, part.hours) for part in split_by_kind(moment(start), moment(end), calendar)]


@pytest.mark.parametrize(
    ("start", "end", "burden"),
    [
        ("2027-01-04T17:00", "2027-01-04T23:00", Burden.EVENING),
        ("2027-01-04T08:00", "2027-01-04T18:00", Burden.EVENING),
        ("2027-01-04T23:00", "2027-01-05T08:00", Burden.NIGHT),
        ("2027-01-04T17:30", "2027-01-05T00:30", Burden.EVENING),
        ("2027-01-09T08:00", "2027-01-09T16:00", Burden.WEEKEND),
        ("2027-01-09T16:00", "2027-01-10T01:00", Burden.WEEKEND),
        ("2027-01-09T23:00", "2027-01-10T08:00", Burden.NIGHT),
        ("2027-01-08T17:00", "2027-01-09T00:00", Burden.EVENING),
        ("2027-12-24T23:00", "2027-12-25T08:00", Burden.HOLIDAY),
        ("2027-12-26T23:00", "2027-12-27T08:00", Burden.NIGHT),
        ("2027-05-05T08:00", "2027-05-05T16:00", Burden.HOLIDAY),
    ],
)
def test_the_kind_with_most_hours_is_the_burden(start: str, end: str, burden: Burden) -> None:
    """Early evening counts as evening; a shift over midnight goes with its longer side."""
    assert shift(start, end).burden is burden


@pytest.mark.parametrize(
    ("start", "end", "burden"),
    [
        ("2027-01-01T16:00", "2027-01-02T08:00", Burden.HOLIDAY),
        ("2027-01-01T12:00", "2027-01-02T20:00", Burden.HOLIDAY),
        ("2026-12-31T18:00", "2027-01-01T06:00", Burden.HOLIDAY),
        ("2027-01-09T00:00", "2027-01-09T16:00", Burden.NIGHT),
        ("2027-01-04T18:00", "2027-01-05T06:00", Burden.NIGHT),
        ("2027-01-10T16:00", "2027-01-11T16:00", Burden.NIGHT),
        ("2027-01-10T12:00", "2027-01-11T20:00", Burden.WEEKEND),
    ],
)
def test_a_tie_goes_to_holiday_then_night_then_weekend(start: str, end: str, burden: Burden) -> None:
    """Each pair of burdens with as many hours, and one of three at once."""
    assert shift(start, end).burden is burden


def test_a_tie_is_seen_at_any_minute() -> None:
    """As long before midnight as after it; sums of fractions of an hour would differ in their last digit."""
    midnight = moment("2027-01-05")
    for length in (MINUTE * minutes for minutes in range(1, 480)):
        tied = Shift.on_calendar(
            id="S", post_id="P", role=Role.CONSULT, start=midnight - length, end=midnight + length, calendar=PLAIN
        )
        assert tied.burden is Burden.NIGHT, length


def test_hours_of_the_burden_are_elapsed_hours() -> None:
    """On the night that the clock goes forward, the night from 0 to 7 is as long as the evening before it."""
    assert shift("2026-03-28T18:00", "2026-03-29T07:00").burden is Burden.NIGHT
    assert shift("2026-03-28T17:59", "2026-03-29T07:00").burden is Burden.WEEKEND


def test_standby_is_its_own_burden() -> None:
    """Whatever the hour."""
    assert shift("2027-12-24T23:00", "2027-12-25T08:00", Role.STANDBY).burden is Burden.STANDBY
    assert shift("2027-12-24T23:00", "2027-12-25T08:00", Role.STANDBY).is_standby
    assert not shift("2027-12-24T23:00", "2027-12-25T08:00", Role.LEAD).is_standby


@pytest.mark.parametrize(
    ("start", "end", "is_night"),
    [
        ("2027-01-04T23:00", "2027-01-05T08:00", True),
        ("2027-01-04T17:30", "2027-01-05T00:30", False),
        ("2027-01-04T17:00", "2027-01-05T01:00", False),
        ("2027-01-04T17:00", "2027-01-05T01:01", True),
        ("2027-01-05T05:00", "2027-01-05T13:00", False),
        ("2027-01-05T04:59", "2027-01-05T13:00", True),
        ("2027-01-05T06:00", "2027-01-06T00:00", False),
        ("2027-01-05T05:15", "2027-01-06T00:45", True),
        ("2027-01-05T05:30", "2027-01-06T00:30", False),
    ],
)
def test_a_night_shift_has_more_than_one_hour_between_midnight_and_six(start: str, end: str, is_night: bool) -> None:
    """Exactly one hour is not enough, and the hours of two nights count together."""
    assert shift(start, end).is_night is is_night
    assert shift(start, end, Role.STANDBY).is_night is is_night


def test_the_hours_of_a_night_shift_are_elapsed_hours() -> None:
    """An hour that the clock skips is not worked; an hour that it repeats is."""
    assert not shift("2026-03-29T01:30", "2026-03-29T03:15").is_night
    assert shift("2027-10-31T02:00", "2027-10-31T03:00").is_night


def test_a_holiday_night_is_a_night_shift_too() -> None:
    """The burden and the definition of a night shift do not depend on each other."""
    christmas = shift("2027-12-24T23:00", "2027-12-25T08:00")
    assert christmas.group == ShiftGroup("P", Role.CONSULT, Burden.HOLIDAY, True)


def test_a_shift_belongs_to_the_day_on_which_it_starts() -> None:
    """Also when most of it lies on the next."""
    night = shift("2027-10-30T23:00", "2027-10-31T08:00")
    assert str(night.day) == "2027-10-30"
    assert night.hours == 10
    assert night.starts_at == datetime(2027, 10, 30, 21, tzinfo=UTC)
    assert night.ends_at == datetime(2027, 10, 31, 7, tzinfo=UTC)
    assert str(night) == "S"


def test_a_shift_touches_what_it_shares_time_with() -> None:
    """Intervals are half open: what ends when the shift starts does not touch it, nor what starts when it ends."""
    evening = shift("2027-01-04T17:00", "2027-01-04T23:00")
    assert evening.touches(moment("2027-01-04T22:59"), moment("2027-01-05"))
    assert evening.touches(moment("2027-01-04"), moment("2027-01-04T17:01"))
    assert not evening.touches(moment("2027-01-04T23:00"), moment("2027-01-05"))
    assert not evening.touches(moment("2027-01-04"), moment("2027-01-04T17:00"))


def test_a_shift_is_split_where_the_kind_changes() -> None:
    """Christmas Eve from five o'clock: an early evening, an evening, and then the holiday."""
    assert parts("2027-12-24T17:00", "2027-12-25T08:00") == [
        (HourKind.EARLY_EVENING, 1),
        (HourKind.EVENING, 6),
        (HourKind.HOLIDAY, 8),
    ]


def test_neighbours_of_one_kind_are_one_part() -> None:
    """Two holidays in a row are not cut at midnight, nor is a Saturday at six o'clock."""
    assert parts("2027-12-25T20:00", "2027-12-26T20:00") == [(HourKind.HOLIDAY, 24)]
    assert parts("2027-01-09T17:00", "2027-01-09T19:00") == [(HourKind.WEEKEND, 2)]


def test_parts_follow_the_switches_of_the_calendar() -> None:
    """Liberation Day is a Wednesday in 2027."""
    closed = Calendar(open_on_liberation_day=False)
    assert parts("2027-05-05T17:00", "2027-05-05T23:00", closed) == [
        (HourKind.EARLY_EVENING, 1),
        (HourKind.EVENING, 5),
    ]
    assert parts("2027-05-05T17:00", "2027-05-05T23:00") == [(HourKind.HOLIDAY, 6)]


def test_odd_times_give_odd_parts() -> None:
    """From half past five to half past twelve."""
    assert parts("2027-01-04T17:30", "2027-01-05T00:30") == [
        (HourKind.EARLY_EVENING, 0.5),
        (HourKind.EVENING, 6),
        (HourKind.NIGHT, 0.5),
    ]


def test_nothing_has_no_parts() -> None:
    """An interval of no length."""
    assert parts("2027-01-04T17:30", "2027-01-04T17:30") == []


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2026, 1, 1), date(2029, 12, 31)), st.integers(0, 1439), st.integers(1, 3600), CALENDARS, st.data())
def test_parts_add_up_and_keep_their_kind(
    day: date, minute_of_day: int, minutes: int, calendar: Calendar, data: st.DataObject
) -> None:
    """They join without a gap, change kind at each join, and hold the kind of every moment in them."""
    start = local(day, time(*divmod(minute_of_day, 60)))
    end = (start.astimezone(UTC) + minutes * MINUTE).astimezone(AMSTERDAM)
    found = list(split_by_kind(start, end, calendar))
    assert sum(part.hours for part in found) == pytest.approx(hours_between(start, end))
    assert (found[0].start, found[-1].end) == (start.astimezone(UTC), end.astimezone(UTC))
    for before, after in pairwise(found):
        assert before.end == after.start
        assert before.kind is not after.kind
    part = data.draw(st.sampled_from(found))
    length = (part.end - part.start) // MINUTE
    for minute in (0, length - 1, data.draw(st.integers(0, length - 1))):
        assert calendar.hour_kind((part.start + minute * MINUTE).astimezone(AMSTERDAM)) is part.kind


def test_a_part_is_measured_in_elapsed_hours() -> None:
    """On the autumn night the hours from midnight to eight are nine."""
    part = next(split_by_kind(moment("2027-10-31"), moment("2027-10-31T08:00"), PLAIN))
    assert part == KindPart(datetime(2027, 10, 30, 22, tzinfo=UTC), datetime(2027, 10, 31, 7, tzinfo=UTC), part.kind)
    assert part.hours == 9
