"""Both days of a weekend."""

import pytest

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import saturday_and_sunday
from tests.duty_builders import a_dossier, a_roster, a_shift


def broken(*shifts: Shift, strictness: str = "forbid") -> bool:
    """Whether the shifts are a breach for one GP."""
    dossier = a_dossier(rules={"saturday_and_sunday": strictness})
    return bool(list(saturday_and_sunday.check(dossier, a_roster({"G1": shifts}))))


def test_shifts_on_both_days_are_a_breach() -> None:
    """The smallest case that breaks, and one day that holds."""
    assert broken(a_shift("2027-02-06", "day"), a_shift("2027-02-07", "late"))
    assert not broken(a_shift("2027-02-06", "day"))


def test_the_days_are_of_one_weekend() -> None:
    """A Sunday and the Saturday after it are two weekends, and Friday is none."""
    assert not broken(a_shift("2027-02-07", "day"), a_shift("2027-02-13", "day"))
    assert not broken(a_shift("2027-02-05", "night"), a_shift("2027-02-07", "day"))


def test_standby_does_not_count() -> None:
    """One of the days on standby is no breach."""
    assert not broken(a_shift("2027-02-06", "day", role=Role.STANDBY), a_shift("2027-02-07", "day"))


@pytest.mark.parametrize("strictness", ["avoid", "ignore"])
def test_it_is_hard_only_when_forbidden(strictness: str) -> None:
    """Else it is a wish or nothing."""
    assert not broken(a_shift("2027-02-06", "day"), a_shift("2027-02-07", "day"), strictness=strictness)
