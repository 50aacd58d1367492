"""Money is whole cents, rounded half up once."""

from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.payout.money import euros, euros_dutch, hours, hours_dutch, line_amount, whole_cents


def test_half_a_cent_is_rounded_up() -> None:
    """One minute at 30 cents an hour is half a cent, which becomes one; a hair less becomes none."""
    assert line_amount(1, 30) == 1
    assert line_amount(1, 29) == 0


@given(st.integers(0, 2000), st.integers(1, 100_000))
def test_a_line_is_minutes_times_rate_rounded_half_up(minutes: int, rate: int) -> None:
    """The integer arithmetic is exactly the decimal rounding."""
    exact = Decimal(minutes) * rate / 60
    assert line_amount(minutes, rate) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 100_000)), min_size=1))
def test_columns_are_rounded_like_single_lines(rows: list[tuple[int, int]]) -> None:
    """The vectorised amounts are those of line by line."""
    minutes, rates = (pd.Series(column) for column in zip(*rows, strict=True))
    assert line_amount(minutes, rates).tolist() == [line_amount(*row) for row in rows]


def test_amounts_are_written_for_files_and_for_people() -> None:
    """A point in files; thousands, comma and a minus sign for readers."""
    assert [euros(cents) for cents in (0, 5, 123170, -1205)] == ["0.00", "0.05", "1231.70", "-12.05"]
    assert [euros_dutch(cents) for cents in (5, 123170, -100000000)] == ["0,05", "1.231,70", "−1.000.000,00"]


def test_hours_have_at_most_four_decimals() -> None:
    """Whole hours are written whole, minutes as part of an hour."""
    assert [hours(minutes) for minutes in (600, 450, 1, -60, 0)] == ["10", "7.5", "0.0167", "-1", "0"]
    assert [hours_dutch(minutes) for minutes in (450, -61)] == ["7:30", "−1:01"]


def test_a_rate_of_part_of_a_cent_has_no_cents() -> None:
    """A tenth of a cent is not a sum of money."""
    assert whole_cents(Decimal("107.46")) == 10746
    assert whole_cents(Decimal("107.465")) is None
