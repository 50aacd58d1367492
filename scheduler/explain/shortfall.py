"""Absences and targets out of reach, as an explanation tells them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Burden
from scheduler.domain.time import DAY
from scheduler.explain.words import counted, listed
from scheduler.fair_shares.duty_days import whole_days
from scheduler.messages import text
from scheduler.messages.dutch import figure, long_date
from scheduler.shortfall import Gap, Shortfall, agreed_days

LONG = timedelta(days=14)
"""An absence of this length is named by its dates; shorter ones are only counted."""

MOST_NAMED = 3


def shortfall_text(dossier: Dossier, shortfall: Shortfall) -> str:
    """Which targets a GP cannot reach and why, in Dutch on one line."""
    return " ".join(_sentences(dossier, shortfall))


def _sentences(dossier: Dossier, shortfall: Shortfall) -> Iterator[str]:
    gaps = listed([_gap_text(gap) for gap in _told_gaps(shortfall)])
    yield text("explain.shortfall.start", gp=shortfall.gp_id, gaps=gaps)
    if shortfall.absences:
        yield away_text(shortfall.away_days, shortfall.agreed_days)
        yield from _long_absences(dossier, shortfall.absences)
    if shortfall.absences and not shortfall.limits:
        yield text("explain.shortfall.remedy")
    if shortfall.limits:
        rules = listed([text(f"explain.rule.{rule}") for rule in shortfall.limits])
        yield text("explain.shortfall.limits", rules=rules)


def _told_gaps(shortfall: Shortfall) -> Sequence[Gap]:
    """All gaps; of a GP who can do nothing at all only the totals, as its parts would say the same again."""
    if any(gap.most for gap in shortfall.gaps) or all(gap.burden is not None for gap in shortfall.gaps):
        return shortfall.gaps
    return [gap for gap in shortfall.gaps if gap.burden in (None, Burden.STANDBY)]


def _gap_text(gap: Gap) -> str:
    name = text("explain.shortfall.all") if gap.burden is None else text(f"terms.burden.{gap.burden.value}")
    said = text(
        "explain.shortfall.gap",
        name=name,
        target=figure(gap.target),
        most=figure(gap.most),
        shifts=figure(gap.shifts),
    )
    if gap.days == gap.demand_days:
        return said
    right = text("explain.shortfall.right", days=figure(gap.days, 0), whole=figure(gap.demand_days, 0))
    return f"{said} ({right})"


def away_text(away_days: int, agreed_days: int) -> str:
    """On how many of the days under an agreement the GP is away, in Dutch."""
    return counted("explain.away.days", away_days, whole=figure(agreed_days, 0))


def absence_lines(dossier: Dossier, gp_id: str) -> Iterator[str]:
    """How long a GP is away in the period, the long absences by their dates, as Dutch sentences; none: nothing."""
    absences = dossier.absences_by_gp.get(gp_id, ())
    agreed = agreed_days(dossier, gp_id)
    away_days = int((whole_days(dossier, absences) & agreed).sum())
    if away_days:
        yield away_text(away_days, int(agreed.sum()))
        yield from _long_absences(dossier, absences)


def _long_absences(dossier: Dossier, absences: Sequence[Absence]) -> Iterator[str]:
    long = [one for one in absences if one.ends_at - one.starts_at >= LONG and _is_in_period(dossier, one)]
    for one in sorted(long, key=lambda each: each.starts_at - each.ends_at)[:MOST_NAMED]:
        excused = one.reason in dossier.sharing.excused_reasons
        yield text(
            f"explain.away.{'excused' if excused else 'counted'}",
            start=long_date(one.start.date()),
            end=long_date((one.end - timedelta(microseconds=1)).date()),
            reason=text("explain.away.reason", reason=one.reason) if one.reason else "",
        )


def _is_in_period(dossier: Dossier, absence: Absence) -> bool:
    return absence.start.date() <= dossier.period.end and absence.end.date() >= dossier.period.start + DAY
