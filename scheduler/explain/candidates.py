"""Who could take a shift, at what cost, and who could not and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cached_property
from heapq import nlargest

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.value import Value
from scheduler.explain.objections import objections
from scheduler.fair_shares import fair_shares
from scheduler.fairness import BurdenFairness, measure
from scheduler.rules import Violation, absence, may_work
from scheduler.rules.verdict import broken_by
from scheduler.wishes import WISHES, gain_of

_SAME = 1e-9
_EMPTY = Roster(shifts=())
# Rules about one shift that stand before all rules about several: what they say of the shift alone decides.
_FIRST = frozenset({may_work.NAME, absence.NAME})


class Taker(Value):
    """A GP who may take the shift, and what would change by it.

    `deviation` is this GP's in the burden of the shift, in shifts (positive: more than the share), as it is and as it
    would be. `largest` and `squares` are what the roster's largest deviation in that burden and its sum of squared
    deviations would gain, the present GP's change included; `soft` what each soft part would gain, parts without
    change left out. Less is better.
    """

    gp_id: str
    deviation: tuple[float, float]
    largest: float
    squares: float
    soft: Mapping[str, float]

    @property
    def soft_total(self) -> float:
        """What the soft cost as a whole would gain."""
        return sum(self.soft.values())

    @property
    def cost(self) -> tuple[float, float, float]:
        """Comparable in the order in which rosters are judged: largest deviation, squares, soft cost."""
        return tuple(0.0 if abs(part) < _SAME else part for part in (self.largest, self.squares, self.soft_total))  # type: ignore[return-value]


class Obstacle(Value):
    """A GP who may not take the shift: the first rule against it, in the order of the rules."""

    gp_id: str
    violation: Violation

    @property
    def rule(self) -> str:
        """Name of the rule."""
        return self.violation.rule

    @property
    def reason(self) -> str | None:
        """Which of several objections of that rule it is, if it has several."""
        reason = self.violation.detail.get("reason")
        return None if reason is None else str(reason)


class Candidates(Value):
    """Every qualified GP but the present one, as takers (cheapest first) and obstacles."""

    shift: Shift
    gp_id: str | None
    takers: tuple[Taker, ...]
    obstacles: tuple[Obstacle, ...]

    @cached_property
    def dropped_by_rule(self) -> Mapping[str, int]:
        """Number of GPs whom each rule rules out, most first."""
        return dict(Counter(obstacle.rule for obstacle in self.obstacles).most_common())

    @cached_property
    def dropped_by_reason(self) -> Mapping[tuple[str, str], int]:
        """The same by rule and reason, for rules with several objections."""
        named = Counter((o.rule, o.reason) for o in self.obstacles if o.reason is not None)
        return {(rule, reason): count for (rule, reason), count in named.most_common() if reason is not None}


def qualified(dossier: Dossier) -> tuple[str, ...]:
    """The GPs who may be on duty at all, by their class or by any of their agreements, in the order of the dossier."""
    by_agreement = {row.gp_id for row in dossier.agreements if row.contract in QUALIFIED}
    return tuple(gp.id for gp in dossier.gps if gp.contract in QUALIFIED or gp.id in by_agreement)


def first_broken(dossier: Dossier, roster: Roster, gp_id: str, shift: Shift) -> Violation | None:
    """The first rule, in their order, that the GP would break by taking the shift; None: may take it."""
    alone = broken_by(dossier, _EMPTY, gp_id, shift)
    if alone and alone[0].rule in _FIRST:
        return alone[0]
    return next(iter(broken_by(dossier, roster, gp_id, shift)), None)


class Ledger:
    """A roster's accounts, opened once for many questions: who is how far from which target."""

    def __init__(
        self, dossier: Dossier, roster: Roster, targets: Mapping[tuple[str, Burden], float] | None = None
    ) -> None:
        self.dossier, self.roster = dossier, roster
        self.targets = fair_shares(dossier, roster.shifts).targets if targets is None else targets
        self.fairness: Mapping[Burden, BurdenFairness] = measure(dossier, roster, self.targets)
        self.qualified = qualified(dossier)
        # a shift changes the deviation of two GPs at most: of three one is always left
        self._farthest = {
            burden: nlargest(3, ((abs(own.deviation), gp_id) for gp_id, own in found.per_gp.items()))
            for burden, found in self.fairness.items()
        }

    def deviation(self, gp_id: str, burden: Burden) -> float:
        """How far the GP is from the target for a burden, in shifts (positive: did more)."""
        found = self.fairness[burden].per_gp.get(gp_id)
        return found.deviation if found else 0.0

    def candidates(self, shift: Shift) -> Candidates:
        """Who else could do `shift`, as the roster stands."""
        present = self.roster.gp_of.get(shift.id)
        others = [gp_id for gp_id in self.qualified if gp_id != present]
        broken = objections(self.dossier, self.roster.by_gp, shift, others)
        relief = {} if present is None else self.soft_change(present, given=shift)
        takers = [self._taker(shift, present, relief, gp_id) for gp_id, found in broken.items() if not found]
        return Candidates(
            shift=shift,
            gp_id=present,
            takers=tuple(sorted(takers, key=lambda taker: (taker.cost, taker.gp_id))),
            obstacles=tuple(Obstacle(gp_id=gp_id, violation=found[0]) for gp_id, found in broken.items() if found),
        )

    def _taker(self, shift: Shift, present: str | None, relief: Mapping[str, float], gp_id: str) -> Taker:
        burden = self.fairness[shift.burden]
        length = shift.hours / burden.mean_hours
        before = self.deviation(gp_id, shift.burden)
        changes = {gp_id: (before, before + length)}
        soft = self.soft_change(gp_id, gained=shift)
        if present is not None:
            now = self.deviation(present, shift.burden)
            changes[present] = (now, now - length)
        rest = next((size for size, gp in self._farthest[shift.burden] if gp not in changes), 0.0)
        return Taker(
            gp_id=gp_id,
            deviation=changes[gp_id],
            largest=max(rest, *(abs(after) for _, after in changes.values())) - burden.largest,
            squares=sum(after**2 - earlier**2 for earlier, after in changes.values()),
            soft=together(soft, relief),
        )

    def soft_change(
        self, gp_id: str, *, gained: Shift | None = None, given: Shift | None = None
    ) -> Mapping[str, float]:
        """What each soft part that changes would gain if the GP got one shift and gave one away (less is better)."""
        own = self.roster.by_gp.get(gp_id, ())
        gets, gives = ([] if shift is None else [shift] for shift in (gained, given))
        return gain_of(self.dossier, gp_id, own, gets, gives)


def together(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """The sum of two changes of the soft parts, parts without change left out."""
    summed = {part.name: one.get(part.name, 0.0) + other.get(part.name, 0.0) for part in WISHES}
    return {part: cost for part, cost in summed.items() if abs(cost) > _SAME}
