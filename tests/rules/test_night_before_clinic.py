"""Nights before a morning surgery."""

import pytest

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import night_before_clinic
from tests.duty_builders import a_dossier, a_roster, a_shift


def broken(shift: Shift, *days: str, strictness: str = "forbid") -> bool:
    """Whether the shift is a breach for a GP with a surgery on these days."""
    dossier = a_dossier(rules={"night_before_clinic": strictness}, clinic_days={"G1": frozenset(days)})
    return bool(list(night_before_clinic.check(dossier, a_roster({"G1": [shift]}))))


def test_the_day_on_which_the_night_ends_counts() -> None:
    """The night of Monday ends on Tuesday."""
    assert broken(a_shift("2027-02-01", "night"), "tue")
    assert not broken(a_shift("2027-02-01", "night"), "mon", "wed")


def test_a_holiday_has_no_surgery() -> None:
    """Easter Monday 2027 is 29 March."""
    assert not broken(a_shift("2027-03-28", "night"), "mon")
    assert broken(a_shift("2027-04-04", "night"), "mon")


def test_evenings_and_standby_do_not_count() -> None:
    """Only a worked night spoils a morning."""
    assert not broken(a_shift("2027-02-01"), "mon", "tue")
    assert not broken(a_shift("2027-02-01", "night", role=Role.STANDBY), "tue")


@pytest.mark.parametrize("strictness", ["avoid", "ignore"])
def test_it_is_hard_only_when_forbidden(strictness: str) -> None:
    """Else it is a wish or nothing."""
    assert not broken(a_shift("2027-02-01", "night"), "tue", strictness=strictness)
