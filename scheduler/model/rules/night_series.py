"""No more than a few nights in a row."""

from __future__ import annotations

from scheduler.domain.time import DAY
from scheduler.model.duty import by_day, nights
from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """Of each `max_consecutive_nights` + 1 days in a row, not all have a night."""
    most = roster_model.dossier.rules.max_consecutive_nights
    for duties in roster_model.at_work():
        by_night = by_day(nights(duties))
        literals = {}
        for first in by_night:
            days = [first + DAY * step for step in range(most + 1)]
            if all(day in by_night for day in days):
                for day in days:
                    if day not in literals:
                        literals[day] = roster_model.any_of(by_night[day])
                roster_model.not_all(literals[day] for day in days)
