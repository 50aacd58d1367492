"""What a run of the engine gives back, and what it tells while it runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field, PlainSerializer

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value


class Phase(StrEnum):
    """The steps in which a roster is made, in order."""

    SHARES = "shares"
    BOUNDS = "bounds"
    ALLOCATE = "allocate"
    PLACE = "place"
    REPAIR = "repair"
    EXCHANGE = "exchange"
    PROVE = "prove"


class EndedBy(StrEnum):
    """What ended a run: its work was done or gained nothing any more, its time was up, or somebody stopped it."""

    WORK = "work"
    CLOCK = "clock"
    CANCEL = "cancel"


class Progress(Value):
    """How far a run is; figures that are not known yet are None."""

    phase: Phase
    seconds: float
    shifts: int
    filled: int
    largest_deviation: float | None = None
    lower_bound: float | None = None
    soft_cost: float | None = None


def _nested(targets: Mapping[tuple[str, Burden], float]) -> dict[str, dict[str, float]]:
    found: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (gp_id, burden), hours in targets.items():
        found[gp_id][burden.value] = hours
    return dict(found)


def _flat(targets: object) -> object:
    if not isinstance(targets, Mapping) or not all(isinstance(hours, Mapping) for hours in targets.values()):
        return targets
    return {(gp_id, burden): each for gp_id, hours in targets.items() for burden, each in hours.items()}


# a JSON object has no pairs as keys, and the id of a GP may hold any separator
Targets = Annotated[
    Mapping[tuple[str, Burden], float],
    BeforeValidator(_flat),
    PlainSerializer(_nested, return_type=dict[str, dict[str, float]], when_used="json"),
]
"""Hours per GP and burden; in JSON an object of burdens for each GP."""


class RosterResult(Value):
    """A roster with what is proven of it.

    `targets` are hours per GP and burden; `deviation_bound` is per burden the smallest largest deviation, in shifts,
    that any complete roster can have, `deviation_bound_within_reach` the same with the GPs left aside whose targets no
    roster can give (empty: not computed); `unfilled_bound` is the number of shifts that no roster can fill;
    `soft_cost_bound` a cost that no roster can undercut; `seconds` per phase. A run with one worker that `WORK` ended
    gives the same roster again; one that the clock ended may not.
    """

    roster: Roster
    targets: Targets
    deviation_bound: Mapping[Burden, float]
    deviation_bound_within_reach: Mapping[Burden, float] = Field(default_factory=dict)
    unfilled_bound: int = 0
    soft_cost_bound: float = 0.0
    seconds: Mapping[Phase, float] = Field(default_factory=dict)
    seed: int
    workers: int
    engine_version: str
    ended_by: EndedBy = EndedBy.WORK

    @property
    def cancelled(self) -> bool:
        """Whether somebody stopped the run."""
        return self.ended_by is EndedBy.CANCEL

    @property
    def may_differ_again(self) -> bool:
        """Whether a run with one worker, which else gives the same roster each time, was cut short by the clock."""
        return self.workers == 1 and self.ended_by is EndedBy.CLOCK
