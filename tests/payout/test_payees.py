"""Performer, payee and basis are separate and dated."""

from datetime import date

import pytest

from scheduler.domain.people import Contract
from scheduler.payout.payees import Account, PayeeBook, contract_on, payee_mistakes
from tests import builders
from tests.payout.paying import IBAN_A, IBAN_C, IBAN_PR, hds, payee

JUNE, JULY = date(2024, 6, 30), date(2024, 7, 1)


def test_a_later_row_takes_over_on_its_day() -> None:
    """C works for the practice from July."""
    rows = [payee("C", "Praktijk PR", IBAN_PR, "2024-07-01", via_practice=True), payee("C", "Waarneming C", IBAN_C)]
    book = PayeeBook(hds(payees=rows))
    assert book.of("C", JUNE) == ("Waarneming C", IBAN_C, "self_employed")
    assert book.of("C", JULY) == ("Praktijk PR", IBAN_PR, "via_practice")


def test_a_gp_without_row_is_paid_under_the_own_name_without_account() -> None:
    """Also before the first row begins."""
    book = PayeeBook(hds(payees=[payee("C", "Waarneming C", IBAN_C, "2024-07-01")]))
    assert book.of("C", JUNE) == ("Dokter C", "", "")
    assert book.of("A", JULY) == ("Dokter A", "", "")


def test_two_gps_of_one_name_without_account_are_told_apart() -> None:
    """Without account number the GP's id decides."""
    book = PayeeBook(hds(payees=[]))
    assert book.account("A", "J. de Vries", "") != book.account("C", "J. de Vries", "")


def test_money_goes_to_the_newest_account_of_a_payee() -> None:
    """The old account may be closed; another payee keeps its own."""
    rows = [payee("C", "C", IBAN_C), payee("C", "C", IBAN_PR, "2024-07-01"), payee("A", "A", IBAN_A)]
    book = PayeeBook(hds(payees=rows))
    assert book.account("C", "C", IBAN_C) == Account("C", IBAN_PR)
    assert book.carried(Account("C", IBAN_C)) == Account("C", IBAN_PR)
    assert book.account("A", "A", IBAN_A) == Account("A", IBAN_A)


def test_an_open_amount_follows_a_gp_who_gets_an_account() -> None:
    """Paid by hand at first, by the bank later; without account it stays with the GP."""
    before = PayeeBook(hds(payees=[])).account("C", "Dokter C", "")
    assert PayeeBook(hds(payees=[payee("C", "Dokter C", IBAN_C)])).carried(before) == Account("Dokter C", IBAN_C)
    assert PayeeBook(hds(payees=[])).carried(before) == before


def test_a_payee_renamed_on_the_same_account_is_the_same() -> None:
    """A typing mistake put right takes nothing back."""
    book = PayeeBook(hds(payees=[payee("C", "Waarneming C", IBAN_C)]))
    assert book.account("C", "Warneming C", IBAN_C) == Account("Waarneming C", IBAN_C)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (payee("A", "A", "NL92ABNA0417164300"), "iban"),
        (payee("A", " ", IBAN_A), "payee_name"),
        (payee("X", "X", IBAN_A), "gp_id"),
        (payee("C", "C", IBAN_A), "valid_from"),
    ],
)
def test_a_wrong_row_is_named(row: object, column: str) -> None:
    """A wrong check digit, no name, an unknown GP, two rows from one day."""
    found = list(payee_mistakes(hds(payees=[payee("C", "Waarneming C", IBAN_C), row])))
    assert [(mistake.file, mistake.column) for mistake in found] == [("payees.csv", column)]


def test_the_class_is_that_of_the_agreement_on_the_day() -> None:
    """A trainee who becomes a locum in July is paid from July."""
    dossier = hds().replace(agreements=[builders.agreement("T", valid_from=JULY, valid_until=date(2024, 12, 31))])
    assert contract_on(dossier, "T", JUNE) is Contract.TRAINEE
    assert contract_on(dossier, "T", JULY) is Contract.LOCUM
