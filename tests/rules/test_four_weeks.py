"""Hours in four weeks."""

from datetime import date, timedelta

import pytest

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import four_weeks
from tests.duty_builders import a_dossier, a_roster, a_shift

MONDAY = date(2027, 2, 1)


def evenings(*days_after: int) -> list[Shift]:
    """Evenings of six hours, so many days after Monday 1 February."""
    return [a_shift(MONDAY + timedelta(days=days)) for days in days_after]


@pytest.mark.parametrize(("most", "breaks"), [(17.75, True), (18, False), (18.25, False)])
def test_the_limit_itself_is_allowed(most: float, breaks: bool) -> None:
    """Three evenings are eighteen hours."""
    dossier = a_dossier(rules={"max_hours_per_4_weeks": most})
    assert bool(list(four_weeks.check(dossier, a_roster({"G1": evenings(0, 9, 27)})))) == breaks


def test_the_twenty_eighth_day_after_falls_outside() -> None:
    """Any 28 days hold the day itself and 27 more."""
    dossier = a_dossier(rules={"max_hours_per_4_weeks": 6})
    assert list(four_weeks.check(dossier, a_roster({"G1": evenings(0, 27)})))
    assert not list(four_weeks.check(dossier, a_roster({"G1": evenings(0, 28)})))


def test_the_window_may_begin_on_any_day() -> None:
    """Hours heap up around the middle of two calendar blocks of four weeks."""
    dossier = a_dossier(rules={"max_hours_per_4_weeks": 12})
    (found,) = four_weeks.check(dossier, a_roster({"G1": evenings(0, 20, 34, 40)}))
    assert found.detail == {"from": str(MONDAY + timedelta(days=20)), "hours": 18.0, "most": 12.0}


def test_standby_hours_do_not_count() -> None:
    """Hours on standby are not worked hours."""
    dossier = a_dossier(rules={"max_hours_per_4_weeks": 6})
    standby = a_shift("2027-02-03", role=Role.STANDBY)
    assert not list(four_weeks.check(dossier, a_roster({"G1": [*evenings(0), standby]})))


def test_the_night_of_the_clock_change_has_its_own_hours() -> None:
    """The night of 31 October 2027 lasts ten hours."""
    night = a_shift("2027-10-30", "night")
    assert list(four_weeks.check(a_dossier(rules={"max_hours_per_4_weeks": 9.75}), a_roster({"G1": [night]})))
    assert not list(four_weeks.check(a_dossier(rules={"max_hours_per_4_weeks": 10}), a_roster({"G1": [night]})))


def test_one_heap_of_hours_is_told_once() -> None:
    """Windows that begin later and hold fewer of the same shifts add nothing; a later heap is told too."""
    dossier = a_dossier(rules={"max_hours_per_4_weeks": 6})
    found = list(four_weeks.check(dossier, a_roster({"G1": evenings(0, 1, 2, 100, 101)})))
    assert [violation.detail["hours"] for violation in found] == [18.0, 12.0]
