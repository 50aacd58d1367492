"""Which times one GP cannot both be on duty at: overlap, and rest between duties that are worked for certain."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Shift

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
MINUTE = 60.0


class Times(NamedTuple):
    """Times of duties in minutes since one moment, and what the rules ask of each."""

    start: Ints
    end: Ints
    standby: Bools
    night: Bools

    @classmethod
    def of(cls, shifts: Sequence[Shift], origin: datetime) -> Times:
        """The times of shifts; `origin` (aware) is minute 0."""
        start, end = (
            np.array([minutes_since(origin, moment) for moment in moments], dtype=np.int64)
            for moments in ([shift.starts_at for shift in shifts], [shift.ends_at for shift in shifts])
        )
        standby, night = (
            np.array(flags, dtype=np.bool_)
            for flags in ([shift.is_standby for shift in shifts], [shift.is_night for shift in shifts])
        )
        return cls(start, end, standby, night)


def minutes_since(origin: datetime, moment: datetime) -> int:
    """Elapsed minutes between two aware moments."""
    return round((moment - origin).total_seconds() / MINUTE)


def too_near(rules: RuleParameters, ones: Times, others: Times) -> Bools:
    """For each of `ones` (row) and `others` (column) whether they overlap or leave too little rest between them."""
    overlap = (ones.start[:, None] < others.end) & (others.start < ones.end[:, None])
    duty = ~ones.standby[:, None] & ~others.standby
    short = _short(rules, ones, others) | _short(rules, others, ones).T
    found: Bools = overlap | (short & duty)
    return found


def _short(rules: RuleParameters, earlier: Times, later: Times) -> Bools:
    rest = np.where(earlier.night, max(rules.min_rest_hours, rules.rest_after_night_hours), rules.min_rest_hours)
    gap = later.start - earlier.end[:, None]
    found: Bools = (earlier.start[:, None] <= later.start) & (gap < rest[:, None] * MINUTE - 1e-6)
    return found
