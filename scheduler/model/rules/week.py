"""No more than a few shifts in one week."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from scheduler.domain.time import first_monday_of_week
from scheduler.model.duty import Duty, active
from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """Of the shifts that start in one ISO week at most `max_shifts_per_week` are taken."""
    most = roster_model.dossier.rules.max_shifts_per_week
    for duties in roster_model.at_work():
        weeks: defaultdict[date, list[tuple[int, Duty]]] = defaultdict(list)
        for duty in active(duties):
            weeks[first_monday_of_week(duty.day)].append((1, duty))
        for week in weeks.values():
            roster_model.at_most(most, week)
