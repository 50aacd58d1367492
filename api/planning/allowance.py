"""How much of the own hours in a draft a GP may give back: exact minutes, nothing is rounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Stepped(Protocol):
    """A step of one GP: what became of one shift."""

    @property
    def kind(self) -> str:
        """Given back, or otherwise got."""

    @property
    def shift_id(self) -> str:
        """Which shift."""

    @property
    def minutes(self) -> int:
        """How long it is, elapsed."""


@dataclass(frozen=True)
class Allowance:
    """What a GP may give back: `percent` of `own_minutes`, of which `given_minutes` are used up.

    `own_minutes` are those in the draft before the GP gave anything back or picked anything up, standby included; a
    shift that the GP took back again counts for nothing. A shift may go when all that is given back stays within
    the percentage to the minute; whoever has few hours may so be able to give nothing back. Shifts in `picked_up` were
    never among the own hours, and may go at any time.
    """

    percent: Decimal
    own_minutes: int
    given_minutes: int
    picked_up: frozenset[str] = frozenset()

    def permits(self, shift_id: str, minutes: int) -> bool:
        """Whether a shift of so many minutes may be given back as well."""
        return shift_id in self.picked_up or (self.given_minutes + minutes) * 100 <= self.percent * self.own_minutes

    @property
    def most_hours(self) -> float:
        """What may be given back in all."""
        return float(self.percent * self.own_minutes / 6000)

    @property
    def left_hours(self) -> float:
        """What may still be given back."""
        return max(0.0, self.most_hours - self.given_minutes / 60)


def allowance_of(percent: Decimal, has_minutes: int, steps: Iterable[Stepped]) -> Allowance:
    """The allowance of a GP who now has `has_minutes` in the draft, after these own steps in order."""
    given: dict[str, int] = {}
    picked: dict[str, int] = {}
    for step in steps:
        if step.kind == "given_back":
            if picked.pop(step.shift_id, None) is None:
                given[step.shift_id] = step.minutes
        elif given.pop(step.shift_id, None) is None:
            picked[step.shift_id] = step.minutes
    given_minutes = sum(given.values())
    own_minutes = has_minutes + given_minutes - sum(picked.values())
    return Allowance(percent, own_minutes, given_minutes, frozenset(picked))
