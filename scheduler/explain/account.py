"""A GP's totals in the pools of the fair shares, and what the roster made of them per burden."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value
from scheduler.explain.candidates import Ledger
from scheduler.explain.words import counted
from scheduler.fair_shares import FairShares
from scheduler.messages import text
from scheduler.messages.dutch import figure, signed_figure

_CENT = 0.005


class PoolAccount(Value):
    """A GP's total of the standby hours, or of all others, in hours and in the order of the steps.

    `share` before balances, `balance` the hours carried over (positive: did more last year), `limit` an own ceiling on
    the total, `wanted` the total after both, `fitted` what is left of it where only some may do some work.
    """

    is_standby: bool
    share: float
    balance: float
    limit: float | None
    wanted: float
    fitted: float

    def lines(self) -> Iterator[str]:
        """The steps as Dutch sentences."""
        kind = "standby" if self.is_standby else "duty"
        if self.is_standby:
            yield text("explain.pool.standby_share", share=figure(self.share))
        if abs(self.balance) > _CENT:
            way = "more" if self.balance > 0 else "less"
            yield text(f"explain.pool.balance_{way}", hours=figure(abs(self.balance)))
        if self.limit is not None:
            yield text("explain.pool.limit", hours=figure(self.limit))
        if abs(self.wanted - self.share) > _CENT:
            yield text("explain.pool.scaled", hours=figure(self.wanted))
        if abs(self.fitted - self.wanted) >= 0.05:
            yield text(
                "explain.pool.imbalance",
                hours=figure(self.fitted),
                difference=signed_figure(self.fitted - self.wanted, 1),
            )
        yield text(f"explain.pool.total_{kind}", hours=figure(self.fitted))


class BurdenAccount(Value):
    """Target and outcome of one burden: hours, number of shifts, and the deviation in shifts (positive: more).

    `nearest` is the smallest deviation that whole shifts of the lengths that occur can give; `limit` the GP's own
    ceiling in hours.
    """

    burden: Burden
    target: float
    assigned: float
    shifts: int
    mean_hours: float
    deviation: float
    nearest: float
    limit: float | None = None

    @property
    def text(self) -> str:
        """One or two Dutch sentences."""
        told = counted(
            "explain.burden",
            self.shifts,
            burden=text(f"terms.burden.{self.burden.value}"),
            target=figure(self.target),
            assigned=figure(self.assigned),
            deviation=signed_figure(self.deviation),
        )
        if self.limit is not None:
            told += " " + text("explain.burden.limit", hours=figure(self.limit))
        if abs(self.deviation) <= _CENT:
            return told
        if abs(self.deviation) <= self.nearest + _CENT:
            return f"{told} {text('explain.burden.whole', mean=figure(self.mean_hours))}"
        return f"{told} {text('explain.burden.others', nearest=figure(self.nearest, 2))}"


def pool_accounts(dossier: Dossier, shares: FairShares, gp_id: str) -> tuple[PoolAccount, ...]:
    """The GP's totals in the pools that the GP has a part in."""
    found = []
    for pool, is_standby in ((shares.duty, False), (shares.standby, True)):
        if pool is None or gp_id not in pool.gp_ids:
            continue
        row = pool.gp_ids.index(gp_id)
        found.append(
            PoolAccount(
                is_standby=is_standby,
                share=float(pool.share[row]),
                balance=float(pool.balance[row]),
                limit=None if is_standby else _limit(dossier, gp_id, None),
                wanted=float(pool.wanted[row]),
                fitted=float(pool.hours[row].sum()),
            )
        )
    return tuple(found)


def burden_accounts(dossier: Dossier, roster: Roster, ledger: Ledger, gp_id: str) -> tuple[BurdenAccount, ...]:
    """Every burden in which the GP has a target or a shift."""
    found = []
    for burden, measured in ledger.fairness.items():
        own = measured.per_gp.get(gp_id)
        if own is None:
            continue
        lengths = {shift.hours for shift in roster.shifts if shift.burden is burden}
        found.append(
            BurdenAccount(
                burden=burden,
                target=own.target,
                assigned=own.assigned,
                shifts=sum(shift.burden is burden for shift in roster.by_gp.get(gp_id, ())),
                mean_hours=measured.mean_hours,
                deviation=own.deviation,
                nearest=nearest(own.target, lengths) / measured.mean_hours,
                limit=_limit(dossier, gp_id, burden),
            )
        )
    return tuple(found)


def _limit(dossier: Dossier, gp_id: str, burden: Burden | None) -> float | None:
    limits = dossier.limits_by_gp.get(gp_id, ())
    return min((limit.max_hours for limit in limits if limit.burden is burden), default=None)


def nearest(target: float, lengths: Iterable[float]) -> float:
    """Hours between `target` and the nearest sum of any number of shifts of these lengths."""
    minutes = {round(hours * 60) for hours in lengths}
    wanted = target * 60
    sums, new = {0}, {0}
    while new:
        new = {total + length for total in new if total < wanted for length in minutes} - sums
        sums |= new
    return min(abs(total - wanted) for total in sums) / 60
