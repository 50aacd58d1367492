"""Money in whole cents and time in whole minutes, and how both are written."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import pandas as pd

Whole = TypeVar("Whole", int, "pd.Series[int]")
MINUTES_AN_HOUR = 60


def line_amount(minutes: Whole, cents_per_hour: Whole) -> Whole:
    """Cents for `minutes` of elapsed time at a rate in cents an hour, rounded half up once, in whole numbers only.

    Takes two numbers or two columns of numbers.
    """
    return (2 * minutes * cents_per_hour + MINUTES_AN_HOUR) // (2 * MINUTES_AN_HOUR)


def whole_cents(euros: Decimal) -> int | None:
    """The cents of an amount in EUR, or None when it is not a whole number of cents."""
    cents = euros * 100
    return int(cents) if cents == cents.to_integral_value() else None


def euros(cents: int) -> str:
    """Two decimals with a point, for files: `-12.05`."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02}"


def euros_dutch(cents: int) -> str:
    """Two decimals as a Dutch reader expects them: `−1.231,70`."""
    whole = f"{abs(cents) // 100:,}".replace(",", ".")
    return f"{'−' if cents < 0 else ''}{whole},{abs(cents) % 100:02}"


def hours(minutes: int) -> str:
    """Elapsed hours with at most four decimals, for files: `7.5`; sums go by minutes, never by this text."""
    shown = Decimal(minutes) / MINUTES_AN_HOUR
    return format(shown.quantize(Decimal("0.0001")).normalize(), "f")


def hours_dutch(minutes: int) -> str:
    """Elapsed hours and minutes: `7:30`."""
    return f"{'−' if minutes < 0 else ''}{abs(minutes) // MINUTES_AN_HOUR}:{abs(minutes) % MINUTES_AN_HOUR:02}"
