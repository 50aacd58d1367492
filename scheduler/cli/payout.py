"""`anw payout`: pay a month, show what changed in closed ones, write a payment file later, forecast a year."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from scheduler.cli.console import STDERR, STDOUT, show_notices, show_trouble
from scheduler.cli.options import DossierFolder, RosterFolder
from scheduler.cli.status import Status
from scheduler.cli.usage import DutchCommand, DutchGroup
from scheduler.messages import text

if TYPE_CHECKING:
    from collections.abc import Callable

    from scheduler.domain.time import Period
    from scheduler.errors import Mistake
    from scheduler.payout.ledger import Ledger
    from scheduler.payout.run import PaymentRun
    from scheduler.payout.sepa import Debtor


T = TypeVar("T")


class _PayByDefault(DutchGroup):
    """Reads `anw payout DOSSIER DIR` as `anw payout run DOSSIER DIR`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the name of the default command in front, unless another one or help is asked for."""
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["run", *args]
        return super().parse_args(ctx, args)


def _option(name: str, metavar: str, **more: Any) -> Any:
    return typer.Option(name, metavar=metavar, help=text(f"payout.option.{name.removeprefix('--')}"), **more)


Tariffs = Annotated[Path | None, _option("--tariffs", "BESTAND")]
Month = Annotated[str | None, _option("--month", "JJJJ-MM")]
Days = Annotated[str | None, _option("--period", "VAN..TOT")]
Runs = Annotated[Path, _option("--out", "MAP")]
DebtorIban = Annotated[str | None, _option("--debtor-iban", "IBAN")]
DebtorName = Annotated[str | None, _option("--debtor-name", "NAAM")]
PayOn = Annotated[str | None, _option("--pay-on", "DATUM")]
RunNumber = Annotated[int, _option("--run", "NUMMER", min=1)]
Today = Annotated[str | None, _option("--today", "DATUM", hidden=True)]

app = typer.Typer(cls=_PayByDefault, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command("run", cls=DutchCommand, help=text("payout.command.run"))
def run(
    dossier: DossierFolder,
    folder: RosterFolder,
    month: Month = None,
    period: Days = None,
    tariffs: Tariffs = None,
    out: Annotated[Path | None, _option("--out", "MAP")] = None,
    debtor_iban: DebtorIban = None,
    debtor_name: DebtorName = None,
    pay_on: PayOn = None,
    no_pdf: Annotated[bool, typer.Option("--no-pdf", help=text("payout.option.no-pdf"))] = False,
    today: Today = None,
) -> None:
    """Pay one month or period, with differences over what was closed before."""
    from scheduler.cli.payout_report import show_run
    from scheduler.payout.intake import read_input
    from scheduler.payout.ledger import Ledger
    from scheduler.payout.period import require_finished
    from scheduler.payout.run import prepare_run
    from scheduler.payout.runs_folder import read_ledger

    together = _Together()
    day = together.take(lambda: _day("--today", today)) or _local_today()
    when = together.take(lambda: _day_to_pay_on(pay_on, day))
    days = together.take(lambda: _days(month, period))
    together.take(lambda: _given_debtor(debtor_iban, debtor_name or "HDS") if debtor_iban is not None else None)
    given = together.take(lambda: read_input(dossier, folder, tariffs))
    if given is None and days is not None:
        together.mistakes += require_finished(days, days, day)
    together.refuse()
    assert given is not None and days is not None and when is not None
    ledger = read_ledger(out, given.dossier.hds_id) if out else Ledger()
    prepared = prepare_run(
        given.dossier, given.roster, given.tariffs, days, today=day, actuals=given.actuals, ledger=ledger
    )
    debtor = _debtor(prepared, debtor_iban, debtor_name)
    show_notices((*given.notices, *prepared.notices))
    show_run(prepared)
    if out is not None:
        _close(prepared, debtor, when, with_pdf=not no_pdf)


def _close(prepared: PaymentRun, debtor: Debtor | None, when: date, *, with_pdf: bool) -> None:
    from scheduler.cli.payout_report import show_closed
    from scheduler.payout.run import close
    from scheduler.payout.runs_folder import write_journal

    if prepared.is_empty:
        if prepared.ledger.folder:
            write_journal(prepared.ledger.folder, prepared.ledger.runs)
        return
    if with_pdf:
        STDERR.print(text("payout.summary.working", count=len(prepared.payments)), style="dim", soft_wrap=True)
    closing = close(prepared, debtor=debtor, pay_on=when, with_pdf=with_pdf)
    show_closed(closing, prepared)
    if closing.pdf_trouble:
        show_trouble(closing.pdf_trouble)
        raise typer.Exit(Status.VIOLATIONS)


@app.command("correct", cls=DutchCommand, help=text("payout.command.correct"))
def correct(
    dossier: DossierFolder,
    folder: RosterFolder,
    out: Runs,
    month: Month = None,
    period: Days = None,
    tariffs: Tariffs = None,
) -> None:
    """Show per payee what the next run changes in closed ones; writes nothing."""
    from scheduler.cli.payout_report import show_corrections
    from scheduler.payout.correct import corrections
    from scheduler.payout.intake import read_input
    from scheduler.payout.runs_folder import read_ledger

    days = None if month is None and period is None else _days(month, period)
    given = read_input(dossier, folder, tariffs)
    ledger = read_ledger(out, given.dossier.hds_id)
    found = corrections(given.dossier, given.roster, given.tariffs, ledger, given.actuals, days)
    show_notices(given.notices)
    show_corrections(found, len(ledger.runs))


@app.command("transfer", cls=DutchCommand, help=text("payout.command.transfer"))
def transfer(
    dossier: DossierFolder,
    out: Runs,
    number: RunNumber,
    debtor_iban: DebtorIban = None,
    debtor_name: DebtorName = None,
    pay_on: PayOn = None,
    replace: Annotated[str | None, _option("--replace", "REDEN")] = None,
    today: Today = None,
) -> None:
    """Write the payment file of a run beside it: where there is none, or in the place of one that was not sent."""
    from scheduler.cli.payout_report import show_voided
    from scheduler.dossier import read_dossier
    from scheduler.payout.runs_folder import read_ledger
    from scheduler.payout.transfers_folder import make_transfer, read_bank_files, replace_transfer

    hds = read_dossier(dossier).dossier
    day = _day("--today", today) or _local_today()
    when = _day_to_pay_on(pay_on, day)
    ledger = read_ledger(out, hds.hds_id)
    given = _given_debtor(debtor_iban, debtor_name or hds.hds_name) if debtor_iban is not None else None
    if replace is None:
        debtor = given or _remembered_debtor(ledger) or _given_debtor("", hds.hds_name)
        written = make_transfer(hds, ledger, number, debtor, day, when)
    else:
        written = replace_transfer(hds, ledger, number, given, day, when, _reason(replace))
        show_voided(out, read_bank_files(ledger, number))
    STDOUT.print(text("payout.summary.transfer", file=written), soft_wrap=True)


@app.command("sent", cls=DutchCommand, help=text("payout.command.sent"))
def sent(dossier: DossierFolder, out: Runs, number: RunNumber, today: Today = None) -> None:
    """Put on record that the payment file of a run has gone to the bank."""
    from scheduler.dossier import read_dossier
    from scheduler.payout.runs_folder import read_ledger
    from scheduler.payout.transfers_folder import mark_sent

    ledger = read_ledger(out, read_dossier(dossier).dossier.hds_id)
    file = mark_sent(ledger, number, _day("--today", today) or _local_today())
    STDOUT.print(text("payout.summary.sent", file=out / file.name), soft_wrap=True)


@app.command("budget", cls=DutchCommand, help=text("payout.command.budget"))
def budget(
    dossier: DossierFolder,
    folder: RosterFolder,
    budget_file: Annotated[Path | None, _option("--budget", "BESTAND")] = None,
    runs: Annotated[Path | None, _option("--runs", "MAP")] = None,
    tariffs: Tariffs = None,
    out: Annotated[Path | None, _option("--table", "BESTAND")] = None,
) -> None:
    """Forecast a year from a roster, beside the budget and what was really paid."""
    from scheduler.cli.payout_report import show_budget
    from scheduler.payout.budget import forecast, read_budget, write_budget
    from scheduler.payout.intake import read_input
    from scheduler.payout.ledger import Ledger
    from scheduler.payout.runs_folder import read_ledger

    given = read_input(dossier, folder, tariffs)
    planned = read_budget(budget_file) if budget_file else {}
    ledger = read_ledger(runs, given.dossier.hds_id) if runs else Ledger()
    lines = forecast(given.dossier, given.roster, given.tariffs, planned, ledger)
    show_notices(given.notices)
    show_budget(lines, len(given.roster.unfilled))
    if out:
        write_budget(out, lines)


class _Together:
    """Goes on after a mistake, so that the next ones are told in the same breath."""

    def __init__(self) -> None:
        self.mistakes: list[Mistake] = []

    def take(self, work: Callable[[], T]) -> T | None:
        """What `work` gives, or None when it found mistakes."""
        from scheduler.errors import DossierError

        try:
            return work()
        except DossierError as error:
            self.mistakes += error.mistakes
            return None

    def refuse(self) -> None:
        """Raise every mistake found so far, if there is any."""
        from scheduler.errors import DossierError

        if self.mistakes:
            raise DossierError(self.mistakes)


def _days(month: str | None, period: str | None) -> Period:
    from scheduler.errors import DossierError, Mistake
    from scheduler.payout.period import month_of, period_of

    if (month is None) == (period is None):
        both = "" if month is None else f"{month}, {period}"
        raise DossierError([Mistake("--month", None, None, both, text("payout.period.one_of"))])
    return month_of(month) if month is not None else period_of(period or "")


def _day(option: str, written: str | None) -> date | None:
    from scheduler.errors import DossierError, Mistake

    try:
        return None if written is None else date.fromisoformat(written)
    except ValueError as error:
        raise DossierError([Mistake(option, None, None, written or "", text("payout.period.day"))]) from error


def _day_to_pay_on(written: str | None, today: date) -> date:
    from scheduler.payout.banking_days import day_to_pay_on

    return day_to_pay_on(_day("--pay-on", written), today)


def _reason(written: str) -> str:
    from scheduler.domain.plain_text import begins_like_formula, has_line_break
    from scheduler.errors import DossierError, Mistake

    reason = written.strip()
    if not reason or has_line_break(reason) or begins_like_formula(reason):
        raise DossierError([Mistake("--replace", None, None, written, text("payout.transfer.reason"))])
    return reason


def _local_today() -> date:
    from datetime import datetime

    from scheduler.domain.time import AMSTERDAM

    return datetime.now(AMSTERDAM).date()


def _debtor(prepared: PaymentRun, iban: str | None, name: str | None) -> Debtor | None:
    """The account given, else the one of the last run that had one, else none: then there is no payment file.

    With one, everyone who is paid needs an account and a name that a bank can write; all who lack one are named.
    """
    from scheduler.errors import DossierError
    from scheduler.payout.sepa import transfer_mistakes

    hds_name = prepared.dossier.hds_name
    debtor = _remembered_debtor(prepared.ledger) if iban is None else _given_debtor(iban, name or hds_name)
    if debtor and (mistakes := transfer_mistakes(prepared.payments)):
        raise DossierError(mistakes)
    return debtor


def _remembered_debtor(ledger: Ledger) -> Debtor | None:
    from scheduler.payout.transfers_folder import debtor_to_remember

    return debtor_to_remember(ledger)


def _given_debtor(iban: str | None, name: str) -> Debtor:
    from scheduler.payout.sepa import debtor_of

    return debtor_of(name, iban or "")
