"""Asking about pay without closing anything: corrections, a forecast, the lines of all runs."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.payouts.dues import asked_period, dues_in, in_words_of_the_service, last_paid
from api.payouts.run_schemas import Corrections, ForecastAsked, ForecastLine
from api.payouts.showing import shown_corrections
from api.payouts.store import read_ledger
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
            unrated_minutes=line.unrated_minutes,
        )
        for line in lines
    ]  # fmt: skip


def whole_journal(session: Session, hds_id: str) -> bytes:
    """The `payout.csv` of all closed runs together; only its header before the first."""
    from scheduler.csv_text import csv_bytes
    from scheduler.payout.ledger import PAYOUT, READ_TO_PAY, journal
    from scheduler.payout.linefile import PAYOUT_COLUMNS

    ledger = read_ledger(session, hds_id, only=READ_TO_PAY | {PAYOUT})
    return journal(ledger.runs) or csv_bytes(PAYOUT_COLUMNS, ())
