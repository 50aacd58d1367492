"""Agreements between a GP and the HDS."""

from __future__ import annotations

from datetime import date

import pytest
from pydantic import ValidationError

from tests.builders import agreement, gp


def test_an_agreement_covers_both_its_dates() -> None:
    """And not the days around them."""
    half = agreement("A", valid_from=date(2027, 1, 1), valid_until=date(2027, 6, 30))
    assert half.covers(date(2027, 1, 1))
    assert half.covers(date(2027, 6, 30))
    assert not half.covers(date(2026, 12, 31))
    assert not half.covers(date(2027, 7, 1))


def test_an_agreement_may_last_one_day_and_no_less() -> None:
    """It ends on or after the day it starts."""
    day = date(2027, 1, 1)
    assert agreement("A", valid_from=day, valid_until=day).covers(day)
    with pytest.raises(ValidationError, match="ends on or after"):
        agreement("A", valid_from=day, valid_until=date(2026, 12, 31))


def test_agreed_hours_are_never_negative() -> None:
    """None at all is possible."""
    assert agreement("A", hours=0.0).hours == 0
    with pytest.raises(ValidationError):
        agreement("A", hours=-0.5)


def test_a_gp_is_logged_without_a_name() -> None:
    """A log holds ids."""
    assert str(gp("A")) == "A"
