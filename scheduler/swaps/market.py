"""Fictitious markets on a roster, from a seed: for benchmarks, tests and demonstrations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta

from scheduler.domain.calendar import DayType
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.explain.candidates import qualified
from scheduler.generate.dice import Dice
from scheduler.swaps.offers import Market, Offer, Want, Wanted

MOST_PER_GP = 4
HANDOVERS = 0.25
NAMED = 0.25
PICKING_UP = 0.12
WEEKEND_DAYS = frozenset({DayType.SATURDAY, DayType.SUNDAY})


def market_of(dossier: Dossier, roster: Roster, offers: int, seed: int) -> Market:
    """A market with this many offers (fewer where the roster has too few shifts), alike for alike arguments.

    Made up to be lifelike, not measured: a quarter are handovers; of the exchanges a quarter name two to four offered
    shifts, the others describe what they want (the same burden within some weeks, any weekend day or any evening of
    a month); one GP in eight would pick up a shift or two in some month without giving one.
    """
    up = _offered(dossier, roster, offers, Dice(seed, "swaps.offered"))
    dice = Dice(seed, "swaps.wanted")
    found = [
        Offer(gp_id=roster.gp_of[shift.id], shift_id=shift.id, in_return=_in_return(dice, shift, up)) for shift in up
    ]
    return Market(offers=tuple(found), wants=tuple(_wants(dossier, Dice(seed, "swaps.wants"))))


def _offered(dossier: Dossier, roster: Roster, offers: int, dice: Dice) -> list[Shift]:
    locked = {lock.shift_id for lock in dossier.locks}
    filled = [shift for shift in roster.shifts if shift.id in roster.gp_of and shift.id not in locked]
    found: list[Shift] = []
    per_gp: Counter[str] = Counter()
    for shift in dice.some(filled, len(filled)):
        gp_id = roster.gp_of[shift.id]
        if len(found) < offers and per_gp[gp_id] < MOST_PER_GP:
            found.append(shift)
            per_gp[gp_id] += 1
    return sorted(found, key=lambda shift: (shift.starts_at, shift.id))


def _in_return(dice: Dice, shift: Shift, up: Sequence[Shift]) -> Wanted | None:
    if dice.chance(HANDOVERS):
        return None
    if dice.chance(NAMED):
        return Wanted(shift_ids=frozenset(one.id for one in dice.some(up, dice.whole(2, 4))))
    form = dice.whole(1, 3)
    if form == 1:
        weeks = timedelta(weeks=dice.whole(2, 5))
        return Wanted(first=shift.day - weeks, last=shift.day + weeks, burdens=frozenset({shift.burden}))
    first, last = _month(shift.day.year, dice.whole(1, 12))
    if form == 2:
        return Wanted(first=first, last=last, day_types=WEEKEND_DAYS)
    return Wanted(first=first, last=last, burdens=frozenset({Burden.EVENING}))


def _wants(dossier: Dossier, dice: Dice) -> list[Want]:
    found = []
    for gp_id in qualified(dossier):
        if dice.chance(PICKING_UP):
            first, last = _month(dossier.period.start.year, dice.whole(1, 12))
            wanted = Wanted(first=first, last=last + timedelta(days=31 * dice.whole(0, 2)))
            found.append(Want(gp_id=gp_id, wanted=wanted, most=dice.whole(1, 2)))
    return found


def _month(year: int, month: int) -> tuple[date, date]:
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)
