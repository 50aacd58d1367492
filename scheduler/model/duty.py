"""One shift that a doctor has or may get, as the model sees it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ortools.sat.python import cp_model

from scheduler.domain.shift import Shift


@dataclass(frozen=True, slots=True)
class Duty:
    """A shift of one doctor: `taken` is the literal that says so, the constant true where it `is_given` already."""

    shift: Shift
    taken: cp_model.IntVar
    is_given: bool

    @property
    def day(self) -> date:
        """The day on which the shift starts."""
        return self.shift.day

    @property
    def minutes(self) -> int:
        """Elapsed minutes of the shift."""
        return round(self.shift.hours * 60)


def active(duties: Iterable[Duty]) -> list[Duty]:
    """The duties that are not standby."""
    return [duty for duty in duties if not duty.shift.is_standby]


def nights(duties: Iterable[Duty]) -> list[Duty]:
    """The non-standby night duties."""
    return [duty for duty in duties if duty.shift.is_night and not duty.shift.is_standby]


def by_day(duties: Iterable[Duty]) -> dict[date, list[Duty]]:
    """The duties of each day that has any, days in the order in which they come."""
    days: defaultdict[date, list[Duty]] = defaultdict(list)
    for duty in duties:
        days[duty.day].append(duty)
    return dict(days)
