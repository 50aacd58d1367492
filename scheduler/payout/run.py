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
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text
from scheduler.payout.ledger import LINES, PAYOUT, ClosedRun, Ledger, sealed_run
from scheduler.payout.linefile import lines_file, payout_file
from scheduler.payout.outstanding import OUTSTANDING, is_same, missing_maxima, newly_waiting, outstanding_file
from scheduler.payout.payees import PayeeBook
from scheduler.payout.payment import PAYMENTS, Payment, payments_file, payments_of, with_accounts
from scheduler.payout.period import days_in, require_finished
from scheduler.payout.printing import PdfUnavailable, pdfs_of
from scheduler.payout.runs_folder import keep_run, write_journal
from scheduler.payout.scope import days_to_settle, left_alone, tariffs_in_force
from scheduler.payout.sepa import Debtor, payable_to, payment_file, transfer_mistakes
from scheduler.payout.settlement import Settlement, settle
from scheduler.payout.statements import Letterhead, statement_html, statements_of
from scheduler.payout.tariffs import TariffTable
from scheduler.payout.totals import TOTALS, require_balance, totals_file
from scheduler.payout.worked import Actuals

PAYMENT_FILE = "payment.xml"


@dataclass(frozen=True)
class PaymentRun:
    """A run that is ready to be closed; `outstanding` are the hours that wait for a maximum after it.

    Without lines, and with the same hours waiting as before, there is nothing to close.
    """

    dossier: Dossier
    ledger: Ledger
    tariffs: TariffTable
    period: Period
    closed_on: date
    lines: pd.DataFrame
    outstanding: pd.DataFrame
    payments: tuple[Payment, ...]
    notices: tuple[Notice, ...]

    @property
    def number(self) -> int:
        """The number that it gets."""
        return self.ledger.next_number

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed since the closed runs."""
        return self.lines.empty and is_same(self.outstanding, self.ledger.outstanding)


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

    Hours whose maximum is not known wait. Raises DossierError naming every mistake: a month that is not finished on
    `today`, all that `payable` names, and every missing maximum when nothing of the days asked for can be paid.
    """
    ledger = ledger or Ledger()
    actuals = actuals or Actuals()
    tariffs, remembered = tariffs_in_force(tariffs, ledger)
    unfinished = list(require_finished(period, dossier.period, today))
    scope = days_to_settle(dossier, roster, actuals, ledger, period)
    asked = days_in(period, dossier.period)
    try:
        found = settle(dossier, roster, tariffs, ledger, actuals, scope, told_of=asked)
    except DossierError as error:
        raise DossierError([*unfinished, *error.mistakes]) from error
    if mistakes := [*unfinished, *_nothing_payable(found, asked)]:
        raise DossierError(mistakes)
    within = Period(start=max(period.start, dossier.period.start), end=min(period.end, dossier.period.end))
    book = PayeeBook(dossier)
    lines, outstanding = (with_accounts(part, book) for part in (found.lines, found.outstanding))
    payments = payments_of(lines, newly_waiting(outstanding, ledger.outstanding), ledger.carried, book)
    notices = (*remembered, *left_alone(dossier, ledger, scope), *found.notices)
    return PaymentRun(dossier, ledger, tariffs, within, today, lines, outstanding, payments, notices)


def _nothing_payable(found: Settlement, asked: frozenset[date]) -> list[Mistake]:
    """Every missing maximum, when all that is due on the days asked for waits for one."""
    if found.due["day"].isin(list(asked)).any():
        return []
    return missing_maxima(found.outstanding[found.outstanding["day"].isin(list(asked))])


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
    statements = statements_of(run.lines, run.outstanding, run.payments, {gp.id: gp.name for gp in run.dossier.gps})
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
        TOTALS: totals_file(run.dossier, run.lines, run.outstanding, run.payments, stated, transfers),
    }
    if len(run.outstanding):
        contents[OUTSTANDING] = outstanding_file(run.outstanding)
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
        "outstanding_minutes": int(run.outstanding["minutes"].sum()),
    }
