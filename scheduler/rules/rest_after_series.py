"""After three or more nights in a row there is a long rest."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY
from scheduler.rules.duties import TOLERANCE, active, doctors, gap_hours, night_days, series_length
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "rest_after_series"
SERIES = 3
"""Nights in a row from which the long rest is due (the dossier format; the law too counts from three)."""


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find shifts that start within `rest_after_night_series_hours` elapsed hours after a series of nights."""
    needed = dossier.rules.rest_after_night_series_hours
    for doctor, shifts in doctors(roster):
        nights = night_days(shifts)
        if len(nights) < SERIES:
            continue
        for night, later in pairwise(active(shifts)):
            gap = gap_hours(night, later)
            if night.is_night and gap < needed - TOLERANCE and not continues(night, later):
                length = series_length(nights, night.day)
                if length >= SERIES:
                    detail = {"hours": gap, "needed": needed, "nights": length}
                    yield Violation(rule=NAME, gp_id=doctor, shift_ids=(night.id, later.id), detail=detail)


def continues(night: Shift, later: Shift) -> bool:
    """Whether `later` is the next night of the series that `night` belongs to."""
    return later.is_night and later.day - night.day == DAY
