"""Christmas and New Year."""

from datetime import date

import pytest

from scheduler.domain.availability import PastHoliday
from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import christmas_and_new_year
from tests.duty_builders import a_dossier, a_roster, a_shift


def broken(*shifts: Shift, past: tuple[date, ...] = (), strictness: str = "forbid") -> bool:
    """Whether one GP has both."""
    dossier = a_dossier(
        rules={"christmas_and_new_year": strictness},
        past_holidays=tuple(PastHoliday(gp_id="G1", date=day) for day in past),
    )
    return bool(list(christmas_and_new_year.check(dossier, a_roster({"G1": shifts}))))


@pytest.mark.parametrize("christmas", ["2026-12-25", "2026-12-26"])
@pytest.mark.parametrize("new_year", ["2026-12-31", "2027-01-01"])
def test_each_christmas_day_excludes_each_day_of_new_year(christmas: str, new_year: str) -> None:
    """The first of January belongs to the Christmas of the year before."""
    assert broken(a_shift(christmas), a_shift(new_year))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2026-12-24", "2026-12-31"),
        ("2026-12-27", "2027-01-01"),
        ("2026-12-25", "2026-12-30"),
        ("2026-12-25", "2027-01-02"),
        ("2027-01-01", "2027-12-25"),
        ("2026-12-31", "2027-12-26"),
    ],
)
def test_other_days_may_be_combined(one: str, other: str) -> None:
    """Christmas Eve is no Christmas, and the New Year before a Christmas does not matter."""
    assert not broken(a_shift(one), a_shift(other))


def test_last_years_christmas_counts() -> None:
    """What was worked before the period excludes its first of January, and not its last of December."""
    assert broken(a_shift("2027-01-01"), past=(date(2026, 12, 26),))
    assert not broken(a_shift("2027-12-31"), past=(date(2026, 12, 26),))
    assert not broken(a_shift("2027-01-01"), past=(date(2026, 12, 24), date(2026, 12, 31)))


def test_last_year_alone_is_no_breach() -> None:
    """Both worked before the period is history."""
    assert not broken(a_shift("2027-02-01"), past=(date(2025, 12, 25), date(2025, 12, 31)))


def test_standby_does_not_count() -> None:
    """Standby at Christmas leaves New Year free to be worked."""
    assert not broken(a_shift("2026-12-25", role=Role.STANDBY), a_shift("2026-12-31"))


@pytest.mark.parametrize("strictness", ["avoid", "ignore"])
def test_an_hds_may_soften_it(strictness: str) -> None:
    """Then it is no hard rule."""
    assert not broken(a_shift("2026-12-25"), a_shift("2026-12-31"), strictness=strictness)
