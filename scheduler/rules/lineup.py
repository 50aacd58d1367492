"""Shifts in columns, so that rules about one shift and one GP can be read for thousands of pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift

Kind = tuple[str, Role, bool]
"""Post, role and whether it is a night: what an agreement speaks of."""


@dataclass(frozen=True, slots=True)
class Lineup:
    """Shifts in the order given with, per shift, the figures that unary rules look at; moments are UTC."""

    shifts: tuple[Shift, ...]
    days: tuple[date, ...]
    kinds: tuple[Kind, ...]
    spans: tuple[tuple[datetime, datetime], ...]

    @classmethod
    def of(cls, shifts: Sequence[Shift]) -> Lineup:
        """Put `shifts` in columns."""
        return cls(
            shifts=tuple(shifts),
            days=tuple(shift.day for shift in shifts),
            kinds=tuple((shift.post_id, shift.role, shift.is_night) for shift in shifts),
            spans=tuple((shift.starts_at, shift.ends_at) for shift in shifts),
        )

    def __len__(self) -> int:
        return len(self.shifts)
