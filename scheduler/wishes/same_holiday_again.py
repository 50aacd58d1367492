"""A holiday that the GP worked last year too."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.rules.duties import active
from scheduler.wishes.part import summed

NAME = "same_holiday_again"


def cost(dossier: Dossier, roster: Roster) -> float:
    """The cost over the whole roster."""
    return summed(cost_of, dossier, roster)


def cost_of(dossier: Dossier, gp_id: str, shifts: Sequence[Shift]) -> float:
    """The weight for each holiday with a non-standby shift, of the same month and day as one in `past_holidays.csv`."""
    past = dossier.past_holidays_by_gp.get(gp_id)
    if not past:
        return 0.0
    days = {shift.day for shift in active(shifts)}
    return dossier.weights.same_holiday_again * sum(is_again(dossier, past, day) for day in days)


def is_again(dossier: Dossier, past: frozenset[date], day: date) -> bool:
    """Whether `day` is a holiday that is also, by month and day, among those worked in the year before."""
    return dossier.calendar.is_holiday(day) and any((d.month, d.day) == (day.month, day.day) for d in past)
