"""The bank's file is valid, adds up and can be recognised when sent twice."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from sepaxml.validation import try_valid_xml

from scheduler.errors import DossierError
from scheduler.payout.payees import Account
from scheduler.payout.payment import Payment
from scheduler.payout.sepa import debtor_of, next_working_day, paid_in, payment_file, without_account
from tests.payout.paying import HDS_ACCOUNT, IBAN_A, IBAN_C

SPACE = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.09}"


def payment(cents: int, name: str = "Dokter A", iban: str = IBAN_A) -> Payment:
    """A payment of this many cents; a negative one is carried."""
    return Payment("0001-a", Account(name, iban), cents, 0, max(0, cents), min(0, cents))


def file_of(*payments: Payment) -> bytes:
    """The file for these payments."""
    return payment_file(
        payments, HDS_ACCOUNT, reference="test-0001", subject="ANW-diensten", created=date(2024, 2, 1),
        pay_on=date(2024, 2, 2),
    )  # fmt: skip


def texts(content: bytes, tag: str) -> list[str | None]:
    """The texts of all nodes of one name."""
    return [node.text for node in ET.fromstring(content).iter(f"{SPACE}{tag}")]


def test_the_file_is_valid_under_its_schema_and_adds_up() -> None:
    """One transfer per payee, with its cents; a payee who owes money has none."""
    content = file_of(payment(123456), payment(1, "Waarneming C", IBAN_C), payment(-500))
    try_valid_xml(content, "pain.001.001.09")
    assert texts(content, "InstdAmt") == ["1234.56", "0.01"]
    assert texts(content, "CtrlSum") == ["1234.57", "1234.57"]
    assert texts(content, "NbOfTxs") == ["2", "2"]
    assert texts(content, "IBAN") == [HDS_ACCOUNT.iban, IBAN_A, IBAN_C]
    assert texts(content, "ReqdExctnDt")[0] is None
    assert texts(content, "Dt") == ["2024-02-02"]
    assert paid_in(content) == 123457


def test_the_same_run_gives_the_same_file() -> None:
    """So that a bank can refuse the second."""
    assert file_of(payment(100)) == file_of(payment(100))
    assert texts(file_of(payment(100)), "MsgId") == ["test-0001"]
    assert texts(file_of(payment(100)), "EndToEndId") == ["test-0001-00001"]


def test_names_are_written_in_the_signs_of_every_bank() -> None:
    """Accents, ampersands and length."""
    assert texts(file_of(payment(100, "Ørsted & Çelik <X>")), "Nm")[-1] == "Orsted + Celik X"
    assert len(texts(file_of(payment(100, "n" * 200)), "Nm")[-1] or "") == 70


def test_everyone_without_account_is_named_except_who_gets_nothing() -> None:
    """Two of three."""
    found = without_account([payment(1, "A", ""), payment(2, "C", ""), payment(-2, "B", "")])
    assert [mistake.expected.split(":")[0].split()[-1] for mistake in found] == ["A", "C"]


@pytest.mark.parametrize(("name", "iban"), [("HDS", "NL00ABNA0417164300"), ("HDS", ""), ("<>", IBAN_A)])
def test_a_wrong_account_of_the_hds_is_refused(name: str, iban: str) -> None:
    """Before anything is paid."""
    with pytest.raises(DossierError):
        debtor_of(name, iban)


def test_banks_do_not_work_at_weekends() -> None:
    """Friday and Saturday give Monday."""
    friday = date(2024, 2, 2)
    assert [next_working_day(friday.replace(day=day)).day for day in (1, 2, 3, 4)] == [2, 5, 5, 5]
