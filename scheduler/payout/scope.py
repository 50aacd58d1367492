"""What a run looks at: which days, and by which table of maxima."""

from __future__ import annotations

from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.dossier.findings import Notice
from scheduler.messages import text
from scheduler.payout.ledger import Ledger
from scheduler.payout.period import days_in
from scheduler.payout.tariffs import TariffTable
from scheduler.payout.worked import Actuals

_Month = tuple[int, int]


def days_to_settle(
    dossier: Dossier, roster: Roster, actuals: Actuals, ledger: Ledger, period: Period | None
) -> frozenset[date]:
    """The days of `period`, and every day of the dossier that a closed run paid and that this roster speaks of.

    A roster speaks of a month when anybody has a shift in it: one that was made for April alone must not take back
    the whole of March. `left_alone` says which months that leaves out.
    """
    asked = days_in(period, dossier.period) if period else frozenset()
    spoken = _months_spoken_of(roster, actuals)
    closed = ledger.days & days_in(dossier.period, dossier.period)
    return asked | {day for day in closed if (day.year, day.month) in spoken}


def left_alone(dossier: Dossier, ledger: Ledger, scope: frozenset[date]) -> tuple[Notice, ...]:
    """A notice naming the closed months of this dossier that the roster does not speak of."""
    closed = ledger.days & days_in(dossier.period, dossier.period)
    months = sorted({f"{day:%Y-%m}" for day in closed - scope})
    if not months:
        return ()
    found = text("payout.notice.left_alone", months=", ".join(months))
    return (Notice("payout_left_alone", "roster.csv", None, found),)


def _months_spoken_of(roster: Roster, actuals: Actuals) -> frozenset[_Month]:
    shifts = roster.shift_by_id
    told = {stretch.shift_id for stretch in actuals.worked if stretch.shift_id in shifts} | set(roster.gp_of)
    days = {shifts[shift_id].day for shift_id in told}
    return frozenset((day.year, day.month) for day in days)


def tariffs_in_force(tariffs: TariffTable, ledger: Ledger) -> tuple[TariffTable, tuple[Notice, ...]]:
    """The table given; without rows of the HDS's own, those that the last run paid by stay in force, with a notice.

    Otherwise leaving out the table once would take back everything that it had changed.
    """
    remembered = ledger.own_tariffs
    if tariffs.own or not remembered:
        return tariffs, ()
    notice = text("payout.notice.same_tariffs", run=ledger.runs[-1].number)
    return tariffs.replace(own=remembered), (Notice("payout_same_tariffs", "--tariffs", None, notice),)
