"""From roster and hours really worked to payment lines, or to every mistake that stands in the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import HOUR
from scheduler.dossier.findings import Notice
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text
from scheduler.payout.duties import Duties, Duty, actual_mistakes, duties_of
from scheduler.payout.lines import lines_of
from scheduler.payout.payees import payee_mistakes
from scheduler.payout.rates import Rates, rate_mistakes
from scheduler.payout.tariffs import TariffTable
from scheduler.payout.worked import WORKED, Actuals

ROSTER = "roster.csv"
_SHOWN = 12


@dataclass(frozen=True)
class Payable:
    """What is due for a set of days, closed runs left aside; `lines` as `scheduler.payout.lines` describes."""

    lines: pd.DataFrame
    notices: tuple[Notice, ...]


def payable(
    dossier: Dossier,
    roster: Roster,
    tariffs: TariffTable,
    actuals: Actuals | None = None,
    days: frozenset[date] | None = None,
) -> Payable:
    """What is due for the shifts that start on `days` (None: all). Raises DossierError naming every mistake."""
    actuals = actuals or Actuals()
    mistakes = [*_unknown(dossier, roster), *payee_mistakes(dossier)]
    unsound = list(rate_mistakes(dossier.payout, tariffs, dossier.period))
    wrongly_told = list(actual_mistakes(dossier, roster, actuals))
    mistakes += [*unsound, *wrongly_told]
    if unsound or len(mistakes) > len(unsound) + len(wrongly_told):
        raise DossierError(mistakes)
    duties = duties_of(dossier, roster, Actuals() if wrongly_told else actuals, days)
    try:
        lines = lines_of(dossier, duties.paid, Rates(dossier.payout, tariffs))
    except DossierError as error:
        raise DossierError([*mistakes, *error.mistakes]) from error
    if mistakes:
        raise DossierError(mistakes)
    return Payable(lines, tuple(_notices(duties, lines, _unfilled(roster, actuals, days))))


def _unknown(dossier: Dossier, roster: Roster) -> Iterator[Mistake]:
    for shift_id, gp_id in roster.gp_of.items():
        if gp_id not in dossier.gp_by_id:
            yield Mistake(ROSTER, None, "gp_id", gp_id, text("payout.known_gp_on", shift_id=shift_id))


def _unfilled(roster: Roster, actuals: Actuals, days: frozenset[date] | None) -> int:
    told = {stretch.shift_id for stretch in actuals.worked}
    return sum(1 for shift in roster.unfilled if shift.id not in told and (days is None or shift.day in days))


def _notices(duties: Duties, lines: pd.DataFrame, unfilled: int) -> Iterator[Notice]:
    for duty in duties.unpaid:
        hours = f"{(duty.end - duty.start) / HOUR:g}"
        yield Notice(
            "payout_never_paid", WORKED, None,
            text("payout.notice.never_paid", gp_id=duty.gp_id, shift_id=duty.shift_id, hours=hours),
        )  # fmt: skip
    for one, other in _twice(duties.paid):
        yield Notice(
            "payout_twice", ROSTER, None,
            text("payout.notice.twice", gp_id=one.gp_id, shift_id=one.shift_id, other=other.shift_id),
        )  # fmt: skip
    if unfilled:
        yield Notice("payout_unfilled", ROSTER, None, text("payout.notice.unfilled", count=unfilled))
    nameless = sorted(set(lines.loc[lines["iban"] == "", "gp_id"]))
    if nameless:
        shown = ", ".join(nameless[:_SHOWN]) + (", …" if len(nameless) > _SHOWN else "")
        found = text("payout.notice.no_payee", count=len(nameless), gp_ids=shown)
        yield Notice("payout_no_payee", "payees.csv", None, found)


def _twice(duties: Iterable[Duty]) -> Iterator[tuple[Duty, Duty]]:
    """Pairs of duties of one GP that share a moment: an hour that is paid twice."""
    by_gp: dict[str, list[Duty]] = defaultdict(list)
    for duty in duties:
        by_gp[duty.gp_id].append(duty)
    for own in by_gp.values():
        latest: Duty | None = None
        for duty in sorted(own, key=_start):
            if latest is not None and duty.start < latest.end:
                yield latest, duty
            if latest is None or duty.end > latest.end:
                latest = duty


def _start(duty: Duty) -> datetime:
    return duty.start
