"""Account numbers are checked before a bank sees them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.payout.iban import is_iban, normal_iban
from tests.payout.paying import IBAN_A, IBAN_C, IBAN_HDS, IBAN_PR


@pytest.mark.parametrize("iban", [IBAN_A, IBAN_C, IBAN_HDS, IBAN_PR, "nl91 abna 0417 1643 00", "BE68539007547034"])
def test_a_right_account_number_is_accepted(iban: str) -> None:
    """Blanks and small letters are how people write them."""
    assert is_iban(iban)


@pytest.mark.parametrize(
    "iban",
    [
        "",
        "NL92ABNA0417164300",
        "NL91ABNA041716430",
        "NL91ABNA04171643001",
        "XX",
        "NL91ABNA04171643é0",
        "NL91ABN10417164300",
    ],
)
def test_a_wrong_account_number_is_refused(iban: str) -> None:
    """A wrong check digit, a wrong length, a strange sign."""
    assert not is_iban(iban)


@given(st.integers(0, 17), st.characters(codec="ascii", categories=("Lu", "Nd")))
def test_any_single_changed_sign_is_noticed(place: int, sign: str) -> None:
    """The check digits catch every typing mistake in one place."""
    changed = IBAN_PR[:place] + sign + IBAN_PR[place + 1 :]
    assert is_iban(changed) is (changed == IBAN_PR)


def test_an_account_number_is_stored_without_blanks() -> None:
    """Payment files want the bare number."""
    assert normal_iban("nl91 abna 0417 1643 00") == IBAN_PR
