"""The payment file for the bank: a SEPA credit transfer, pain.001.001.09, valid under its schema."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from datetime import date, timedelta

from sepaxml import SepaTransfer
from sepaxml.validation import ValidationError, try_valid_xml
from text_unidecode import unidecode  # type: ignore[import-untyped]

from scheduler.domain.value import Value
from scheduler.errors import DossierError, Mistake, PayoutUnbalanced
from scheduler.messages import text
from scheduler.payout.iban import is_iban, normal_iban
from scheduler.payout.ledger import Ledger
from scheduler.payout.payment import Payment

SCHEMA = "pain.001.001.09"
_SPACE = f"{{urn:iso:std:iso:20022:tech:xsd:{SCHEMA}}}"
_OUTSIDE = re.compile(r"[^A-Za-z0-9/?:().,'+ -]")


class Debtor(Value):
    """The account of the HDS that payments come from."""

    name: str
    iban: str


def debtor_of(name: str, iban: str) -> Debtor:
    """A debtor with a checked account number; raises DossierError otherwise."""
    if not is_iban(iban):
        raise DossierError([Mistake("--debtor-iban", None, None, iban, text("payout.sepa.debtor_iban"))])
    if not _plain(name, 70):
        raise DossierError([Mistake("--debtor-name", None, None, name, text("payout.sepa.debtor_name"))])
    return Debtor(name=name, iban=normal_iban(iban))


def last_debtor(ledger: Ledger) -> Debtor | None:
    """The account that the latest closed run with a payment file paid from."""
    found = (run.record["debtor"] for run in reversed(ledger.runs) if run.record["debtor"])
    return next((Debtor(**debtor) for debtor in found), None)


def next_working_day(day: date) -> date:
    """The first Monday to Friday after `day`: banks carry a payment out on such a day."""
    following = day + timedelta(days=1)
    while following.weekday() >= 5:
        following += timedelta(days=1)
    return following


def payable_to(payments: Sequence[Payment]) -> list[Payment]:
    """The payments that ask for a transfer."""
    return [payment for payment in payments if payment.paid > 0]


def without_account(payments: Sequence[Payment]) -> list[Mistake]:
    """Everyone who must be paid but has no account number, all at once."""
    return [
        Mistake(
            "payees.csv",
            None,
            "iban",
            "",
            text("payout.sepa.no_account", gp_id=one.account.gp_id, payee=one.account.name),
        )
        for one in payable_to(payments)
        if not one.account.iban
    ]


def payment_file(
    payments: Sequence[Payment], debtor: Debtor, *, reference: str, subject: str, created: date, pay_on: date
) -> bytes:
    """The transfers of one run.

    `reference` (at most 28 plain signs) makes message and transfers recognisable to the bank: the same run gives the
    same references, so that a file sent twice can be refused there. `subject` stands on the payee's bank statement.
    """
    config = {"name": _plain(debtor.name, 70), "IBAN": debtor.iban, "batch": True, "currency": "EUR"}
    transfer = SepaTransfer(config, schema=SCHEMA, clean=True)
    for number, payment in enumerate(payable_to(payments), 1):
        transfer.add_payment(
            {
                "name": _plain(payment.account.name, 70),
                "IBAN": payment.account.iban,
                "amount": payment.paid,
                "execution_date": pay_on,
                "description": _plain(subject, 140),
                "endtoend_id": f"{reference}-{number:05}",
            }
        )
    return _sealed(transfer.export(validate=False), reference, created)


def _sealed(content: bytes, reference: str, created: date) -> bytes:
    """Give the message its own references instead of random ones, and check it against the schema."""
    root = ET.fromstring(content)
    for tag, value in (("MsgId", reference), ("PmtInfId", reference), ("CreDtTm", f"{created}T12:00:00")):
        for node in root.iter(f"{_SPACE}{tag}"):
            node.text = value
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


def _plain(written: str, longest: int) -> str:
    """Text in the signs that every SEPA bank accepts."""
    latin = str(unidecode(written)).replace("&", "+")
    return re.sub(r"\s+", " ", _OUTSIDE.sub(" ", latin)).strip()[:longest].strip()
