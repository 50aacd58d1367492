"""What several rules need to see in the duties of one doctor: who has which, the gaps, the series of nights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY, HOUR

TOLERANCE = 1e-9
"""Hours by which a sum of elapsed hours may be off through floating point."""


def doctors(roster: Roster) -> Iterator[tuple[str, tuple[Shift, ...]]]:
    """Each GP and each trainee on the roster with their shifts in order of start.

    The working-time rules hold for both: a trainee rests as a GP does.
    """
    return chain(roster.by_gp.items(), roster.by_trainee.items())


def active(shifts: Sequence[Shift]) -> list[Shift]:
    """The shifts that are worked for certain: all but standby, in the order given."""
    return [shift for shift in shifts if not shift.is_standby]


def gap_hours(earlier: Shift, later: Shift) -> float:
    """Elapsed hours from the end of one shift to the start of another; negative where they overlap."""
    return (later.starts_at - earlier.ends_at) / HOUR


def night_days(shifts: Sequence[Shift]) -> set[date]:
    """The days on which a non-standby night shift starts."""
    return {shift.day for shift in shifts if shift.is_night and not shift.is_standby}


def series_length(nights: set[date], last: date) -> int:
    """Number of consecutive days in `nights` up to and including `last`."""
    length = 0
    while last - DAY * length in nights:
        length += 1
    return length
