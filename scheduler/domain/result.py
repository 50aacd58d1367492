"""What a run of the engine gives back, and what it tells while it runs."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

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


class Progress(Value):
    """How far a run is; figures that are not known yet are None."""

    phase: Phase
    seconds: float
    shifts: int
    filled: int
    largest_deviation: float | None = None
    lower_bound: float | None = None
    soft_cost: float | None = None


class RosterResult(Value):
    """A roster with what is proven of it.

    `targets` are hours per GP and burden; `deviation_bound` is per burden the smallest largest deviation, in shifts,
    that any complete roster can have; `unfilled_bound` is the number of shifts that no roster can fill;
    `soft_cost_bound` a cost that no roster can undercut; `seconds` per phase.
    """

    roster: Roster
    targets: Mapping[tuple[str, Burden], float]
    deviation_bound: Mapping[Burden, float]
    unfilled_bound: int = 0
    soft_cost_bound: float = 0.0
    seconds: Mapping[Phase, float] = Field(default_factory=dict)
    seed: int
    workers: int
    engine_version: str
    cancelled: bool = False
