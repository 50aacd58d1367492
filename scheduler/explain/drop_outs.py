"""How many GPs drop out of an open shift by which rule, for hundreds of open shifts at once."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.explain.candidates import qualified
from scheduler.explain.nearby import NEARBY, reach
from scheduler.rules import RULES, Rule, absence, coverage, may_work, trainee
from scheduler.rules.lineup import Lineup

AVAILABLE = "available"
"""In counts per rule: GPs whom no rule keeps from the shift."""
# What these say of a shift does not depend on the other duties, so their masks answer for all shifts at once.
_ALONE = frozenset({may_work.NAME, absence.NAME})
# One GP's duties have no open shift and no trainee, so these have nothing to find.
_OF_OTHERS = frozenset({coverage.NAME, trainee.NAME})
_TOGETHER = tuple(rule for rule in RULES if rule.name not in _ALONE | _OF_OTHERS)


def drop_outs(dossier: Dossier, roster: Roster, shifts: Sequence[Shift]) -> tuple[Mapping[str, int], ...]:
    """For each of `shifts`, how many qualified GPs drop out by which rule, each counted once.

    A GP counts under the first rule that is broken, in the order of the rules: who may work at all, absence, overlap
    and rest, weeks and weekends, own limit. `available` counts those whom no rule keeps from it (absent when 0); the
    counts add up to the number of qualified GPs.
    """
    lineup = Lineup.of(shifts)
    counts: list[Counter[str]] = [Counter() for _ in shifts]
    for gp_id in qualified(dossier):
        for count, rule in zip(counts, _first_rules(dossier, roster, gp_id, lineup), strict=True):
            count[rule or AVAILABLE] += 1
    return tuple(dict(count.most_common()) for count in counts)


def told(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """Counts of `drop_outs` in the order in which they are told: most first, without those who are available."""
    return sorted(((rule, n) for rule, n in counts.items() if rule != AVAILABLE), key=lambda item: (-item[1], item[0]))


def _first_rules(dossier: Dossier, roster: Roster, gp_id: str, lineup: Lineup) -> Iterator[str | None]:
    """Per shift the first rule that this GP would break by taking it."""
    account = Account(dossier, gp_id, roster.by_gp.get(gp_id, ()))
    able, present = may_work.mask(dossier, gp_id, lineup), absence.mask(dossier, gp_id, lineup)
    for shift, may, free in zip(lineup.shifts, able, present, strict=True):
        if not may:
            yield may_work.NAME
        else:
            yield account.first_broken(shift) if free else absence.NAME


class Account:
    """One GP's duties in order of start, for many questions about a further one."""

    def __init__(self, dossier: Dossier, gp_id: str, own: Sequence[Shift]) -> None:
        self._dossier, self._gp_id, self._own = dossier, gp_id, own
        self._days = [duty.day for duty in own]
        self._reach = reach(dossier.rules)

    def first_broken(self, shift: Shift) -> str | None:
        """The first rule about several duties that the GP would break with `shift` besides the present ones."""
        first = bisect_left(self._days, shift.day - self._reach)
        last = bisect_right(self._days, shift.day + self._reach)
        near = [duty for duty in self._own[first:last] if duty.id != shift.id]
        with_near = self._alone([*near, shift])
        others = [duty for duty in self._own if duty.id != shift.id]
        with_all = self._alone([*others, shift])
        for rule in _TOGETHER:
            after, without = (with_near, near) if rule.name in NEARBY else (with_all, others)
            if self._is_broken(rule, after, without):
                return rule.name
        return None

    def _is_broken(self, rule: Rule, after: Roster, without: Sequence[Shift]) -> bool:
        found = list(rule.check(self._dossier, after))
        if not found:
            return False
        before = list(rule.check(self._dossier, self._alone(without)))
        return any(violation not in before for violation in found)

    def _alone(self, shifts: Sequence[Shift]) -> Roster:
        return Roster(shifts=tuple(shifts), gp_of={shift.id: self._gp_id for shift in shifts})
