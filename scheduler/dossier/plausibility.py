"""Numbers far from their kind: read as they stand, and told, for a point in the wrong place is no mistake of form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scheduler.domain.availability import Balance
from scheduler.domain.people import Agreement, Post, Practice
from scheduler.domain.settings import PayoutSettings
from scheduler.domain.time import DAY
from scheduler.dossier.findings import Findings
from scheduler.dossier.rows import Placed
from scheduler.dossier.schema import SETTINGS
from scheduler.messages.dutch import figure

PRACTICE_PATIENTS = (100, 20_000)
POST_PATIENTS = (1_000, 2_000_000)
MOST_AGREED_HOURS = 1_500
"""A year; a year's work by day of four days a week comes to about as much."""
SHORTEST_DAYS = 60
"""Agreements of fewer days are held to the hours of so many, as a few weeks may be full."""
MOST_BALANCE_HOURS = 500
RATES = (1, 250)
"""EUR an hour."""
_MOST_SHOWN = 5
_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class _Unlikely:
    """A number with the id that it belongs to; `line` None where a file has none."""

    line: int | None
    whose: str
    value: float


def tell_unlikely_patients(
    posts: Sequence[Placed[Post]], practices: Sequence[Placed[Practice]], findings: Findings
) -> None:
    """Tell of practices and posts with very few or very many patients; a post with none leaves them out."""
    practice_rows = [(one, one.item.patients) for one in practices]
    post_rows = [(one, one.item.patients) for one in posts if one.item.patients]
    for file, code, bounds, rows in (
        ("practices.csv", "unlikely_practice_patients", PRACTICE_PATIENTS, practice_rows),
        ("posts.csv", "unlikely_post_patients", POST_PATIENTS, post_rows),
    ):
        low, high = bounds
        _tell(
            code, file, [_Unlikely(one.row.line, one.item.id, n) for one, n in rows if not low <= n <= high], findings
        )


def tell_unlikely_hours(
    agreements: Sequence[Placed[Agreement]],
    balances: Sequence[Placed[Balance]],
    period: tuple[date, date],
    findings: Findings,
) -> None:
    """Tell of agreements with more hours a year than a GP can have free, and of large balances.

    Agreed hours are those of the days of the agreement within the period, which may be short.
    """
    too_many = []
    for one in agreements:
        first, last = max(one.item.valid_from, period[0]), min(one.item.valid_until, period[1])
        days = max(SHORTEST_DAYS, (last - first) // DAY + 1)
        if one.item.hours and first <= last and one.item.hours * _YEAR_DAYS > MOST_AGREED_HOURS * days:
            too_many.append(_Unlikely(one.row.line, one.item.gp_id, one.item.hours))
    _tell("unlikely_agreed_hours", "agreements.csv", too_many, findings)
    large = [one for one in balances if abs(one.item.hours) > MOST_BALANCE_HOURS]
    _tell(
        "unlikely_balance",
        "balances.csv",
        [_Unlikely(one.row.line, one.item.gp_id, one.item.hours) for one in large],
        findings,
    )


def tell_unlikely_rates(payout: PayoutSettings, findings: Findings) -> None:
    """Tell of local amounts that are hardly an hour's pay."""
    rates = {"early_evening_rate": payout.early_evening_rate, "standby_rate": payout.standby_rate} | payout.agreed_rates
    low, high = RATES
    odd = [_Unlikely(None, key, float(rate)) for key, rate in rates.items() if rate and not low <= rate <= high]
    _tell("unlikely_rate", SETTINGS, odd, findings)


def _tell(code: str, file: str, found: Sequence[_Unlikely], findings: Findings) -> None:
    """One notice for all of a kind, on the line of the first."""
    if not found:
        return
    shown = "; ".join(f"{one.whose} {figure(one.value, 2)}" for one in found[:_MOST_SHOWN])
    places = f"{shown}; …" if len(found) > _MOST_SHOWN else shown
    findings.notice(code, file, found[0].line, count=len(found), places=places)
