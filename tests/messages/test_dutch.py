"""Figures and dates in Dutch."""

from __future__ import annotations

from datetime import date, time

import pytest

from scheduler.messages.dutch import (
    clock_span,
    day_name,
    day_span,
    figure,
    long_date,
    number,
    percent,
    short_day,
    signed,
    signed_figure,
)
from tests.builders import moment


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [(1234.5, 1, "1.234,5"), (1_234_567, 0, "1.234.567"), (-0.04, 1, "0,0"), (-0.05001, 1, "−0,1"), (0, 2, "0,00")],
)
def test_numbers_have_decimal_commas(value: float, decimals: int, shown: str) -> None:
    """Points between thousands, a comma before decimals, no minus on a zero."""
    assert number(value, decimals) == shown


@pytest.mark.parametrize(("value", "shown"), [(0.44, "+0,4"), (-0.44, "−0,4"), (0.04, "0,0"), (-0.04, "0,0")])
def test_differences_have_a_sign(value: float, shown: str) -> None:
    """More than the target is plus, less is minus, as good as nothing has no sign."""
    assert signed(value) == shown


@pytest.mark.parametrize(
    ("part", "whole", "decimals", "shown"),
    [(5489, 5490, 0, "99%"), (5489, 5490, 1, "99,9%"), (5490, 5490, 1, "100,0%"), (0, 0, 0, "100%"), (1, 3, 0, "33%")],
)
def test_a_hundred_percent_means_all(part: float, whole: float, decimals: int, shown: str) -> None:
    """One open shift of thousands never rounds to 100%."""
    assert percent(part, whole, decimals) == shown


def test_days_and_clock_times() -> None:
    """Days by their Dutch names, spans of whole days without a clock."""
    assert long_date(date(2027, 3, 1)) == "1 maart 2027"
    assert day_name(date(2027, 3, 1)) == "ma 1 maart 2027"
    assert short_day(date(2027, 3, 1)) == "ma 1 mrt"
    assert clock_span(time(17), time(23, 30)) == "17–23:30"
    assert day_span(moment("2027-03-01"), moment("2027-03-02")) == "ma 1 mrt"
    assert day_span(moment("2027-03-01"), moment("2027-03-04")) == "ma 1 mrt – wo 3 mrt"
    assert day_span(moment("2027-03-01T12:00"), moment("2027-03-01T18:30")) == "ma 1 mrt 12–18:30"
    assert day_span(moment("2027-03-01T22:00"), moment("2027-03-02T06:00")) == "ma 1 mrt 22–di 2 mrt 6"


@pytest.mark.parametrize(
    ("value", "decimals", "shown", "with_sign"),
    [(1234.5, 2, "1.234,5", "+1.234,5"), (-0.5, 2, "−0,5", "−0,5"), (100, 0, "100", "+100"), (-0.004, 2, "0", "0")],
)
def test_figures_have_no_idle_zeros(value: float, decimals: int, shown: str, with_sign: str) -> None:
    """Zeros behind the comma go, those of a whole number stay, and nothing has no sign."""
    assert figure(value, decimals) == shown
    assert signed_figure(value, decimals) == with_sign
