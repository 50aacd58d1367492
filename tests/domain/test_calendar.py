"""The eleven holidays, the switches of an HDS, and the kind of each clock hour."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.calendar import Calendar, DayType, HourKind
from scheduler.domain.time import local
from tests.builders import moment

PLAIN = Calendar()
NO_LIBERATION_DAY = Calendar(open_on_liberation_day=False)
NO_GOOD_FRIDAY = Calendar(open_on_good_friday=False)


def days(*texts: str) -> set[date]:
    """Dates of 2027 from `MM-DD`."""
    return {date.fromisoformat(f"2027-{text}") for text in texts}


def easter(year: int) -> date:
    """Easter Sunday by the rule that Gauss gave for the twentieth and twenty-first century."""
    full_moon = (19 * (year % 19) + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * full_moon + 5) % 7
    late = (full_moon, sunday) == (29, 6) or ((full_moon, sunday) == (28, 6) and year % 19 > 10)
    return date(year, 3, 22) + timedelta(days=full_moon + sunday - 7 * late)


def test_the_holidays_of_2027() -> None:
    """All eleven, with their Dutch names."""
    found = PLAIN.holidays(2027)
    assert set(found) == days(
        "01-01", "03-26", "03-28", "03-29", "04-27", "05-05", "05-06", "05-16", "05-17", "12-25", "12-26"
    )
    assert found[date(2027, 4, 27)] == "Koningsdag"
    assert found[date(2027, 3, 26)] == "Goede vrijdag"


@settings(deadline=None)
@given(st.integers(2014, 2099))
def test_the_holidays_of_any_year(year: int) -> None:
    """Four fixed days, Koningsdag, and six that follow Easter."""
    king, sunday = date(year, 4, 27), easter(year)
    fixed = {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)}
    moving = {sunday + timedelta(days=after) for after in (-2, 0, 1, 39, 49, 50)}
    assert set(PLAIN.holidays(year)) == fixed | moving | {king - timedelta(days=king.weekday() == 6)}


@pytest.mark.parametrize(("year", "day"), [(2025, 26), (2031, 26), (2026, 27), (2027, 27)])
def test_koningsdag_is_never_on_a_sunday(year: int, day: int) -> None:
    """It is kept on Saturday 26 April when the 27th is a Sunday; the Sunday is then an ordinary one."""
    assert PLAIN.is_holiday(date(year, 4, day))
    assert not PLAIN.is_holiday(date(year, 4, 53 - day))


def test_an_hds_may_close_on_liberation_day() -> None:
    """The day is then an ordinary weekday and the others stay."""
    assert set(PLAIN.holidays(2027)) - set(NO_LIBERATION_DAY.holidays(2027)) == days("05-05")
    assert NO_LIBERATION_DAY.day_type(date(2027, 5, 5)) is DayType.WEEKDAY
    assert len(NO_LIBERATION_DAY.holidays(2027)) == 10


def test_an_hds_may_close_on_good_friday() -> None:
    """The day is then an ordinary weekday and the others stay."""
    assert set(PLAIN.holidays(2027)) - set(NO_GOOD_FRIDAY.holidays(2027)) == days("03-26")
    assert NO_GOOD_FRIDAY.hour_kind(moment("2027-03-26T17:00")) is HourKind.EARLY_EVENING


def test_ascension_on_the_fifth_of_may_stays_a_holiday() -> None:
    """In 2016 the two fell together: the switch of Liberation Day takes nothing from Ascension."""
    assert NO_LIBERATION_DAY.is_holiday(date(2016, 5, 5))
    assert len(NO_LIBERATION_DAY.holidays(2016)) == len(PLAIN.holidays(2016)) == 10


def test_calendars_do_not_share_their_switches() -> None:
    """Closing at one HDS leaves the year of another alone."""
    assert not NO_GOOD_FRIDAY.is_holiday(date(2028, 4, 14))
    assert PLAIN.is_holiday(date(2028, 4, 14))


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2027-12-24", DayType.WEEKDAY),
        ("2027-12-25", DayType.HOLIDAY),
        ("2027-12-26", DayType.HOLIDAY),
        ("2027-12-27", DayType.WEEKDAY),
        ("2027-12-11", DayType.SATURDAY),
        ("2027-12-12", DayType.SUNDAY),
        ("2027-01-01", DayType.HOLIDAY),
    ],
)
def test_a_holiday_is_a_holiday_only(day: str, kind: DayType) -> None:
    """Also on a Saturday, a Sunday or a weekday; what is none has the kind of its weekday."""
    assert PLAIN.day_type(date.fromisoformat(day)) is kind


@pytest.mark.parametrize(
    ("at", "kind"),
    [
        ("2027-01-04T00:00", HourKind.NIGHT),
        ("2027-01-04T07:59", HourKind.NIGHT),
        ("2027-01-04T08:00", HourKind.EARLY_EVENING),
        ("2027-01-04T17:59", HourKind.EARLY_EVENING),
        ("2027-01-04T18:00", HourKind.EVENING),
        ("2027-01-04T23:59", HourKind.EVENING),
        ("2027-01-08T23:59", HourKind.EVENING),
        ("2027-01-09T00:00", HourKind.NIGHT),
        ("2027-01-09T08:00", HourKind.WEEKEND),
        ("2027-01-10T23:59", HourKind.WEEKEND),
        ("2027-01-11T00:00", HourKind.NIGHT),
    ],
)
def test_each_clock_hour_has_one_kind(at: str, kind: HourKind) -> None:
    """The hours of a week, at their very edges; a night in the weekend is a night."""
    assert PLAIN.hour_kind(moment(at)) is kind


@pytest.mark.parametrize("at", ["2027-12-25T03:00", "2027-12-25T12:00", "2027-12-26T23:59", "2027-05-05T10:00"])
def test_a_holiday_goes_before_night_weekend_and_evening(at: str) -> None:
    """Every hour of the date is a holiday hour, from midnight to midnight."""
    assert PLAIN.hour_kind(moment(at)) is HourKind.HOLIDAY


def test_the_hour_after_a_holiday_is_a_night() -> None:
    """A holiday ends at midnight, and not at the end of its night."""
    assert PLAIN.hour_kind(moment("2027-12-27")) is HourKind.NIGHT
    assert PLAIN.hour_kind(moment("2027-12-24T23:59")) is HourKind.EVENING


@settings(deadline=None)
@given(st.dates(date(2024, 1, 1), date(2030, 12, 31)), st.times())
def test_night_is_before_eight_on_every_day_that_is_no_holiday(day: date, clock: time) -> None:
    """The order of the kinds: holiday, then night, then weekend."""
    at = local(day, clock)
    kind = PLAIN.hour_kind(at)
    assert (kind is HourKind.HOLIDAY) == PLAIN.is_holiday(at.date())
    if kind is not HourKind.HOLIDAY:
        assert (kind is HourKind.NIGHT) == (at.hour < 8)
        assert (kind is HourKind.WEEKEND) == (at.hour >= 8 and at.weekday() >= 5)
