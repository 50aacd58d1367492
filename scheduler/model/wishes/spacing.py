"""Working days that follow each other within a week."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from scheduler.domain.time import DAY
from scheduler.model.duty import Duty, active, by_day, nights
from scheduler.model.roster_model import Literal, RosterModel
from scheduler.model.wishes.term import Term, when_all
from scheduler.wishes.spacing import FULL_GAP


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each two days less than a week apart that may follow each other as working days.

    Two days that the window cannot change, with none in between that it can, are left out: they cost the same always.
    """
    weight = roster_model.dossier.weights.spacing
    if not weight:
        return
    for gp_id in roster_model.gp_ids:
        duties = roster_model.duties[gp_id]
        days, of_night = by_day(active(duties)), by_day(nights(duties))
        open_days = {day for day, those in days.items() if not any(duty.is_given for duty in those)}
        worked: dict[date, Literal] = {}
        for first in days:
            for apart in range(1, FULL_GAP):
                span = [day for step in range(apart + 1) if (day := first + DAY * step) in days]
                if span[-1] == first + DAY * apart and not open_days.isdisjoint(span):
                    for day in span:
                        if day not in worked:
                            worked[day] = roster_model.whether_any(days[day])
                    between = [worked[day] for day in span[1:-1]]
                    if apart == 1:
                        between += _series(roster_model, of_night, first)
                    follow = when_all(roster_model, [worked[first], worked[span[-1]]], unless=between)
                    yield Term(weight * (FULL_GAP - apart), follow)


def _series(roster_model: RosterModel, of_night: Mapping[date, list[Duty]], first: date) -> list[Literal]:
    """A literal that may be true only when `first` and the day after both have a night; none where they cannot."""
    if first not in of_night or first + DAY not in of_night:
        return []
    both = roster_model.model.new_bool_var("")
    for day in (first, first + DAY):
        roster_model.model.add_bool_or([~both, *(duty.taken for duty in of_night[day])])
    return [both]
