"""What the output says about a roster: judged once, told by tables, summary and report alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from scheduler.domain.result import RosterResult
from scheduler.domain.shift import Burden, Shift
from scheduler.fairness import BurdenFairness
from scheduler.shortfall import Shortfall

DEVIATION_TOLERANCE = 1e-3
"""In shifts; bounds found by bisection may lie this little under the true one."""

COST_TOLERANCE = 1e-6


@dataclass(frozen=True)
class Judgement:
    """The verdict on a result, ready to be told.

    `violations` counts broken rules by name; `unfilled` are the open shifts, each with how many GPs drop out by which
    rule; `soft_cost` is the cost by part; `fairness` the measures per burden; `imbalances` sentences for the planner,
    as are `remedies` under the id of the open shift that they would fill. `shortfalls` are the GPs whose targets no
    roster can give, with the sentence that tells of it.
    """

    result: RosterResult
    violations: Counter[str]
    unfilled: tuple[tuple[Shift, Mapping[str, int]], ...]
    soft_cost: Mapping[str, float]
    fairness: Mapping[Burden, BurdenFairness]
    imbalances: tuple[str, ...]
    remedies: Mapping[str, str] = field(default_factory=dict)
    shortfalls: Mapping[Shortfall, str] = field(default_factory=dict)

    @cached_property
    def largest_deviation(self) -> float:
        """The largest deviation of any GP in any burden, in shifts."""
        return max((measure.largest for measure in self.fairness.values()), default=0.0)

    @cached_property
    def deviation_bound(self) -> float:
        """The smallest largest deviation that any complete roster can have, over all burdens."""
        return max((self.bound_of(burden) for burden in self.fairness), default=0.0)

    @cached_property
    def out_of_reach(self) -> frozenset[str]:
        """The GPs whose targets no roster can give."""
        return frozenset(shortfall.gp_id for shortfall in self.shortfalls)

    @cached_property
    def largest_deviation_within_reach(self) -> float:
        """The largest deviation, in shifts, of the GPs whose targets a roster can give."""
        return max((self.largest_within_reach(burden) for burden in self.fairness), default=0.0)

    @cached_property
    def deviation_bound_within_reach(self) -> float:
        """The smallest that any complete roster can make it."""
        return max((self.bound_within_reach(burden) for burden in self.fairness), default=0.0)

    @property
    def has_others_within_reach(self) -> bool:
        """Whether some GPs have a target out of reach and others have one within."""
        measured = {gp_id for measure in self.fairness.values() for gp_id in measure.per_gp}
        return bool(self.out_of_reach) and bool(measured - self.out_of_reach)

    @property
    def total_soft_cost(self) -> float:
        """The soft cost of all parts together."""
        return sum(self.soft_cost.values())

    def bound_of(self, burden: Burden) -> float:
        """The lower bound on the largest deviation of one burden, in shifts."""
        return self.result.deviation_bound.get(burden, 0.0)

    def largest_within_reach(self, burden: Burden) -> float:
        """The largest deviation in one burden of the GPs whose targets a roster can give."""
        per_gp = self.fairness[burden].per_gp
        return max((abs(own.deviation) for gp_id, own in per_gp.items() if gp_id not in self.out_of_reach), default=0.0)

    def bound_within_reach(self, burden: Burden) -> float:
        """The lower bound on that, in shifts."""
        if not self.out_of_reach:
            return self.bound_of(burden)
        return self.result.deviation_bound_within_reach.get(burden, 0.0)

    def burden_is_proven(self, burden: Burden) -> bool:
        """Whether no complete roster can have a smaller largest deviation in this burden."""
        return self._complete and self.fairness[burden].largest <= self.bound_of(burden) + DEVIATION_TOLERANCE

    def burden_is_optimal(self, burden: Burden) -> bool:
        """Whether that holds of all GPs and, by themselves, of those whose targets a roster can give."""
        bound = self.bound_within_reach(burden) + DEVIATION_TOLERANCE
        return self.burden_is_proven(burden) and self.largest_within_reach(burden) <= bound

    @property
    def fairness_is_proven(self) -> bool:
        """Whether no complete roster can have a smaller largest deviation."""
        return self._complete and self.largest_deviation <= self.deviation_bound + DEVIATION_TOLERANCE

    @property
    def fairness_within_reach_is_proven(self) -> bool:
        """The same of the GPs whose targets a roster can give."""
        bound = self.deviation_bound_within_reach + DEVIATION_TOLERANCE
        return self._complete and self.largest_deviation_within_reach <= bound

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
