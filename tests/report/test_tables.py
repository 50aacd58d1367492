"""Figures of the CSV files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.report.tables import plain_number


@given(st.floats(min_value=-1e6, max_value=1e6))
def test_plain_numbers_read_back(value: float) -> None:
    """A figure in a CSV file is the value to four decimals, without idle zeros or a minus on zero."""
    shown = plain_number(value)
    assert float(shown) == pytest.approx(value, abs=5.1e-5)
    assert shown != "-0"
    assert not (shown.endswith("0") and "." in shown)
