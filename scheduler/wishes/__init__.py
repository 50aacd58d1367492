"""The soft parts, one file each: what a roster costs beyond the rules that it must keep."""

from collections.abc import Sequence

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
from scheduler.wishes.part import WishPart

WISHES: tuple[WishPart, ...] = (
    WishPart(avoid_wish.NAME, avoid_wish.cost, avoid_wish.cost_of),
    WishPart(prefer_wish.NAME, prefer_wish.cost, prefer_wish.cost_of),
    WishPart(night_before_clinic.NAME, night_before_clinic.cost, night_before_clinic.cost_of),
    WishPart(saturday_and_sunday.NAME, saturday_and_sunday.cost, saturday_and_sunday.cost_of),
    WishPart(same_holiday_again.NAME, same_holiday_again.cost, same_holiday_again.cost_of),
    WishPart(single_night.NAME, single_night.cost, single_night.cost_of),
    WishPart(spacing.NAME, spacing.cost, spacing.cost_of),
    WishPart(christmas_and_new_year.NAME, christmas_and_new_year.cost, christmas_and_new_year.cost_of),
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


__all__ = ["WISHES", "Outcome", "WishPart", "outcomes", "parts", "parts_of", "total", "unmet"]
