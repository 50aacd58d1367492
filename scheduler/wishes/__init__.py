"""The soft parts, one file each: what a roster costs beyond the rules that it must keep."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.wishes import (
    avoid_wish,
    christmas_and_new_year,
    night_before_clinic,
    prefer_wish,
    same_holiday_again,
    saturday_and_sunday,
    single_night,
    spacing,
)
from scheduler.wishes.outcomes import Outcome, outcomes, unmet
from scheduler.wishes.part import NEAR_DAYS, WishPart

_SAME = 1e-9
_NEAR = timedelta(days=NEAR_DAYS)

WISHES: tuple[WishPart, ...] = (
    WishPart(avoid_wish.NAME, avoid_wish.cost, avoid_wish.cost_of, is_near=True),
    WishPart(prefer_wish.NAME, prefer_wish.cost, prefer_wish.cost_of, is_near=False),
    WishPart(night_before_clinic.NAME, night_before_clinic.cost, night_before_clinic.cost_of, is_near=True),
    WishPart(saturday_and_sunday.NAME, saturday_and_sunday.cost, saturday_and_sunday.cost_of, is_near=True),
    WishPart(same_holiday_again.NAME, same_holiday_again.cost, same_holiday_again.cost_of, is_near=True),
    WishPart(single_night.NAME, single_night.cost, single_night.cost_of, is_near=True),
    WishPart(spacing.NAME, spacing.cost, spacing.cost_of, is_near=True),
    WishPart(christmas_and_new_year.NAME, christmas_and_new_year.cost, christmas_and_new_year.cost_of, is_near=True),
)


def parts(dossier: Dossier, roster: Roster) -> dict[str, float]:
    """The cost of each soft part over the whole roster, in the order of `WISHES`."""
    return {part.name: part.cost(dossier, roster) for part in WISHES}


def total(dossier: Dossier, roster: Roster) -> float:
    """The cost of all soft parts together."""
    return sum(parts(dossier, roster).values())


def parts_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> dict[str, float]:
    """The cost of each soft part for one GP, whose shifts are given in order of start."""
    return {part.name: part.cost_of(dossier, gp_id, shifts) for part in WISHES}


def gain_of(
    dossier: Dossier, gp_id: str, shifts: Sequence[Shift], gets: Sequence[Shift] = (), gives: Sequence[Shift] = ()
) -> dict[str, float]:
    """What each soft part gains for one GP with these shifts (in order of start) by getting and giving some.

    Parts without change are left out. The same as the difference of two `parts_of`, without a look at the whole year
    where only what is near counts.
    """
    days = [shift.day for shift in (*gets, *gives)]
    near = _between(shifts, min(days) - _NEAR, max(days) + _NEAR) if days else ()
    changes = {True: (near, _changed(near, gets, gives)), False: (shifts, _changed(shifts, gets, gives))}
    found = {}
    for part in WISHES:
        before, after = changes[part.is_near]
        gain = part.cost_of(dossier, gp_id, after) - part.cost_of(dossier, gp_id, before)
        if abs(gain) > _SAME:
            found[part.name] = gain
    return found


def _between(shifts: Sequence[Shift], first: date, last: date) -> Sequence[Shift]:
    return shifts[bisect_left(shifts, first, key=_day) : bisect_right(shifts, last, key=_day)]


def _changed(shifts: Sequence[Shift], gets: Sequence[Shift], gives: Sequence[Shift]) -> list[Shift]:
    gone = {shift.id for shift in gives}
    changed = [shift for shift in shifts if shift.id not in gone]
    for shift in gets:
        insort(changed, shift, key=_start)
    return changed


def _day(shift: Shift) -> date:
    return shift.day


def _start(shift: Shift) -> tuple[datetime, str]:
    return shift.starts_at, shift.id


__all__ = ["WISHES", "Outcome", "WishPart", "gain_of", "outcomes", "parts", "parts_of", "total", "unmet"]
