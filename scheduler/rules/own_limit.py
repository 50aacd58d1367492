"""A GP's hours stay within the ceiling that the GP has set."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.availability import Limit
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.rules.duties import TOLERANCE
from scheduler.rules.violation import Violation

NAME = "own_limit"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find GPs with more hours of a burden, or non-standby hours in total, than their `limits.csv` allows."""
    for gp_id, shifts in roster.by_gp.items():
        for limit in dossier.limits_by_gp.get(gp_id, ()):
            counted = [shift for shift in shifts if counts(limit, shift)]
            hours = sum(shift.hours for shift in counted)
            if hours > limit.max_hours + TOLERANCE:
                detail: dict[str, str | float] = {
                    "reason": limit.burden.value if limit.burden else "total",
                    "hours": round(hours, 6),
                    "most": limit.max_hours,
                }
                ids = tuple(shift.id for shift in counted)
                yield Violation(rule=NAME, gp_id=gp_id, shift_ids=ids, detail=detail)


def counts(limit: Limit, shift: Shift) -> bool:
    """Whether the hours of `shift` fall under `limit`."""
    return not shift.is_standby if limit.burden is None else shift.burden is limit.burden
