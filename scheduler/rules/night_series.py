"""No more than a few nights in a row."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import DAY
from scheduler.rules.duties import doctors, night_days, series_length
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "night_series"


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find each series of non-standby nights on more than `max_consecutive_nights` consecutive days."""
    most = dossier.rules.max_consecutive_nights
    for doctor, shifts in doctors(roster):
        nights = night_days(shifts)
        for last in sorted(nights):
            length = series_length(nights, last)
            if length > most and last + DAY not in nights:
                first = last - DAY * (length - 1)
                named = tuple(s.id for s in shifts if s.is_night and not s.is_standby and first <= s.day <= last)
                yield Violation(rule=NAME, gp_id=doctor, shift_ids=named, detail={"nights": length, "most": most})
