"""One payment run: prepared from what is due and what was closed before, then closed for good."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.dossier.findings import Notice
from scheduler.errors import DossierError
from scheduler.messages import text
from scheduler.payout.difference import difference
from scheduler.payout.entitled import payable
from scheduler.payout.ledger import LINES, PAYOUT, ClosedRun, Ledger, sealed_run
from scheduler.payout.linefile import lines_file, payout_file
from scheduler.payout.payees import PayeeBook
from scheduler.payout.payment import PAYMENTS, Payment, payments_file, payments_of, with_accounts
from scheduler.payout.period import days_in, require_finished
from scheduler.payout.printing import PdfUnavailable, pdfs_of
from scheduler.payout.runs_folder import keep_run, write_journal
from scheduler.payout.scope import days_to_settle, left_alone, tariffs_in_force
from scheduler.payout.sepa import Debtor, payable_to, payment_file, transfer_mistakes
from scheduler.payout.statements import Letterhead, statement_html, statements_of
from scheduler.payout.tariffs import TariffTable
from scheduler.payout.totals import TOTALS, require_balance, totals_file
from scheduler.payout.worked import Actuals

PAYMENT_FILE = "payment.xml"


@dataclass(frozen=True)
class PaymentRun:
    """A run that is ready to be closed; without lines there is nothing to pay and nothing to close."""

    dossier: Dossier
    ledger: Ledger
    tariffs: TariffTable
    period: Period
    closed_on: date
    lines: pd.DataFrame
    payments: tuple[Payment, ...]
    notices: tuple[Notice, ...]

    @property
    def number(self) -> int:
        """The number that it gets."""
        return self.ledger.next_number

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed since the closed runs."""
        return self.lines.empty


@dataclass(frozen=True)
class Closing:
    """A closed run, and why its statements have no PDF (None when they have)."""

    run: ClosedRun
    pdf_trouble: str | None


def prepare_run(
    dossier: Dossier,
    roster: Roster,
    tariffs: TariffTable,
    period: Period,
    *,
    today: date,
    actuals: Actuals | None = None,
    ledger: Ledger | None = None,
) -> PaymentRun:
    """What the next run pays for `period`, with differences over every day that closed runs of `ledger` paid.

    Raises DossierError naming every mistake: a month that is not finished on `today`, and all that `payable` names.
    """
    ledger = ledger or Ledger()
    actuals = actuals or Actuals()
    tariffs, remembered = tariffs_in_force(tariffs, ledger)
    unfinished = list(require_finished(period, dossier.period, today))
    scope = days_to_settle(dossier, roster, actuals, ledger, period)
    try:
        due = payable(dossier, roster, tariffs, actuals, scope, told_of=days_in(period, dossier.period))
    except DossierError as error:
        raise DossierError([*unfinished, *error.mistakes]) from error
    if unfinished:
        raise DossierError(unfinished)
    within = Period(start=max(period.start, dossier.period.start), end=min(period.end, dossier.period.end))
    closed = ledger.lines[ledger.lines["day"].isin(list(scope))]
    book = PayeeBook(dossier)
    lines = with_accounts(difference(closed, due.lines, ledger.days), book)
    payments = payments_of(lines, ledger.carried, book)
    notices = (*remembered, *left_alone(dossier, ledger, scope), *due.notices)
    return PaymentRun(dossier, ledger, tariffs, within, today, lines, payments, notices)


def close(run: PaymentRun, *, debtor: Debtor | None, pay_on: date, with_pdf: bool = True) -> Closing:
    """Write the run as one closed folder of its ledger; raises with nothing written when anything does not add up."""
    sealed = seal(run, debtor=debtor, pay_on=pay_on, with_pdf=with_pdf)
    closed = keep_run(run.ledger, sealed.run)
    assert run.ledger.folder is not None
    write_journal(run.ledger.folder, (*run.ledger.runs, closed))
    return Closing(closed, sealed.pdf_trouble)


def seal(run: PaymentRun, *, debtor: Debtor | None, pay_on: date, with_pdf: bool = True) -> Closing:
    """The run with all of its files, ready to be kept: nothing is written here.

    Without `debtor` there is no payment file. With one, everyone who is paid needs an account number and a name that a
    bank can write, and `pay_on` must be a banking day (DossierError names all that is wrong). Where PDF can't be made
    the rest is still sealed, and the answer says why. Raises PayoutUnbalanced when anything does not add up.
    """
    if debtor and (mistakes := transfer_mistakes(run.payments)):
        raise DossierError(mistakes)
    statements = statements_of(run.lines, run.payments, {gp.id: gp.name for gp in run.dossier.gps})
    stated = sum(statement.total for statement in statements)
    transfers = None
    if debtor and payable_to(run.payments):
        hds_id, created = run.dossier.hds_id, run.closed_on
        transfers = transfers_of(hds_id, run.number, run.period, run.payments, debtor, created, pay_on)
    require_balance(run.lines, run.payments, stated, transfers)
    contents = {
        PAYOUT: payout_file(run.lines),
        LINES: lines_file(run.lines),
        PAYMENTS: payments_file(run.payments),
        TOTALS: totals_file(run.dossier, run.lines, run.payments, stated, transfers),
    }
    if transfers is not None:
        contents[PAYMENT_FILE] = transfers
    head = Letterhead(run.dossier.hds_name, run.number, run.period, run.closed_on)
    pages = {f"statements/{one.payment.statement}": statement_html(one, head) for one in statements}
    contents |= {f"{name}.html": page.encode() for name, page in pages.items()}
    pdfs, trouble = _pdfs(pages) if with_pdf else ({}, None)
    return Closing(sealed_run(run.ledger, _facts(run, debtor, pay_on), contents | pdfs), trouble)


def transfers_of(
    hds_id: str,
    number: int,
    period: Period,
    payments: Sequence[Payment],
    debtor: Debtor,
    created: date,
    pay_on: date,
    version: int = 1,
) -> bytes:
    """The payment file of a run; its references depend on HDS, run, what it pays and `version`, and on nothing else.

    A later version, made in the place of a file that was not sent, has references of its own: a bank that saw the
    earlier one all the same must not take it for the same file.
    """
    subject = text("payout.sepa.subject", start=period.start, end=period.end, run=f"{number:04}")
    content = hashlib.sha256(f"{period}\n".encode() + payments_file(payments)).hexdigest()
    again = f"-{version}" if version > 1 else ""
    reference = f"{reference_of(hds_id)}-{number:04}-{content[:8]}{again}"
    return payment_file(payments, debtor, reference=reference, subject=subject, created=created, pay_on=pay_on)


def reference_of(hds_id: str) -> str:
    """The id of an HDS in the few plain signs that a bank's reference has room for."""
    return "".join(sign for sign in hds_id if sign.isascii() and sign.isalnum())[:10] or "ANW"


def _pdfs(pages: Mapping[str, str]) -> tuple[dict[str, bytes], str | None]:
    try:
        return {f"{name}.pdf": content for name, content in pdfs_of(pages).items()}, None
    except PdfUnavailable as error:
        return {}, str(error)


def _facts(run: PaymentRun, debtor: Debtor | None, pay_on: date) -> dict[str, Any]:
    return {
        "hds_id": run.dossier.hds_id,
        "period": [str(run.period.start), str(run.period.end)],
        "closed_on": str(run.closed_on),
        "pay_on": str(pay_on),
        "tariffs": [row.model_dump(mode="json") for row in run.tariffs.own],
        "debtor": debtor.model_dump() if debtor else None,
        "amount_cents": int(run.lines["amount"].sum()),
        "paid_cents": sum(payment.paid for payment in run.payments),
    }
