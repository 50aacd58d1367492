"""A roster: who does which shift, complete or not, whoever made it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

from pydantic import Field

from scheduler.domain.shift import Shift
from scheduler.domain.value import Value


class Roster(Value):
    """The shifts of the period with the GP of each (absent: unfilled) and the trainee beside that GP, if any."""

    shifts: tuple[Shift, ...]
    gp_of: Mapping[str, str] = Field(default_factory=dict)
    trainee_of: Mapping[str, str] = Field(default_factory=dict)

    @cached_property
    def shift_by_id(self) -> Mapping[str, Shift]:
        """Each shift under its id."""
        return {shift.id: shift for shift in self.shifts}

    @cached_property
    def by_gp(self) -> Mapping[str, tuple[Shift, ...]]:
        """The shifts of each GP who has any, in order of start."""
        return self._grouped(self.gp_of)

    @cached_property
    def by_trainee(self) -> Mapping[str, tuple[Shift, ...]]:
        """The shifts of each trainee who has any, in order of start."""
        return self._grouped(self.trainee_of)

    @cached_property
    def unfilled(self) -> tuple[Shift, ...]:
        """The shifts without a GP, in order of start."""
        return tuple(shift for shift in self.shifts if shift.id not in self.gp_of)

    def of(self, gp_id: str) -> Roster:
        """The same GP's shifts alone, for a judgement on that GP."""
        own = self.by_gp.get(gp_id, ())
        return Roster(shifts=own, gp_of={shift.id: gp_id for shift in own})

    def with_gp(self, shift_id: str, gp_id: str | None) -> Roster:
        """The roster with one shift given to another GP, or to nobody; a trainee on it stays behind."""
        gp_of = {sid: gp for sid, gp in self.gp_of.items() if sid != shift_id}
        if gp_id is not None:
            gp_of[shift_id] = gp_id
        trainee_of = {sid: gp for sid, gp in self.trainee_of.items() if sid != shift_id}
        return Roster(shifts=self.shifts, gp_of=gp_of, trainee_of=trainee_of)

    def _grouped(self, who: Mapping[str, str]) -> Mapping[str, tuple[Shift, ...]]:
        grouped: defaultdict[str, list[Shift]] = defaultdict(list)
        for shift in sorted(self.shifts, key=lambda shift: (shift.starts_at, shift.id)):
            if shift.id in who:
                grouped[who[shift.id]].append(shift)
        return {gp_id: tuple(shifts) for gp_id, shifts in grouped.items()}

    def __str__(self) -> str:
        return f"{len(self.shifts) - len(self.unfilled)} of {len(self.shifts)} shifts filled"
