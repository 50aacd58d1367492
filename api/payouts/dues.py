"""What a payment is reckoned from: dossier, roster in force, hours really worked, tariffs and closed runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.clock import today
from api.dossiers.mapping import gp_ids, read_dossier
from api.errors import Problem
from api.payouts import repository
from api.payouts.mapping import actuals_of, table_of
from api.payouts.store import read_ledger
from api.rosters.mapping import read_duties_in
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text

if TYPE_CHECKING:
    from scheduler.payout.ledger import Ledger
    from scheduler.payout.run import PaymentRun
    from scheduler.payout.tariffs import TariffTable
    from scheduler.payout.worked import Actuals

_FIRST_YEAR, _LAST_YEAR = 2000, 2100
_NAMES = {
    "--month": "month", "--period": "period", "--debtor-iban": "debtor.iban", "--debtor-name": "debtor.name",
    "--pay-on": "pay_on",
}  # fmt: skip


@dataclass(frozen=True)
class Dues:
    """Everything but the closed runs, as it is now."""

    dossier_id: int
    dossier: Dossier
    roster: Roster
    tariffs: TariffTable
    actuals: Actuals


def asked_period(month: str | None, period: str | None) -> Period:
    """The days of a month `YYYY-MM` or of a period `YYYY-MM-DD..YYYY-MM-DD`, one of which is given.

    Raises DossierError on anything else.
    """
    from scheduler.payout.period import month_of, period_of

    if (month is None) == (period is None):
        raise DossierError([Mistake("month", None, None, month or "", text("payouts.one_of"))])
    with in_words_of_the_service():
        found = month_of(month) if month is not None else period_of(period or "")
    if not _FIRST_YEAR <= found.start.year <= found.end.year <= _LAST_YEAR:
        raise DossierError([Mistake("period", None, None, str(found), text("payouts.our_time"))])
    return found


def dues_in(session: Session, hds_id: str, period: Period) -> Dues:
    """What is due may be reckoned from this for the days of `period`.

    The dossier is the one that the duties of those days were published from (the last of several), with every duty of
    the HDS in its period. Raises Problem `wrong_state` when no roster is in force there, DossierError when duties of
    the period lie outside that dossier.
    """
    dossier_id = repository.dossier_in_force(session, hds_id, period)
    if dossier_id is None:
        raise Problem("wrong_state", text("payouts.no_roster", period=period))
    dossier = read_dossier(session, repository.dossier(session, hds_id, dossier_id))
    if repository.duties_outside(session, hds_id, period, dossier.period):
        expected = text("payouts.one_dossier", dossier=dossier.period)
        raise DossierError([Mistake("period", None, None, str(period), expected)])
    actuals = actuals_of(
        repository.worked_in(session, hds_id, dossier.period),
        repository.call_ins_in(session, hds_id, dossier.period),
        gp_ids(session, hds_id),
    )
    tariffs = table_of(repository.tariffs(session, hds_id))
    return Dues(dossier_id, dossier, read_duties_in(session, hds_id, dossier.period), tariffs, actuals)


def prepared(session: Session, hds_id: str, period: Period, *, every_file: bool = False) -> PaymentRun:
    """The next run for `period`, with differences over every day that closed runs paid.

    `every_file` checks every file of the closed runs, else only what this is reckoned from. Raises as `dues_in` and
    `read_ledger` do, and DossierError with all that stands in the way.
    """
    from scheduler.payout.ledger import READ_TO_PAY
    from scheduler.payout.run import prepare_run

    ledger = read_ledger(session, hds_id, only=None if every_file else READ_TO_PAY)
    dues = dues_in(session, hds_id, period)
    with in_words_of_the_service():
        return prepare_run(
            dues.dossier, dues.roster, dues.tariffs, period, today=today(), actuals=dues.actuals, ledger=ledger
        )


def last_paid(ledger: Ledger) -> Period:
    """The days that the last closed run paid; raises Problem `not_found` before the first."""
    if not ledger.runs:
        raise Problem("not_found", text("payouts.no_runs"))
    return ledger.runs[-1].period


@contextmanager
def in_words_of_the_service() -> Iterator[None]:
    """Tell mistakes of the engine in the words of the service: members of a request instead of options."""
    try:
        yield
    except DossierError as error:
        raise DossierError([_reworded(mistake) for mistake in error.mistakes]) from error


def _reworded(mistake: Mistake) -> Mistake:
    if mistake.file == "--tariffs" and mistake.column:
        kind = text(f"payout.kind.{mistake.column}")
        return replace(
            mistake, file="tariffs", expected=text("payouts.tariff_missing", kind=kind, year=mistake.found)
        )  # fmt: skip
    return replace(mistake, file=_NAMES.get(mistake.file, mistake.file))
