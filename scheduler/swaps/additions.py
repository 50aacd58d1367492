"""Which of many GPs may take one shift: the rules' own checks, asked about all of them in one go."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import date
from functools import cached_property
from itertools import chain

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.explain.drop_outs import NEARBY, reach
from scheduler.rules import RULES, Rule, Violation, absence, locks, may_work, own_limit
from scheduler.rules.lineup import Lineup
from scheduler.swaps.situation import Situation, in_order
from scheduler.swaps.verdict import newly

_ABOUT_NEAR = tuple(rule for rule in RULES if rule.name in NEARBY)
_ABOUT_ALL = tuple(rule for rule in RULES if rule.name == own_limit.NAME)

Duties = Mapping[str, tuple[Shift, ...]]
"""Shifts per GP in order of start, as they are or as they would be."""


class _Supposed(Roster):
    """Duties as they would be, one shift with many GPs at once: for rules that look at the duties of each GP apart."""

    supposed: Duties

    @cached_property
    def by_gp(self) -> Duties:
        """The duties of each GP that is asked about."""
        return self.supposed


def objections(situation: Situation, shift: Shift, gp_ids: Iterable[str]) -> dict[str, tuple[Violation, ...]]:
    """Per GP every rule that taking the shift besides the present duties would break; none: may take it.

    The same answers as `rules.verdict.broken_by`, for hundreds of GPs in milliseconds; but where who may work at all
    or an absence stands in the way, that is the whole answer.
    """
    dossier, lineup = situation.dossier, Lineup.of([shift])
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
    for gp_ids_asked, rules, whole in ((free, _ABOUT_NEAR, False), (limited, _ABOUT_ALL, True)):
        own = {gp_id: _own(situation, gp_id, shift, whole=whole) for gp_id in gp_ids_asked}
        for gp_id, broken in _added(dossier, rules, own, shift).items():
            found[gp_id] += broken
    for gp_id in free:
        if not locks.mask(dossier, gp_id, lineup)[0]:
            found[gp_id] += tuple(locks.check(dossier, Roster(shifts=(shift,), gp_of={shift.id: gp_id})))
    return {gp_id: _in_order_of_rules(broken) for gp_id, broken in found.items()}


def broken_near(
    situation: Situation, gp_id: str, shift: Shift, given: Set[str] = frozenset(), also: Sequence[Shift] = ()
) -> tuple[Violation, ...]:
    """What a GP who may do the shift as such breaks by taking it, and those `also` near it, for the shifts `given`.

    Judged are duties near the shift, and own limits.
    """
    dossier = situation.dossier
    questions = [(_ABOUT_NEAR, _own(situation, gp_id, shift, whole=False))]
    if gp_id in dossier.limits_by_gp:
        questions.append((_ABOUT_ALL, _own(situation, gp_id, shift, whole=True)))
    found: list[Violation] = []
    for rules, own in questions:
        kept = [duty for duty in own if duty.id not in given]
        after = _broken(dossier, rules, {gp_id: in_order([*kept, *also, shift])}).get(gp_id, ())
        if after:
            found += newly(after, _broken(dossier, rules, {gp_id: own}).get(gp_id, ()))
    return tuple(found)


def _own(situation: Situation, gp_id: str, shift: Shift, *, whole: bool) -> tuple[Shift, ...]:
    """The present duties but the shift itself; those alone that rules about near duties can see, unless `whole`."""
    duties = situation.duties(gp_id)
    if not whole:
        far = reach(situation.dossier.rules)
        first = bisect_left(duties, shift.day - far, key=_day)
        duties = duties[first : bisect_right(duties, shift.day + far, key=_day)]
    return tuple(duty for duty in duties if duty.id != shift.id)


def _added(dossier: Dossier, rules: Sequence[Rule], own: Duties, shift: Shift) -> dict[str, tuple[Violation, ...]]:
    """Per GP what is broken with the shift and not without it; GPs for whom that is nothing are left out."""
    after = _broken(dossier, rules, {gp_id: in_order([*duties, shift]) for gp_id, duties in own.items()})
    before = _broken(dossier, rules, {gp_id: own[gp_id] for gp_id in after})
    added = {gp_id: tuple(one for one in found if one not in before.get(gp_id, ())) for gp_id, found in after.items()}
    return {gp_id: found for gp_id, found in added.items() if found}


def _broken(dossier: Dossier, rules: Sequence[Rule], duties: Duties) -> Mapping[str, list[Violation]]:
    roster = _Supposed.model_construct(shifts=(), gp_of={}, trainee_of={}, supposed=duties)
    found: defaultdict[str, list[Violation]] = defaultdict(list)
    for rule in rules:
        for violation in rule.check(dossier, roster):
            if violation.gp_id is not None:
                found[violation.gp_id].append(violation)
    return found


_PLACE = {rule.name: place for place, rule in enumerate(RULES)}


def _in_order_of_rules(broken: tuple[Violation, ...]) -> tuple[Violation, ...]:
    return tuple(sorted(broken, key=lambda violation: _PLACE[violation.rule])) if len(broken) > 1 else broken


def _day(shift: Shift) -> date:
    return shift.day
