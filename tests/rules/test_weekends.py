"""Weekends in five in a row."""

from datetime import date, timedelta

import pytest

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import weekends
from tests.duty_builders import a_dossier, a_roster, a_shift

SATURDAY = date(2027, 2, 6)


def saturdays(*weeks_after: int) -> list[Shift]:
    """Day shifts on Saturdays, so many weeks after 6 February."""
    return [a_shift(SATURDAY + timedelta(weeks=weeks), "day") for weeks in weeks_after]


def broken(*shifts: Shift) -> bool:
    """Whether one GP works too many weekends."""
    return bool(list(weekends.check(a_dossier(), a_roster({"G1": shifts}))))


@pytest.mark.parametrize(
    ("weeks", "breaks"), [((0, 4), False), ((0, 1, 4), True), ((0, 1, 5), False), ((0, 1, 2), True)]
)
def test_two_of_any_five_weekends_are_allowed(weeks: tuple[int, ...], breaks: bool) -> None:
    """A third weekend is too many unless the first is five weeks ago."""
    assert broken(*saturdays(*weeks)) == breaks


def test_both_days_are_one_weekend() -> None:
    """Saturday and Sunday together count once."""
    sundays = [a_shift(SATURDAY + timedelta(days=1), "day"), a_shift(SATURDAY + timedelta(days=8), "day")]
    assert not broken(*saturdays(0, 1), *sundays)


def test_a_sunday_is_of_the_weekend_of_the_day_before() -> None:
    """A Sunday shift makes the weekend count by itself."""
    assert broken(*saturdays(0, 1), a_shift(SATURDAY + timedelta(days=15), "day"))


def test_friday_night_and_standby_do_not_count() -> None:
    """The night that starts on Friday is no weekend, and neither is standby."""
    friday = a_shift(SATURDAY + timedelta(days=13), "night")
    standby = a_shift(SATURDAY + timedelta(weeks=2), "day", role=Role.STANDBY)
    assert not broken(*saturdays(0, 1), friday, standby)


def test_one_run_of_weekends_is_told_once() -> None:
    """Four weekends in a row are one breach, and three others much later are another."""
    shifts = saturdays(0, 1, 2, 3, 20, 21, 22)
    found = list(weekends.check(a_dossier(), a_roster({"G1": shifts})))
    assert [violation.detail["weekends"] for violation in found] == [4, 3]
