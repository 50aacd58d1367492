"""Banks pay on days on which TARGET is open, never on a day that has passed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.domain.time import DAY
from scheduler.errors import DossierError
from scheduler.payout.banking_days import day_to_pay_on, is_banking_day, next_banking_day

CLOSED = ("01-01", "05-01", "12-25", "12-26")
EASTER_SUNDAYS = (date(2024, 3, 31), date(2025, 4, 20), date(2026, 4, 5), date(2027, 3, 28), date(2028, 4, 16))
"""As churches publish them."""


@pytest.mark.parametrize(
    ("day", "following"),
    [
        ("2024-02-01", "2024-02-02"),
        ("2024-02-02", "2024-02-05"),
        ("2027-03-25", "2027-03-30"),
        ("2026-12-24", "2026-12-28"),
        ("2026-12-31", "2027-01-04"),
        ("2026-04-30", "2026-05-04"),
    ],
)
def test_the_next_banking_day_skips_weekends_and_closing_days(day: str, following: str) -> None:
    """An ordinary day, a weekend, Easter, Christmas, New Year, 1 May."""
    assert next_banking_day(date.fromisoformat(day)) == date.fromisoformat(following)


@given(st.dates(date(2023, 1, 1), date(2028, 12, 31)))
def test_a_banking_day_is_a_weekday_that_is_none_of_the_six_closing_days(day: date) -> None:
    """Every day of six years against the list of the ECB; King's Day and Whit Monday are banking days."""
    near_easter = {sunday + move for sunday in EASTER_SUNDAYS for move in (-2 * DAY, DAY)} | {
        date(2023, 4, 7), date(2023, 4, 10)
    }  # fmt: skip
    is_closed = day.weekday() >= 5 or f"{day:%m-%d}" in CLOSED or day in near_easter
    assert is_banking_day(day) is not is_closed


def test_a_day_that_is_asked_for_must_be_a_banking_day_from_today_on() -> None:
    """Today will do when banks are open; yesterday and Good Friday are refused, with what will do."""
    thursday = date(2027, 3, 25)
    assert day_to_pay_on(None, thursday) == date(2027, 3, 30)
    assert day_to_pay_on(thursday, thursday) == thursday
    with pytest.raises(DossierError, match="2027-03-25"):
        day_to_pay_on(thursday - DAY, thursday)
    with pytest.raises(DossierError, match="2027-03-30"):
        day_to_pay_on(thursday + DAY, thursday)
