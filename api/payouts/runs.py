"""Asking about pay without closing anything: corrections, forecast, and a bank file made later."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import now
from api.db.tables.payouts import PaymentTransfer
from api.errors import Problem
from api.payouts import payees, repository, run_repository
from api.payouts.closing import debtor_for, pay_day
from api.payouts.dues import asked_period, dues_in, in_words_of_the_service, last_paid
from api.payouts.run_schemas import Corrections, ForecastAsked, ForecastLine, TransferEntry
from api.payouts.showing import PAYMENT_FILE, shown_corrections
from api.payouts.store import read_ledger
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text


def corrections(session: Session, hds_id: str, month: str | None, period: str | None) -> Corrections:
    """What the next run would change in closed ones over these days.

    None given: on every closed day of the dossier that the last run paid by.
    """
    from scheduler.payout import corrections as corrections_of
    from scheduler.payout.ledger import READ_TO_PAY

    ledger = read_ledger(session, hds_id, only=READ_TO_PAY)
    asked = None if month is None and period is None else asked_period(month, period)
    dues = dues_in(session, hds_id, asked or last_paid(ledger))
    days = asked or dues.dossier.period
    with in_words_of_the_service():
        found = corrections_of(dues.dossier, dues.roster, dues.tariffs, ledger, dues.actuals, asked)
    return Corrections(
        period_start=days.start, period_end=days.end, difference_cents=sum(one.difference for one in found),
        payees=shown_corrections(found),
    )  # fmt: skip


def transfer(session: Session, who: Member, number: int, entry: TransferEntry) -> PaymentTransfer:
    """Make the bank file of a run that was closed without one, once.

    Raises Problem `not_found`, or `wrong_state` when it has one or pays nothing out; DossierError naming everybody
    without account number, or when no account to pay from is known.
    """
    from scheduler.payout.sepa import payable_to
    from scheduler.payout.transfer import transfer_of

    repository.lock_hds(session, who.hds_id)
    run_repository.run(session, who.hds_id, number)
    ledger = read_ledger(session, who.hds_id)
    run = ledger.runs[number - 1]
    if PAYMENT_FILE in run.files or run_repository.transfer(session, who.hds_id, number):
        raise Problem("wrong_state", text("payout.transfer.exists", run=f"run-{number:04}"))
    if not payable_to(run.payments):
        raise Problem("wrong_state", text("payouts.nothing_to_transfer"))
    debtor = debtor_for(ledger, entry.debtor, payees.dossier_of(session, who.hds_id, None).hds_name)
    if debtor is None:
        raise DossierError([Mistake("debtor.iban", None, None, "", text("payout.sepa.debtor_iban"))])
    with in_words_of_the_service():
        content = transfer_of(who.hds_id, run, debtor, pay_day(entry.pay_on))
    row = PaymentTransfer(
        hds_id=who.hds_id, number=number, pay_on=pay_day(entry.pay_on), debtor_name=debtor.name,
        debtor_iban=debtor.iban, content=content, sha256=hashlib.sha256(content).hexdigest(), made_at=now(),
        made_by=who.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"sha256": row.sha256, "pay_on": str(row.pay_on)}
    record(session, who.hds_id, who.user_id, Act("payout.transferred", f"payout/run/{number}", after=after))
    return row


def forecast(session: Session, hds_id: str, asked: ForecastAsked) -> list[ForecastLine]:
    """What the roster in force will cost per month and kind, beside a budget and what closed runs paid."""
    from scheduler.payout import forecast as forecast_of
    from scheduler.payout.ledger import READ_TO_PAY

    ledger = read_ledger(session, hds_id, only=READ_TO_PAY)
    dues = dues_in(session, hds_id, asked_period(asked.month, None))
    budget = {(one.month, str(one.kind)): one.amount_cents for one in asked.budget}
    with in_words_of_the_service():
        lines = forecast_of(dues.dossier, dues.roster, dues.tariffs, budget, ledger)
    return [
        ForecastLine(
            month=line.month, kind=line.kind, kind_name=text(f"payout.kind.{line.kind}"),
            forecast_minutes=line.forecast_minutes, forecast_cents=line.forecast, budget_cents=line.budget,
            realised_minutes=line.realised_minutes, realised_cents=line.realised,
        )
        for line in lines
    ]  # fmt: skip


def whole_journal(session: Session, hds_id: str) -> bytes:
    """The `payout.csv` of all closed runs together; only its header before the first."""
    from scheduler.payout.ledger import PAYOUT, READ_TO_PAY, journal
    from scheduler.payout.linefile import PAYOUT_COLUMNS, csv_bytes

    ledger = read_ledger(session, hds_id, only=READ_TO_PAY | {PAYOUT})
    return journal(ledger.runs) or csv_bytes(PAYOUT_COLUMNS, ())
