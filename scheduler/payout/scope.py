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
from scheduler.payout.tariffs import Tariff, TariffTable
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
    """The table given, and below its own rows those that the last run paid by; a notice tells when any of them count.

    Otherwise leaving out a table once, or giving one for another year, would take back everything it had changed.
    """
    if tariffs.own_is_all:
        return tariffs, ()
    remembered = [row for row in ledger.own_tariffs if not any(_replaces(new, row) for new in tariffs.own)]
    if not remembered:
        return tariffs, ()
    notice = text("payout.notice.same_tariffs", run=ledger.runs[-1].number)
    table = tariffs.replace(own=(*tariffs.own, *remembered))
    return table, (Notice("payout_same_tariffs", "--tariffs", None, notice),)


def _replaces(new: Tariff, row: Tariff) -> bool:
    return new.kind is row.kind and new.valid_from <= row.valid_from and row.valid_until <= new.valid_until
