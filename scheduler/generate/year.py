"""The year of each fictitious GP: absences, surgeries and wishes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time, timedelta

from scheduler.domain.availability import Absence, Wish, WishKind
from scheduler.domain.people import GP, QUALIFIED, Contract
from scheduler.domain.time import DAY, Period, local
from scheduler.generate.dice import Dice
from scheduler.generate.vocabulary import ABSENCE_REASONS, LONG_LEAVE

ABSENCES_A_YEAR = ((1, 2, 3, 4, 5, 6), (1, 3, 6, 6, 3, 1))
ABSENCE_DAYS = ((1, 2, 3, 7, 10, 14, 21), (1, 4, 5, 9, 4, 5, 3))
MONTH_WEIGHTS = (5, 6, 5, 6, 8, 6, 14, 12, 5, 7, 4, 5)
"""More of July and August than of other months, as in the summer of a Dutch post; made up."""

MOST_ABSENT = 0.25
"""An HDS asks its members to keep three in four at home on any day."""

LONG_LEAVE_PART, LONG_LEAVE_DAYS = 0.012, 112
WISHES_A_YEAR = ((0, 1, 2, 3, 4, 5, 6, 8, 10), (1, 2, 3, 4, 5, 4, 3, 2, 1))
AVOID_PART, EVENING_PART = 0.75, 0.2
CLINIC_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def absences_of(gps: Sequence[GP], period: Period, seed: int) -> tuple[Absence, ...]:
    """About 3.5 absences a GP and year, none that overlap, never more than a quarter of the GPs on one day."""
    dice = Dice(seed, "absences")
    away: Counter[date] = Counter()
    most = max(1, int(MOST_ABSENT * len(gps)))
    return tuple(absence for gp in gps for absence in _absences(gp, period, dice, away, most))


def _absences(gp: GP, period: Period, dice: Dice, away: Counter[date], most: int) -> list[Absence]:
    lengths = [dice.pick(*ABSENCE_DAYS) for _ in range(_scaled(dice.pick(*ABSENCES_A_YEAR), period, dice))]
    reasons = [dice.pick(ABSENCE_REASONS) for _ in lengths]
    if gp.contract in (Contract.SALARIED, Contract.LOCUM) and dice.chance(LONG_LEAVE_PART) and period.length > 300:
        lengths, reasons = [LONG_LEAVE_DAYS, *lengths], [LONG_LEAVE, *reasons]
    own: set[date] = set()
    found: list[Absence] = []
    for length, reason in zip(lengths, reasons, strict=True):
        for _ in range(8):
            start = _day(period, dice)
            days = [start + DAY * n for n in range(length)]
            if (
                days[-1] in period
                and not own & {start - DAY, *days, days[-1] + DAY}
                and all(away[day] < most for day in days)
            ):
                own.update(days)
                away.update(days)
                found.append(_whole_days(gp.id, start, length, reason))
                break
    return sorted(found, key=lambda absence: absence.start)


def _whole_days(gp_id: str, start: date, length: int, reason: str) -> Absence:
    end = local(start + DAY * length, time(0))
    return Absence(gp_id=gp_id, start=local(start, time(0)), end=end, reason=reason)


def _scaled(per_year: int, period: Period, dice: Dice) -> int:
    """A yearly number cut down to the period, the fraction by chance."""
    exact = per_year * min(1.0, period.length / 365)
    return int(exact) + dice.chance(exact - int(exact))


def _day(period: Period, dice: Dice) -> date:
    months = sorted({(day.year, day.month) for day in period.days()})
    year, month = dice.pick(months, [MONTH_WEIGHTS[month - 1] for _, month in months])
    day = date(year, month, 1) + timedelta(days=dice.whole(0, 30))
    return day if day in period else period.start + timedelta(days=dice.whole(0, period.length - 1))


def clinic_days_of(gps: Sequence[GP], seed: int) -> Mapping[str, frozenset[str]]:
    """Two to four mornings of surgery a week for owners and employees."""
    dice = Dice(seed, "clinic days")
    return {
        gp.id: frozenset(dice.some(CLINIC_WEEKDAYS, dice.whole(2, 4)))
        for gp in gps
        if gp.contract in (Contract.PRACTICE_OWNER, Contract.SALARIED)
    }


def wishes_of(gps: Sequence[GP], absences: Sequence[Absence], period: Period, seed: int) -> tuple[Wish, ...]:
    """About four wishes a qualified GP and year, three in four to avoid, none during the own absences."""
    dice = Dice(seed, "wishes")
    return tuple(
        wish
        for gp in gps
        if gp.contract in QUALIFIED
        for wish in _wishes(gp, [a.interval for a in absences if a.gp_id == gp.id], period, dice)
    )


def _wishes(gp: GP, away: Sequence[tuple[object, object]], period: Period, dice: Dice) -> Iterator[Wish]:
    wanted = [_wish(gp.id, period, dice) for _ in range(_scaled(dice.pick(*WISHES_A_YEAR), period, dice))]
    free_from = local(period.start, time(0))
    for wish in sorted(wanted, key=lambda wish: wish.start):
        is_away = any(wish.interval[0] < end and start < wish.interval[1] for start, end in away)  # type: ignore[operator]
        if not is_away and wish.start.date() >= free_from.date():
            free_from = wish.end + DAY
            yield wish


def _wish(gp_id: str, period: Period, dice: Dice) -> Wish:
    day = period.start + timedelta(days=dice.whole(0, period.length - 1))
    kind = WishKind.AVOID if dice.chance(AVOID_PART) else WishKind.PREFER
    if kind is WishKind.AVOID and dice.chance(EVENING_PART):
        start, end = local(day, time(17)), local(day, time(23))
    else:
        start, end = local(day, time(0)), local(day + DAY * dice.pick((1, 2, 3), (6, 3, 1)), time(0))
    return Wish(gp_id=gp_id, start=start, end=end, wish=kind, weight=float(dice.whole(1, 10)))
