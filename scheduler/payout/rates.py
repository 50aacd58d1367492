"""The rate for an hour: what the HDS agreed, never above the national maximum; local rates where there is none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scheduler.domain.calendar import HourKind
from scheduler.domain.settings import PayoutSettings
from scheduler.domain.time import DAY, Period
from scheduler.errors import Mistake
from scheduler.messages import text
from scheduler.payout.files import STANDBY, kind_name
from scheduler.payout.money import euros, whole_cents
from scheduler.payout.tariffs import NATIONAL_KINDS, TariffTable

SETTINGS = "hds.toml"
LOCAL_KINDS = (HourKind.EARLY_EVENING.value, STANDBY)
_HIGHEST = Decimal(1_000_000)
"""No rate but a slip of the pen; far above it, sums would no longer fit a column of whole numbers."""


class Rate(NamedTuple):
    """Cents an hour: `rate` is paid, the lower of `agreed` and `maximum`; a local rate has no maximum."""

    rate: int
    agreed: int
    maximum: int | None

    @property
    def capped(self) -> bool:
        """Whether the agreed rate was cut to the maximum."""
        return self.maximum is not None and self.agreed > self.maximum


class Rates:
    """The rates of one HDS under one table of maxima; where nothing was agreed the maximum is the agreed rate."""

    def __init__(self, settings: PayoutSettings, tariffs: TariffTable) -> None:
        self._tariffs = tariffs
        self._agreed = {kind: _cents(rate) for kind, rate in settings.agreed_rates.items() if kind in NATIONAL_KINDS}
        local = {HourKind.EARLY_EVENING.value: settings.early_evening_rate, STANDBY: settings.standby_rate}
        self._local = {kind: _cents(rate) for kind, rate in local.items() if rate is not None}

    @property
    def changes(self) -> tuple[date, ...]:
        """Days on which a rate may differ from the day before."""
        return self._tariffs.changes

    def agreed(self, kind: str) -> int | None:
        """Cents an hour that the HDS agreed for a national kind; None where it pays the maximum."""
        return self._agreed.get(HourKind(kind))

    def maximum(self, kind: str, day: date) -> int | None:
        """Cents an hour that may be paid at most for a national kind on `day`; None where no table tells."""
        return self._tariffs.maximum(HourKind(kind), day)

    def on(self, kind: str, day: date) -> Rate | None:
        """The rate for an hour of `kind` (a kind of clock hour or standby) on `day`; None where none is known."""
        if kind in LOCAL_KINDS:
            local = self._local.get(kind)
            return None if local is None else Rate(local, local, None)
        maximum = self.maximum(kind, day)
        return None if maximum is None else capped_rate(self.agreed(kind), maximum)


def _cents(rate: Decimal) -> int:
    cents = whole_cents(rate)
    if cents is None or cents <= 0:
        raise ValueError(f"not a positive number of cents: {rate}")
    return cents


def capped_rate(agreed: int | None, maximum: int) -> Rate:
    """The rate under a maximum; where nothing was agreed that is the maximum."""
    agreed = maximum if agreed is None else agreed
    return Rate(min(agreed, maximum), agreed, maximum)


def missing_local_rate(kind: str, hours: float, shift_id: str) -> Mistake:
    """Says that so many hours of this local kind, the first in `shift_id`, have no rate, and how to give one."""
    expected = text("payout.rate.local_missing", kind=kind_name(kind), hours=f"{hours:g}", shift_id=shift_id)
    return Mistake(SETTINGS, None, f"[payout] {kind}_rate", "", expected)


def missing_maximum(kind: str, year: int, hours: float, shift_id: str) -> Mistake:
    """Says that so many hours of this kind and year, the first in `shift_id`, have no maximum, and how to give one."""
    told = {"kind": kind_name(kind), "hours": f"{hours:g}", "shift_id": shift_id, "year": year}
    return Mistake("--tariffs", None, kind, str(year), text("payout.tariff.missing", **told))


def rate_mistakes(settings: PayoutSettings, tariffs: TariffTable, period: Period) -> Iterator[Mistake]:
    """Rates that no HDS may set: not positive, no whole cents, or above the maximum.

    An agreed rate is refused when it lies above every maximum of its kind in force during `period` (with the morning
    after it). Where a later table lowers a maximum below an agreed rate, payment caps it line by line instead.
    """
    yield from _unsound("early_evening_rate", settings.early_evening_rate)
    yield from _unsound("standby_rate", settings.standby_rate)
    for kind, rate in settings.agreed_rates.items():
        place = f"agreed_rates.{kind}"
        if kind not in NATIONAL_KINDS:
            expected = text("payout.rate.not_agreed_here", kinds=", ".join(NATIONAL_KINDS))
            yield Mistake(SETTINGS, None, f"[payout] {place}", str(rate), expected)
            continue
        unsound = list(_unsound(place, rate))
        yield from unsound
        highest = tariffs.highest(kind, period.start, period.end + DAY)
        if not unsound and highest is not None and (whole_cents(rate) or 0) > highest:
            expected = text("payout.rate.above", kind=kind_name(kind), agreed=rate, maximum=euros(highest))
            yield Mistake(SETTINGS, None, f"[payout] {place}", str(rate), expected)


def _unsound(place: str, rate: Decimal | None) -> Iterator[Mistake]:
    if rate is None:
        return
    if not rate.is_finite() or rate > _HIGHEST:
        yield Mistake(SETTINGS, None, f"[payout] {place}", str(rate), text("payout.rate.highest", highest=_HIGHEST))
    elif rate <= 0:
        yield Mistake(SETTINGS, None, f"[payout] {place}", str(rate), text("payout.rate.positive"))
    elif whole_cents(rate) is None:
        yield Mistake(SETTINGS, None, f"[payout] {place}", str(rate), text("payout.rate.whole_cents"))
