"""Shifts in one week."""

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import week
from tests.duty_builders import a_dossier, a_roster, a_shift

THREE = [a_shift(f"2027-02-0{day}") for day in (1, 3, 5)]


def broken(*shifts: Shift) -> bool:
    """Whether one GP has too many shifts in a week."""
    return bool(list(week.check(a_dossier(), a_roster({"G1": shifts}))))


def test_three_shifts_are_allowed_and_four_are_not() -> None:
    """The Sunday closes the week."""
    assert not broken(*THREE)
    assert broken(*THREE, a_shift("2027-02-07"))


def test_the_monday_after_is_another_week() -> None:
    """Weeks are ISO weeks, Monday to Sunday."""
    assert not broken(*THREE, a_shift("2027-02-08"))


def test_a_week_holds_the_days_of_two_years() -> None:
    """Thursday 31 December 2026 and the first days of January are one ISO week, 2026-W53."""
    shifts = [a_shift(day) for day in ("2026-12-28", "2026-12-30", "2027-01-01", "2027-01-03")]
    (found,) = week.check(a_dossier(), a_roster({"G1": shifts}))
    assert found.detail == {"week": "2026-W53", "shifts_in_week": 4, "most": 3}


def test_a_shift_belongs_to_the_week_in_which_it_starts() -> None:
    """The night of Sunday ends on Monday and counts for Sunday."""
    assert broken(*THREE, a_shift("2027-02-07", "night"))


def test_standby_does_not_count() -> None:
    """A fourth shift on standby is allowed."""
    assert not broken(*THREE, a_shift("2027-02-07", role=Role.STANDBY))
