"""Shifts in columns, so that rules about one shift and one GP can be read for thousands of pairs at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift

Kind = tuple[str, Role, bool]
"""Post, role and whether it is a night: what an agreement speaks of."""


@dataclass(frozen=True)
class Lineup:
    """Shifts in the order given with, per shift, the figures that unary rules look at."""

    shifts: tuple[Shift, ...]
    days: tuple[date, ...]
    kinds: tuple[Kind, ...]

    @classmethod
    def of(cls, shifts: Sequence[Shift]) -> Lineup:
        """Put `shifts` in columns."""
        return cls(
            shifts=tuple(shifts),
            days=tuple(shift.day for shift in shifts),
            kinds=tuple((shift.post_id, shift.role, shift.is_night) for shift in shifts),
        )

    def __len__(self) -> int:
        return len(self.shifts)

    @cached_property
    def on(self) -> Mapping[date, tuple[int, ...]]:
        """The places of the shifts that start on each day that has any."""
        found: defaultdict[date, list[int]] = defaultdict(list)
        for place, day in enumerate(self.days):
            found[day].append(place)
        return {day: tuple(places) for day, places in found.items()}

    def of_kind(self, kind: Kind, first: date, last: date) -> Sequence[int]:
        """The places of the shifts of one kind that start on a day from `first` to `last`, both included."""
        places = self._by_kind.get(kind, ())
        start = bisect_left(places, first, key=self.days.__getitem__)
        return places[start : bisect_right(places, last, key=self.days.__getitem__)]

    @cached_property
    def _by_kind(self) -> Mapping[Kind, Sequence[int]]:
        found: defaultdict[Kind, list[int]] = defaultdict(list)
        for place in sorted(range(len(self)), key=self.days.__getitem__):
            found[self.kinds[place]].append(place)
        return found

    def touching(self, start: datetime, end: datetime) -> Iterator[int]:
        """The places of the shifts that overlap `[start, end)` (both in UTC)."""
        first = bisect_left(self._starts, start - self._longest)
        for place in self._by_start[first : bisect_left(self._starts, end)]:
            if self.shifts[place].ends_at > start:
                yield place

    @cached_property
    def _by_start(self) -> list[int]:
        return sorted(range(len(self.shifts)), key=lambda place: self.shifts[place].starts_at)

    @cached_property
    def _starts(self) -> list[datetime]:
        return [self.shifts[place].starts_at for place in self._by_start]

    @cached_property
    def _longest(self) -> timedelta:
        return max((shift.ends_at - shift.starts_at for shift in self.shifts), default=timedelta(0))
