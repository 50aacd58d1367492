"""From roster and hours really worked to payment lines, or to every mistake that stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import HOUR
from scheduler.dossier.findings import Notice
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text
from scheduler.payout.duties import duties_of
from scheduler.payout.lines import lines_of
from scheduler.payout.mistaken import actual_mistakes
from scheduler.payout.payees import payee_mistakes
from scheduler.payout.people import is_paid, paid_twice, with_people
from scheduler.payout.rates import Rates, rate_mistakes
from scheduler.payout.tariffs import TariffTable
from scheduler.payout.worked import Actuals

ROSTER = "roster.csv"
_SHOWN = 12


@dataclass(frozen=True)
class Payable:
    """What is due for a set of days, closed runs left aside.

    `lines` as `scheduler.payout.lines` describes, `outstanding` the hours without a known maximum, as
    `scheduler.payout.outstanding` does.
    """

    lines: pd.DataFrame
    outstanding: pd.DataFrame
    notices: tuple[Notice, ...]


def payable(
    dossier: Dossier,
    roster: Roster,
    tariffs: TariffTable,
    actuals: Actuals | None = None,
    days: frozenset[date] | None = None,
    told_of: frozenset[date] | None = None,
) -> Payable:
    """What is due for the shifts that start on `days` (None: all), with notices about the days `told_of` (None: all).

    Raises DossierError naming every mistake.
    """
    actuals = actuals or Actuals()
    mistakes = [*_unknown(dossier, roster), *payee_mistakes(dossier)]
    unsound = list(rate_mistakes(dossier.payout, tariffs, dossier.period))
    wrongly_told = list(actual_mistakes(dossier, roster, actuals))
    mistakes += [*unsound, *wrongly_told]
    if unsound or len(mistakes) > len(unsound) + len(wrongly_told):
        raise DossierError(mistakes)
    duties = with_people(duties_of(roster, Actuals() if wrongly_told else actuals, days), dossier)
    paid = is_paid(duties)
    try:
        lines, outstanding = lines_of(dossier, duties[paid], Rates(dossier.payout, tariffs))
    except DossierError as error:
        raise DossierError([*mistakes, *error.mistakes]) from error
    if mistakes:
        raise DossierError(mistakes)
    told_days = days if told_of is None else told_of
    return Payable(lines, outstanding, tuple(_notices(duties, paid, lines, roster, actuals, told_days)))


def _unknown(dossier: Dossier, roster: Roster) -> Iterator[Mistake]:
    for shift_id, gp_id in roster.gp_of.items():
        if gp_id not in dossier.gp_by_id:
            yield Mistake(ROSTER, None, "gp_id", gp_id, text("payout.known_gp_on", shift_id=shift_id))


def _unfilled(roster: Roster, actuals: Actuals, days: frozenset[date] | None) -> int:
    told = {stretch.shift_id for stretch in actuals.worked}
    return sum(1 for shift in roster.unfilled if shift.id not in told and (days is None or shift.day in days))


def _notices(
    duties: pd.DataFrame,
    paid: pd.Series[bool],
    lines: pd.DataFrame,
    roster: Roster,
    actuals: Actuals,
    days: frozenset[date] | None,
) -> Iterator[Notice]:
    if days is not None:
        told = duties["day"].isin(list(days))
        duties, paid, lines = duties[told], paid[told], lines[lines["day"].isin(list(days))]
    unfilled = _unfilled(roster, actuals, days)
    for duty in duties[~paid].to_dict("records"):
        hours = f"{(duty['end'] - duty['start']) / HOUR:g}"
        found = text("payout.notice.never_paid", gp_id=duty["gp_id"], shift_id=duty["shift_id"], hours=hours)
        yield Notice("payout_never_paid", ROSTER, None, found)
    for gp_id, shift_id, other in paid_twice(duties[paid]):
        found = text("payout.notice.twice", gp_id=gp_id, shift_id=shift_id, other=other)
        yield Notice("payout_twice", ROSTER, None, found)
    if unfilled:
        yield Notice("payout_unfilled", ROSTER, None, text("payout.notice.unfilled", count=unfilled))
    nameless = sorted(set(lines.loc[lines["iban"] == "", "gp_id"]))
    if nameless:
        shown = ", ".join(nameless[:_SHOWN]) + (", …" if len(nameless) > _SHOWN else "")
        found = text("payout.notice.no_payee", count=len(nameless), gp_ids=shown)
        yield Notice("payout_no_payee", "payees.csv", None, found)
