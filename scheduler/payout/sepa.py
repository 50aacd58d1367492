"""The payment file for the bank: a SEPA credit transfer, pain.001.001.09, as Dutch banks take it.

Which rules of the schema, of the EPC and of Dutch banks are kept stands in the README of this room, with sources.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from datetime import date

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml

from scheduler.domain.value import Value
from scheduler.errors import DossierError, Mistake, PayoutUnbalanced
from scheduler.messages import text
from scheduler.payout.bank_text import bank_name, bank_text
from scheduler.payout.banking_days import require_banking_day
from scheduler.payout.iban import is_iban, normal_iban
from scheduler.payout.ledger import Ledger
from scheduler.payout.money import euros_dutch
from scheduler.payout.payment import Payment

SCHEMA = "pain.001.001.09"
_SPACE = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"
_LONGEST_SUBJECT = 140
_NO_BIC = "NOTPROVIDED"
_LARGEST = 999_999_999_99
"""Cents of one transfer, the most that the scheme knows."""


class Debtor(Value):
    """The account of the HDS that payments come from."""

    name: str
    iban: str


def debtor_of(name: str, iban: str) -> Debtor:
    """A debtor with a checked account number; raises DossierError otherwise."""
    if not is_iban(iban):
        raise DossierError([Mistake("--debtor-iban", None, None, iban, text("payout.sepa.debtor_iban"))])
    if not bank_name(name):
        raise DossierError([Mistake("--debtor-name", None, None, name, text("payout.sepa.debtor_name"))])
    return Debtor(name=name, iban=normal_iban(iban))


def last_debtor(ledger: Ledger) -> Debtor | None:
    """The account that the latest closed run with a payment file paid from."""
    found = (run.record["debtor"] for run in reversed(ledger.runs) if run.record["debtor"])
    return next((Debtor(**debtor) for debtor in found), None)


def payable_to(payments: Sequence[Payment]) -> list[Payment]:
    """The payments that ask for a transfer."""
    return [payment for payment in payments if payment.paid > 0]


def transfer_mistakes(payments: Sequence[Payment]) -> list[Mistake]:
    """What stands in the way of a payment file, all at once.

    Everyone who must be paid without an account number, under a name that no bank can write, or above the most that
    one transfer may hold.
    """
    return [mistake for payment in payable_to(payments) for mistake in _mistakes_of(payment)]


def _mistakes_of(payment: Payment) -> Iterator[Mistake]:
    account = payment.account
    names = {"gp_id": account.gp_id, "payee": account.name, "iban": account.iban}
    if not account.iban:
        yield Mistake("payees.csv", None, "iban", "", text("payout.sepa.no_account", **names))
    if not bank_name(account.name):
        yield Mistake("payees.csv", None, "payee_name", account.name, text("payout.sepa.no_name", **names))
    if payment.paid > _LARGEST:
        found = euros_dutch(payment.paid)
        yield Mistake("payees.csv", None, "payee_name", found, text("payout.sepa.too_much", **names))


def payment_file(
    payments: Sequence[Payment], debtor: Debtor, *, reference: str, subject: str, created: date, pay_on: date
) -> bytes:
    """The transfers of one run.

    `reference` (letters, digits and hyphens, at most 29) makes message and transfers recognisable to the bank: the
    same file has the same references, so that one sent twice can be refused there. `subject` stands on the payee's
    bank statement. `payments` must have passed `transfer_mistakes`. Raises DossierError when banks are closed on
    `pay_on`.
    """
    require_banking_day(pay_on)
    config = {"name": bank_name(debtor.name), "IBAN": debtor.iban, "batch": True, "currency": "EUR"}
    transfer = SepaTransfer(config, schema=SCHEMA, clean=True)
    for number, payment in enumerate(payable_to(payments), 1):
        transfer.add_payment(
            {
                "name": bank_name(payment.account.name),
                "IBAN": payment.account.iban,
                "amount": payment.paid,
                "execution_date": pay_on,
                "description": bank_text(subject, _LONGEST_SUBJECT),
                "endtoend_id": f"{reference}-{number:05}",
            }
        )
    return _sealed(transfer.export(validate=False), reference, created)


def _sealed(content: bytes, reference: str, created: date) -> bytes:
    """Give the message its own references instead of random ones, say that no BIC is given, check it by its schema.

    An agent of the debtor without BIC must be said to be not provided: banks refuse the empty element that the schema
    lets through.
    """
    root = ET.fromstring(content)
    for tag, value in (("MsgId", reference), ("PmtInfId", reference), ("CreDtTm", f"{created}T12:00:00")):
        for node in root.iter(f"{_SPACE}{tag}"):
            node.text = value
    for bank in root.iterfind(f".//{_SPACE}DbtrAgt/{_SPACE}FinInstnId"):
        other = ET.SubElement(bank, f"{_SPACE}Othr")
        ET.SubElement(other, f"{_SPACE}Id").text = _NO_BIC
    ET.register_namespace("", _SPACE.strip("{}"))
    sealed: bytes = b'<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="utf-8")
    try:
        try_valid_xml(sealed, SCHEMA)
    except ValidationError as error:
        raise PayoutUnbalanced(text("payout.sepa.invalid", reason=str(error.__cause__ or error))) from error
    return sealed


def paid_in(content: bytes) -> int:
    """Cents that a payment file transfers, added up from its transfers."""
    amounts = (node.text or "" for node in ET.fromstring(content).iter(f"{_SPACE}InstdAmt"))
    return sum(int(amount.replace(".", "")) for amount in amounts)
