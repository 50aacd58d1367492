"""What the payout commands say: a run, its corrections, a forecast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.markup import escape
from rich.table import Table

from scheduler.cli.console import STDOUT, plain_table
from scheduler.messages import text
from scheduler.payout.budget import KINDS, BudgetLine
from scheduler.payout.correct import Correction
from scheduler.payout.money import euros_dutch, hours_dutch
from scheduler.payout.outstanding import waiting_by_kind
from scheduler.payout.run import PAYMENT_FILE, Closing, PaymentRun
from scheduler.payout.sepa import payable_to
from scheduler.payout.totals import kind_sums, waiting_name
from scheduler.payout.transfer import BankFile


def show_run(run: PaymentRun) -> None:
    """Hours and money per kind, and what goes to whom in sum."""
    if run.is_empty:
        _say("payout.summary.nothing", period=run.period)
        return
    key = "draft" if run.ledger.folder is None else "title"
    _say(f"payout.summary.{key}", run=run.number, period=run.period)
    table = _money_table("payout.summary", "kind", "hours", "amount")
    sums = kind_sums(run.lines)
    for kind in (kind for kind in KINDS if kind in sums):
        minutes, cents = sums[kind]
        table.add_row(text(f"payout.kind.{kind}"), hours_dutch(minutes), euros_dutch(cents))
    minutes, cents = (sum(pair[place] for pair in sums.values()) for place in (0, 1))
    table.add_row(text("payout.summary.total"), hours_dutch(minutes), euros_dutch(cents), style="bold")
    for one in waiting_by_kind(run.outstanding):
        table.add_row(waiting_name(one.kind, one.year), hours_dutch(one.minutes), "")
    STDOUT.print(table)
    changed = run.lines[run.lines["reason"] != ""]
    if len(changed):
        amount = euros_dutch(int(changed["amount"].sum()))
        _say("payout.summary.corrections", amount=amount, shifts=changed["shift_id"].nunique())
    paid = euros_dutch(sum(payment.paid for payment in run.payments))
    _say("payout.summary.payees", count=len(run.payments), paid=paid)
    if carried := sum(payment.carried_out for payment in run.payments):
        _say("payout.summary.carried", amount=euros_dutch(carried))


def show_closed(closing: Closing, run: PaymentRun) -> None:
    """Where the closed run stands, and whether the bank's file is there."""
    folder = closing.run.folder
    assert folder is not None
    _say("payout.summary.closed", folder=folder, hash=closing.run.digest[:16])
    transfers = payable_to(run.payments)
    if (folder / PAYMENT_FILE).exists():
        amount = euros_dutch(sum(payment.paid for payment in transfers))
        _say("payout.summary.payment", file=folder / PAYMENT_FILE, count=len(transfers), amount=amount)
    else:
        _say("payout.summary.no_payment" if transfers else "payout.summary.nothing_to_transfer")


def show_voided(runs: Path, files: Sequence[BankFile]) -> None:
    """Which payment file of a run must not go to the bank any more."""
    for file in (file for file in files[-2:] if file.voided_on is not None):
        _say("payout.summary.voided", file=runs / file.name)


def show_corrections(found: Sequence[Correction], closed_runs: int) -> None:
    """Per payee old, new and difference, and below it each shift with the reason."""
    if not found:
        _say("payout.correct.none", count=closed_runs)
        return
    table = _money_table("payout.correct", "payee", "shift", "old", "new", "difference", "why")
    for one in found:
        name = " ".join(part for part in one.account if part)
        table.add_row(escape(name), "", *map(euros_dutch, (one.old, one.new, one.difference)), "", style="bold")
        for shift in one.shifts:
            amounts = map(euros_dutch, (shift.old, shift.new, shift.new - shift.old))
            table.add_row("", escape(shift.shift_id), *amounts, text(f"payout.reason.{shift.reason}"))
    sums = [sum(part) for part in zip(*((one.old, one.new, one.difference) for one in found), strict=True)]
    table.add_row(text("payout.correct.total"), "", *map(euros_dutch, sums), "", style="bold")
    STDOUT.print(table)


def show_budget(lines: Sequence[BudgetLine], unfilled: int) -> None:
    """The forecast per month and kind, with the year's sum below."""
    _say("payout.forecast.title")
    table = _money_table("payout.forecast", "month", "kind", "hours", "forecast", "budget", "over", "realised", "drift")
    for line in lines:
        name = text(f"payout.kind.{line.kind}")
        table.add_row(line.month, name, hours_dutch(line.forecast_minutes), *_amounts([line]))
    minutes = hours_dutch(sum(line.forecast_minutes for line in lines))
    table.add_row(text("payout.forecast.total"), "", minutes, *_amounts(lines), style="bold")
    STDOUT.print(table)
    for line in (line for line in lines if line.unrated_minutes):
        told = {"month": line.month, "kind": text(f"payout.kind.{line.kind}")}
        _say("payout.forecast.unrated", hours=hours_dutch(line.unrated_minutes), **told)
    if unfilled:
        _say("payout.forecast.unfilled", count=unfilled)


def _amounts(lines: Iterable[BudgetLine]) -> tuple[str, ...]:
    """Forecast, budget, their difference, realised and its drift; differences only over lines that have both."""
    lines = list(lines)
    budgeted = [(line.forecast, line.budget) for line in lines if line.budget is not None]
    realised = [(line.forecast, line.realised) for line in lines if line.realised is not None]
    return (
        euros_dutch(sum(line.forecast for line in lines)),
        euros_dutch(sum(budget for _, budget in budgeted)) if budgeted else "",
        euros_dutch(sum(forecast - budget for forecast, budget in budgeted)) if budgeted else "",
        euros_dutch(sum(paid for _, paid in realised)) if realised else "",
        euros_dutch(sum(paid - forecast for forecast, paid in realised)) if realised else "",
    )


def _money_table(room: str, *columns: str) -> Table:
    table = plain_table(room, *columns)
    for column, name in zip(table.columns, columns, strict=True):
        if name not in ("kind", "month", "payee", "shift", "why"):
            column.justify = "right"
    return table


def _say(key: str, **values: object) -> None:
    STDOUT.print(escape(text(key, **values)), soft_wrap=True)
