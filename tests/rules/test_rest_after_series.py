"""Rest after a series of nights."""

from datetime import time

import pytest

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import rest_after_series
from tests.duty_builders import a_dossier, a_roster, a_shift

SERIES = [a_shift(f"2027-02-0{day}", "night") for day in (1, 2, 3)]


def broken(*after: Shift, series: list[Shift] = SERIES) -> bool:
    """Whether these shifts come too soon after a series that ends on 4 February at 08:00."""
    return bool(list(rest_after_series.check(a_dossier(), a_roster({"G1": [*series, *after]}))))


@pytest.mark.parametrize(("start", "breaks"), [(time(5, 45), True), (time(6), False), (time(6, 15), False)])
def test_forty_six_hours_after_three_nights_are_enough(start: time, breaks: bool) -> None:
    """They are over on the second day at 06:00."""
    assert broken(a_shift("2027-02-06", "day", start=start)) == breaks


def test_two_nights_ask_for_nothing() -> None:
    """A series is three nights or more."""
    assert not broken(a_shift("2027-02-05", "day"), series=SERIES[1:])


def test_three_nights_with_a_gap_ask_for_nothing() -> None:
    """Three nights of which two are consecutive are no series."""
    gap = [a_shift(f"2027-02-0{day}", "night") for day in (1, 3, 4)]
    assert not broken(a_shift("2027-02-06", "day"), series=gap)


def test_a_fourth_night_goes_on_with_the_series() -> None:
    """The rest is due after the last night; whether four are too many is another rule."""
    assert not broken(a_shift("2027-02-04", "night"))
    assert broken(a_shift("2027-02-04", "night"), a_shift("2027-02-06", "day"))


def test_a_night_after_a_night_off_comes_too_soon() -> None:
    """39 hours after the series, a night does not belong to it."""
    assert broken(a_shift("2027-02-05", "night"))


def test_standby_may_follow_at_once() -> None:
    """Standby is no shift that needs rest before it."""
    assert not broken(a_shift("2027-02-05", "day", role=Role.STANDBY))


def test_the_breach_tells_the_length_of_the_series() -> None:
    """The sentence has hours, hours needed and nights."""
    later = a_shift("2027-02-05", "day")
    (found,) = rest_after_series.check(a_dossier(), a_roster({"G1": [*SERIES, later]}))
    assert found.detail == {"hours": 24.0, "needed": 46.0, "nights": 3}
    assert "24 uur rust na 3 nachten" in found.text
