"""Judge a roster, whoever made it: rules, open shifts, fairness and soft cost, without a solver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value
from scheduler.fair_shares import fair_shares
from scheduler.fairness import BurdenFairness, measure
from scheduler.rules import RULES, Violation, coverage
from scheduler.wishes import parts


class Verdict(Value):
    """What is found of a roster.

    `violations` are breaches of every hard rule but coverage; `unfilled` are the ids of the open shifts, which are no
    breach as long as they are shown. `soft_cost` is per part, in the unit of the weights; `fairness` per burden.
    """

    violations: tuple[Violation, ...]
    unfilled: tuple[str, ...]
    soft_cost: Mapping[str, float]
    fairness: Mapping[Burden, BurdenFairness]

    @property
    def is_legal(self) -> bool:
        """Whether no hard rule is broken; shifts may be open."""
        return not self.violations

    @property
    def is_complete(self) -> bool:
        """Whether every shift has a GP."""
        return not self.unfilled

    @property
    def violations_by_rule(self) -> dict[str, int]:
        """Number of violations of each rule that is broken, in the order of the rules."""
        return dict(Counter(violation.rule for violation in self.violations))

    @property
    def largest_deviation(self) -> float:
        """The largest deviation from a target over all burdens, in shifts."""
        return max((burden.largest for burden in self.fairness.values()), default=0.0)

    @property
    def total_soft_cost(self) -> float:
        """The cost of all soft parts together."""
        return sum(self.soft_cost.values())

    def __str__(self) -> str:
        return (
            f"{len(self.violations)} violations, {len(self.unfilled)} unfilled, "
            f"largest deviation {self.largest_deviation:.2f} shifts, soft cost {self.total_soft_cost:g}"
        )


def verify(dossier: Dossier, roster: Roster, targets: Mapping[tuple[str, Burden], float] | None = None) -> Verdict:
    """Judge `roster`, which holds all shifts of the period; `targets` (hours) are computed where they are not given."""
    if targets is None:
        targets = fair_shares(dossier, roster.shifts).targets
    return Verdict(
        violations=tuple(v for rule in RULES if rule.name != coverage.NAME for v in rule.check(dossier, roster)),
        unfilled=tuple(shift.id for shift in roster.unfilled),
        soft_cost=parts(dossier, roster),
        fairness=measure(dossier, roster, targets),
    )
