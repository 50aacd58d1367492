"""No more than a few of any five weekends in a row."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from scheduler.domain.time import saturday_of_weekend
from scheduler.model.duty import Duty, active
from scheduler.model.roster_model import RosterModel
from scheduler.rules.weekends import WINDOW


def post(roster_model: RosterModel) -> None:
    """Of each five weekends in a row at most `max_weekends_in_5` have a shift."""
    most = roster_model.dossier.rules.max_weekends_in_5
    for duties in roster_model.at_work():
        weekends: defaultdict[date, list[Duty]] = defaultdict(list)
        for duty in active(duties):
            saturday = saturday_of_weekend(duty.day)
            if saturday is not None:
                weekends[saturday].append(duty)
        worked = {saturday: roster_model.any_of(those) for saturday, those in weekends.items()}
        for first in worked:
            window = [literal for saturday, literal in worked.items() if first <= saturday < first + WINDOW]
            free = [literal for literal in window if literal is not None]
            room = max(0, most - (len(window) - len(free)))
            if len(free) > room:
                roster_model.model.add(sum(free) <= room)
