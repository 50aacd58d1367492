"""Which of many GPs may take one shift: the rules' own checks, asked about all of them in one go."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.explain.nearby import NEARBY, reach
from scheduler.rules import RULES, Rule, Violation, absence, locks, may_work, own_limit
from scheduler.rules.lineup import Lineup

ABOUT_NEAR = tuple(rule for rule in RULES if rule.name in NEARBY)
"""Rules that need no more of a GP's duties than those near a shift."""
ABOUT_ALL = tuple(rule for rule in RULES if rule.name == own_limit.NAME)
"""Rules that need all of them; they speak of GPs with own limits alone."""

Duties = Mapping[str, tuple[Shift, ...]]
"""Shifts per GP in order of start, as they are or as they would be."""


class _Supposed(Roster):
    """Duties as they would be, one shift with many GPs at once: for rules that look at the duties of each GP apart."""

    supposed: Duties

    @cached_property
    def by_gp(self) -> Duties:
        """The duties of each GP that is asked about."""
        return self.supposed


def objections(
    dossier: Dossier, by_gp: Duties, shift: Shift, gp_ids: Iterable[str]
) -> dict[str, tuple[Violation, ...]]:
    """Per GP every rule that taking the shift besides the duties of `by_gp` would break; none: may take it.

    The same answers as `rules.verdict.broken_by`, for hundreds of GPs in milliseconds; but where who may work at all
    or an absence stands in the way, that is the whole answer.
    """
    lineup = Lineup.of([shift])
    found: dict[str, tuple[Violation, ...]] = {}
    free: list[str] = []
    for gp_id in gp_ids:
        if may_work.mask(dossier, gp_id, lineup)[0] and absence.mask(dossier, gp_id, lineup)[0]:
            free.append(gp_id)
            found[gp_id] = ()
        else:
            alone = Roster(shifts=(shift,), gp_of={shift.id: gp_id})
            found[gp_id] = tuple(chain(may_work.check(dossier, alone), absence.check(dossier, alone)))
    limited = [gp_id for gp_id in free if gp_id in dossier.limits_by_gp]
    for gp_ids_asked, rules, whole in ((free, ABOUT_NEAR, False), (limited, ABOUT_ALL, True)):
        own = {gp_id: besides(dossier, by_gp.get(gp_id, ()), shift, whole=whole) for gp_id in gp_ids_asked}
        for gp_id, added in _added(dossier, rules, own, shift).items():
            found[gp_id] += added
    for gp_id in free:
        if not locks.mask(dossier, gp_id, lineup)[0]:
            found[gp_id] += tuple(locks.check(dossier, Roster(shifts=(shift,), gp_of={shift.id: gp_id})))
    return {gp_id: _in_order_of_rules(violations) for gp_id, violations in found.items()}


def besides(dossier: Dossier, duties: tuple[Shift, ...], shift: Shift, *, whole: bool) -> tuple[Shift, ...]:
    """A GP's duties but the shift itself; those alone that rules about near duties can see, unless `whole`."""
    if not whole:
        far = reach(dossier.rules)
        first = bisect_left(duties, shift.day - far, key=_day)
        duties = duties[first : bisect_right(duties, shift.day + far, key=_day)]
    return tuple(duty for duty in duties if duty.id != shift.id)


def broken(dossier: Dossier, rules: Sequence[Rule], duties: Duties) -> Mapping[str, list[Violation]]:
    """What each GP breaks of these rules with duties that may overlap those of others."""
    roster = _Supposed.model_construct(shifts=(), gp_of={}, trainee_of={}, supposed=duties)
    found: defaultdict[str, list[Violation]] = defaultdict(list)
    for rule in rules:
        for violation in rule.check(dossier, roster):
            if violation.gp_id is not None:
                found[violation.gp_id].append(violation)
    return found


def _added(dossier: Dossier, rules: Sequence[Rule], own: Duties, shift: Shift) -> dict[str, tuple[Violation, ...]]:
    """Per GP what is broken with the shift and not without it; GPs for whom that is nothing are left out."""
    after = broken(dossier, rules, {gp_id: _with(duties, shift) for gp_id, duties in own.items()})
    before = broken(dossier, rules, {gp_id: own[gp_id] for gp_id in after})
    added = {gp_id: tuple(one for one in found if one not in before.get(gp_id, ())) for gp_id, found in after.items()}
    return {gp_id: found for gp_id, found in added.items() if found}


def _with(duties: tuple[Shift, ...], shift: Shift) -> tuple[Shift, ...]:
    return tuple(sorted((*duties, shift), key=lambda one: (one.starts_at, one.id)))


_PLACE = {rule.name: place for place, rule in enumerate(RULES)}


def _in_order_of_rules(violations: tuple[Violation, ...]) -> tuple[Violation, ...]:
    return tuple(sorted(violations, key=lambda one: _PLACE[one.rule])) if len(violations) > 1 else violations


def _day(shift: Shift) -> date:
    return shift.day
