"""What each fictitious GP brings along: last year's balance and holidays, own limits, preferences, locks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from scheduler.demand import shifts_of
from scheduler.domain.availability import Balance, Limit, PastHoliday, Preference
from scheduler.domain.calendar import Calendar
from scheduler.domain.dossier import Dossier, Lock
from scheduler.domain.people import GP
from scheduler.domain.shift import Burden, Shift, ShiftType
from scheduler.generate.dice import Dice

BALANCE_PART, LIMIT_PART, PREFERENCE_PART, LOCK_PART = 0.5, 0.07, 0.3, 0.012
OWN_LIMITS = (
    (Burden.NIGHT, 9.0),
    (Burden.NIGHT, 18.0),
    (Burden.NIGHT, 27.0),
    (Burden.WEEKEND, 24.0),
    (Burden.WEEKEND, 40.0),
)
PREFERENCES = ((Burden.NIGHT, 0.5), (Burden.NIGHT, 2.0), (Burden.WEEKEND, 0.5), (Burden.EVENING, 2.0))
SHARED_BURDENS = (Burden.EVENING, Burden.NIGHT, Burden.WEEKEND, Burden.HOLIDAY)
FIXED_HOLIDAYS = frozenset({(1, 1), (4, 26), (4, 27), (5, 5), (12, 25), (12, 26)})
"""Holidays with a fixed date (Koningsdag has two), which alone come back as the same holiday."""

CHRISTMAS = ((12, 25), (12, 26))


def balances_of(gps: Sequence[GP], seed: int) -> tuple[Balance, ...]:
    """At most nine hours up or down in one burden, for half of the GPs."""
    dice = Dice(seed, "balances")
    return tuple(
        Balance(gp_id=gp.id, burden=dice.pick(SHARED_BURDENS), hours=float(dice.pick((-9, -8, -6, -3, 3, 6, 8, 9))))
        for gp in gps
        if dice.chance(BALANCE_PART)
    )


def limits_of(gps: Sequence[GP], seed: int) -> tuple[Limit, ...]:
    """Own ceilings of a few GPs, in whole shifts."""
    dice = Dice(seed, "limits")
    chosen = [(gp, dice.pick(OWN_LIMITS)) for gp in gps if dice.chance(LIMIT_PART)]
    return tuple(Limit(gp_id=gp.id, burden=burden, max_hours=hours) for gp, (burden, hours) in chosen)


def preferences_of(gps: Sequence[GP], seed: int) -> tuple[Preference, ...]:
    """Who likes nights or would rather not, and the like."""
    dice = Dice(seed, "preferences")
    chosen = [(gp, dice.pick(PREFERENCES, (5, 4, 2, 1))) for gp in gps if dice.chance(PREFERENCE_PART)]
    return tuple(Preference(gp_id=gp.id, burden=burden, factor=factor) for gp, (burden, factor) in chosen)


def past_holidays_of(gps: Sequence[GP], types: Sequence[ShiftType], year: int, seed: int) -> tuple[PastHoliday, ...]:
    """As many GPs on each such day of last year as the shift table asks for on a holiday, at most a quarter of them.

    Nobody has both Christmas and New Year's Eve.
    """
    dice = Dice(seed, "past holidays")
    needed = sum(kind.headcount for kind in types if "holiday" in kind.days)
    found: list[PastHoliday] = []
    fixed = [day for day in Calendar().holidays(year - 1) if (day.month, day.day) in FIXED_HOLIDAYS]
    for day in (*sorted(fixed), date(year - 1, 12, 31)):
        christmas = {past.gp_id for past in found if (past.date.month, past.date.day) in CHRISTMAS}
        free = [gp for gp in gps if gp.id not in christmas]
        drawn = dice.some(free, min(needed, len(gps) // 4))
        found += [PastHoliday(gp_id=gp.id, date=day) for gp in drawn]
    return tuple(sorted(found, key=lambda past: (past.gp_id, past.date)))


def locks_of(dossier: Dossier, seed: int) -> tuple[Lock, ...]:
    """A few shifts that were promised beforehand: by day, one a GP, at most one a day, so that no rule is touched."""
    dice = Dice(seed, "locks")
    shifts = [shift for shift in shifts_of(dossier) if not shift.is_night and shift.burden is not Burden.HOLIDAY]
    wanted = round(LOCK_PART * len(dossier.agreements))
    used: Counter[object] = Counter()
    found: list[Lock] = []
    for shift in dice.some(shifts, 20 * wanted):
        gp_id = next(_may_take(dossier, shift, dice), None)
        if gp_id and not used[gp_id] and not used[shift.day] and len(found) < wanted:
            used.update((gp_id, shift.day))
            found.append(Lock(shift_id=shift.id, gp_id=gp_id))
    return tuple(sorted(found, key=lambda lock: lock.shift_id))


def _may_take(dossier: Dossier, shift: Shift, dice: Dice) -> Iterator[str]:
    for gp in dice.some(dossier.gps, 12):
        agreement = dossier.agreement_on(gp.id, shift.day)
        if (
            agreement is not None
            and shift.post_id in agreement.posts
            and shift.role in agreement.roles
            and gp.id not in dossier.limits_by_gp
            and (gp.registered_until is None or shift.day <= gp.registered_until)
            and not any(shift.touches(away.start, away.end) for away in dossier.absences_by_gp.get(gp.id, ()))
        ):
            yield gp.id
