"""What GPs do at other HDSs, as arrays beside the state: it never moves, and no wish or share knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt

from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift
from scheduler.domain.time import Period
from scheduler.solve.nearness import Bools, Times, minutes_since, too_near

Counts = npt.NDArray[np.int16]
Minutes = npt.NDArray[np.int32]
NEVER = np.iinfo(np.int32).max // 2
"""A start that never comes, in minutes."""


@dataclass(frozen=True)
class Elsewhere:
    """Non-standby duties elsewhere per GP (row) and day of the grid, as `State` counts those of this HDS.

    `work` and `nights` count duties, `load` their minutes; `first_start` and `night_end` are minutes since the start of
    the first shift of the demand, of the day on which the duty starts.
    """

    work: Counts
    nights: Counts
    load: Minutes
    first_start: Minutes
    night_end: Minutes


def grid_of(dossier: Dossier) -> Period:
    """The days that are counted: the period, stretched to hold the duties elsewhere around it."""
    days = [shift.day for shifts in dossier.elsewhere_by_gp.values() for shift in shifts]
    period = dossier.period
    return Period(start=min([period.start, *days]), end=max([period.end, *days])) if days else period


def elsewhere_of(dossier: Dossier, gp_ids: Sequence[str], origin: datetime, grid: Period) -> Elsewhere | None:
    """What these GPs do elsewhere on the days of `grid`; None where that is nothing. `origin` (aware) is minute 0."""
    if dossier.elsewhere_by_gp.keys().isdisjoint(gp_ids):
        return None
    shape = (len(gp_ids), grid.length)
    found = Elsewhere(
        work=np.zeros(shape, dtype=np.int16),
        nights=np.zeros(shape, dtype=np.int16),
        load=np.zeros(shape, dtype=np.int32),
        first_start=np.full(shape, NEVER, dtype=np.int32),
        night_end=np.full(shape, -NEVER, dtype=np.int32),
    )
    for row, gp_id in enumerate(gp_ids):
        for shift in dossier.elsewhere_by_gp.get(gp_id, ()):
            if not shift.is_standby:
                _count(found, row, (shift.day - grid.start).days, shift, origin)
    return found


def _count(found: Elsewhere, row: int, day: int, shift: Shift, origin: datetime) -> None:
    start, end = (minutes_since(origin, moment) for moment in shift.interval)
    found.work[row, day] += 1
    found.load[row, day] += end - start
    found.first_start[row, day] = min(found.first_start[row, day], start)
    if shift.is_night:
        found.nights[row, day] += 1
        found.night_end[row, day] = max(found.night_end[row, day], end)


def clear_of(dossier: Dossier, gp_ids: Sequence[str], shifts: Sequence[Shift]) -> Bools:
    """For each GP (row) and shift whether it neither overlaps with a duty elsewhere nor lies too near to one."""
    clear, origin = np.ones((len(gp_ids), len(shifts)), dtype=np.bool_), shifts[0].starts_at
    asked = Times.of(shifts, origin) if dossier.elsewhere else None
    for row, gp_id in enumerate(gp_ids):
        others = dossier.elsewhere_by_gp.get(gp_id)
        if others and asked is not None:
            clear[row] = ~too_near(dossier.rules, Times.of(others, origin), asked).any(axis=0)
    return clear
