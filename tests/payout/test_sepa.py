"""The bank's file is valid, adds up and can be recognised when sent twice."""

import re
import xml.etree.ElementTree as ET
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sepaxml.validation import try_valid_xml

from scheduler.errors import DossierError
from scheduler.payout.payees import Account
from scheduler.payout.payment import Payment
from scheduler.payout.sepa import debtor_of, paid_in, payment_file, transfer_mistakes
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
    found = transfer_mistakes([payment(1, "A", ""), payment(2, "C", ""), payment(-2, "B", "")])
    assert [mistake.expected.split(":")[0].split()[-1] for mistake in found] == ["A", "C"]


@pytest.mark.parametrize(("name", "iban"), [("HDS", "NL00ABNA0417164300"), ("HDS", ""), ("<>", IBAN_A)])
def test_a_wrong_account_of_the_hds_is_refused(name: str, iban: str) -> None:
    """Before anything is paid."""
    with pytest.raises(DossierError):
        debtor_of(name, iban)


def test_the_bank_of_the_hds_is_said_to_be_not_provided() -> None:
    """An empty agent is valid under the schema and refused by banks; the account number alone is enough."""
    (agent,) = ET.fromstring(file_of(payment(1))).iter(f"{SPACE}DbtrAgt")
    assert [(node.tag, node.text) for node in agent.iter() if node.text] == [(f"{SPACE}Id", "NOTPROVIDED")]
    assert texts(file_of(payment(1)), "BICFI") == []


def test_no_address_and_no_purpose_are_given() -> None:
    """An address need not be there, and a free one is refused since November 2026; a purpose is not asked for."""
    content = file_of(payment(1))
    assert [texts(content, tag) for tag in ("PstlAdr", "AdrLine", "Purp", "CtgyPurp")] == [[], [], [], []]


@pytest.mark.parametrize("name", ["★", "&", "()", " - "])
def test_a_name_that_no_bank_can_write_names_its_payee(name: str) -> None:
    """What is left of it holds no letter and no digit; the account tells which payee it is."""
    (mistake,) = transfer_mistakes([payment(1), payment(1, name), payment(-1, name)])
    assert (mistake.column, mistake.found) == ("payee_name", name)
    assert IBAN_A in mistake.expected


def test_an_amount_above_that_of_the_scheme_is_refused() -> None:
    """The most in one transfer is 999,999,999.99."""
    assert transfer_mistakes([payment(999_999_999_99)]) == []
    assert [mistake.found for mistake in transfer_mistakes([payment(1_000_000_000_00)])] == ["1.000.000.000,00"]


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=90), st.text(max_size=200))
def test_any_name_gives_a_file_in_the_signs_of_every_bank_or_a_mistake(name: str, subject: str) -> None:
    """The Latin set of the EPC, at most 70 signs in a name and 140 in a description, valid under the schema."""
    one = payment(1, name)
    if transfer_mistakes([one]):
        return
    content = payment_file(
        [one], HDS_ACCOUNT, reference="test-0001", subject=f"run {subject}", created=date(2024, 2, 1),
        pay_on=date(2024, 2, 2),
    )  # fmt: skip
    for tag, longest in (("Nm", 70), ("Ustrd", 140)):
        assert all(re.fullmatch(rf"[A-Za-z0-9/?:().,'+ -]{{1,{longest}}}", str(found)) for found in texts(content, tag))


def test_a_file_for_a_day_on_which_banks_are_closed_is_not_made() -> None:
    """Whoever asks for it."""
    with pytest.raises(DossierError, match="2027-03-30"):
        payment_file(
            [payment(1)], HDS_ACCOUNT, reference="test-0001", subject="x", created=date(2027, 3, 1),
            pay_on=date(2027, 3, 26),
        )  # fmt: skip
