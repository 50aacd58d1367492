"""The payment files of a closed run: made with it or after it, corrected while not sent, and known to be sent.

A closed run itself never changes. Its payment file may have to: the bank refuses the day, or the account was wrong.
As long as a file was not sent, a next version takes its place; the earlier one is void from then on, on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.errors import DossierError, OutputError
from scheduler.messages import text
from scheduler.payout.ledger import ClosedRun, run_name
from scheduler.payout.payees import PayeeBook
from scheduler.payout.payment import Payment
from scheduler.payout.run import PAYMENT_FILE, transfers_of
from scheduler.payout.sepa import Debtor, payable_to, transfer_mistakes


@dataclass(frozen=True, slots=True)
class BankFile:
    """One version of the payment file of a run; `debtor` and `pay_on` are what it says.

    `voided_on` is the day on which a later version took its place, for `reason`; `sent_on` the day on which somebody
    said that it had gone to the bank.
    """

    run: int
    version: int
    name: str
    sha256: str
    pay_on: date
    debtor: Debtor
    made_on: date
    sent_on: date | None = None
    voided_on: date | None = None
    reason: str = ""


def sealed_bank_file(run: ClosedRun) -> BankFile | None:
    """The payment file that a run was closed with, its first version; None when it was closed without one."""
    record = run.record
    if PAYMENT_FILE not in record["files"]:
        return None
    return BankFile(
        run.number, 1, f"{run_name(run.number)}/{PAYMENT_FILE}", record["files"][PAYMENT_FILE],
        date.fromisoformat(record["pay_on"]), Debtor(**record["debtor"]), run.closed_on,
    )  # fmt: skip


def transfer_of(
    dossier: Dossier, run: ClosedRun, debtor: Debtor, made_on: date, pay_on: date, version: int = 1
) -> bytes:
    """A payment file for a closed run, to the accounts that its payees have by now.

    Raises DossierError naming everyone without account number or with a name that no bank can write, and for a day
    that is no banking day; OutputError when the run pays nothing out.
    """
    payments = _to_present_accounts(run.payments, PayeeBook(dossier))
    if not payable_to(payments):
        raise OutputError(text("payout.transfer.nothing", run=run_name(run.number)))
    if mistakes := transfer_mistakes(payments):
        raise DossierError(mistakes)
    return transfers_of(dossier.hds_id, run.number, run.period, payments, debtor, made_on, pay_on, version)


def _to_present_accounts(payments: Sequence[Payment], book: PayeeBook) -> tuple[Payment, ...]:
    return tuple(payment._replace(account=book.carried(payment.account)) for payment in payments)


def require_none_yet(files: Sequence[BankFile], number: int) -> None:
    """Raise OutputError when the run has a payment file already: a second one could pay twice."""
    if files:
        raise OutputError(text("payout.transfer.exists", run=run_name(number)))


def require_unsent(files: Sequence[BankFile], number: int) -> BankFile:
    """The file that is in force; raises OutputError without one, and when it was sent."""
    if not files:
        raise OutputError(text("payout.transfer.none", run=run_name(number)))
    if (sent := files[-1].sent_on) is not None:
        raise OutputError(text("payout.transfer.sent", run=run_name(number), day=sent))
    return files[-1]
