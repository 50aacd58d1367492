"""No more than a few of any five weekends in a row."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.time import saturday_of_weekend
from scheduler.rules.duties import active, doctors
from scheduler.rules.elsewhere import across_hds
from scheduler.rules.violation import Violation

NAME = "weekends"
WINDOW = timedelta(weeks=5)


@across_hds
def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find five weekends in a row of which more than `max_weekends_in_5` have a non-standby shift.

    A shift is of the weekend on whose Saturday or Sunday it starts; Friday night is not of the weekend.
    """
    most = dossier.rules.max_weekends_in_5
    for doctor, shifts in doctors(roster):
        worked = active(shifts)
        saturdays = sorted({day for shift in worked if (day := saturday_of_weekend(shift.day)) is not None})
        told = None
        for first in saturdays:
            found = [day for day in saturdays if first <= day < first + WINDOW]
            if len(found) > most and (told is None or found[-1] > told):
                told = found[-1]
                ids = tuple(shift.id for shift in worked if saturday_of_weekend(shift.day) in found)
                detail: dict[str, str | float] = {"from": str(first), "weekends": len(found), "most": most}
                yield Violation(rule=NAME, gp_id=doctor, shift_ids=ids, detail=detail)
