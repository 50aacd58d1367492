"""What the output says about a roster: judged once, told by tables, summary and report alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.domain.result import RosterResult
from scheduler.domain.shift import Burden, Shift
from scheduler.fairness import BurdenFairness

DEVIATION_TOLERANCE = 1e-3
"""In shifts; bounds found by bisection may lie this little under the true one."""

COST_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Judgement:
    """The verdict on a result, ready to be told.

    `violations` counts broken rules by name; `unfilled` are the open shifts, each with how many GPs drop out by which
    rule; `soft_cost` is the cost by part; `fairness` the measures per burden; `imbalances` sentences for the planner,
    as are `remedies` under the id of the open shift that they would fill.
    """

    result: RosterResult
    violations: Counter[str]
    unfilled: tuple[tuple[Shift, Mapping[str, int]], ...]
    soft_cost: Mapping[str, float]
    fairness: Mapping[Burden, BurdenFairness]
    imbalances: tuple[str, ...]
    remedies: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def largest_deviation(self) -> float:
        """The largest deviation of any GP in any burden, in shifts."""
        return max((measure.largest for measure in self.fairness.values()), default=0.0)

    @cached_property
    def deviation_bound(self) -> float:
        """The smallest largest deviation that any complete roster can have, over all burdens."""
        return max((self.bound_of(burden) for burden in self.fairness), default=0.0)

    @property
    def total_soft_cost(self) -> float:
        """The soft cost of all parts together."""
        return sum(self.soft_cost.values())

    def bound_of(self, burden: Burden) -> float:
        """The lower bound on the largest deviation of one burden, in shifts."""
        return self.result.deviation_bound.get(burden, 0.0)

    def burden_is_proven(self, burden: Burden) -> bool:
        """Whether no complete roster can have a smaller largest deviation in this burden."""
        return self._complete and self.fairness[burden].largest <= self.bound_of(burden) + DEVIATION_TOLERANCE

    @property
    def fairness_is_proven(self) -> bool:
        """Whether no complete roster can have a smaller largest deviation."""
        return self._complete and self.largest_deviation <= self.deviation_bound + DEVIATION_TOLERANCE

    @property
    def coverage_is_proven(self) -> bool:
        """Whether no legal roster can fill more shifts."""
        return not self.violations and len(self.unfilled) <= self.result.unfilled_bound

    @property
    def soft_cost_is_proven(self) -> bool:
        """Whether no roster of this fairness can cost less."""
        return self._complete and self.total_soft_cost <= self.result.soft_cost_bound + COST_TOLERANCE

    @property
    def _complete(self) -> bool:
        """The bounds hold for complete rosters that keep every rule; for others they prove nothing."""
        return not self.unfilled and not self.violations
