"""The catalogue of Dutch texts."""

from __future__ import annotations

import pytest

from scheduler.messages import text


def test_an_unknown_key_is_an_error() -> None:
    """A text that was forgotten shows up at once and never as an empty place on a page."""
    with pytest.raises(KeyError):
        text("report.no_such_text")


def test_named_fields_are_filled_in() -> None:
    """Fields of a text are filled by name, and a field without a value is an error."""
    assert (
        text("report.period", start="1 januari 2027", end="31 december 2027") == "1 januari 2027 t/m 31 december 2027"
    )
    with pytest.raises(KeyError):
        text("report.period", start="1 januari 2027")
