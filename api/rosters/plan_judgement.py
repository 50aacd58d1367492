"""The rules, asked of the roster in force as a publication would make it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

from api.neighbours.busy import REACH
from api.rosters.overlaps import refuse_double_booking
from api.rosters.plan import Given, Plan
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules import RULES, Violation, coverage, own_limit, trainee

OF_ONE_PERIOD = frozenset({coverage.NAME, own_limit.NAME, trainee.NAME})
"""Rules that add up hours over one period, or tell of open shifts: nothing across New Year."""


def broken_rules(dossier: Dossier, plan: Plan) -> list[Violation]:
    """Each hard rule that the roster in force would break by a shift of the version.

    Judged as a whole with the duties before the freeze date, and with those of the periods before and after. What
    those break among themselves is in force already, and no objection. Open shifts are no breach. Raises Problem
    `breaks_rules` where a GP would be in two places at once, here or elsewhere, which nothing allows.
    """
    inside = [held for held in plan.kept if held.shift.day in dossier.period]
    outside = [held for held in plan.kept if held.shift.day not in dossier.period and _is_near(dossier, held)]
    whole = _roster((*inside, *plan.given.values()))
    everything = _roster((*inside, *outside, *plan.given.values()))
    refuse_double_booking(dossier, everything)
    # who is elsewhere already cannot be here as well; what was in force before is for others to mend
    refuse_double_booking(dossier, _roster(plan.given.values()), elsewhere=True)
    found = [violation for violation in _broken(dossier, whole, frozenset()) if _is_of(violation, plan.given)]
    if outside:
        beyond = {held.shift.id for held in outside}
        around = (one for one in _broken(dossier, everything, OF_ONE_PERIOD) if _is_of(one, beyond))
        found += [violation for violation in around if _is_of(violation, plan.given)]
    return found


def _is_near(dossier: Dossier, held: Given) -> bool:
    return dossier.period.start - REACH <= held.shift.day <= dossier.period.end + REACH


def _is_of(violation: Violation, shift_ids: Container[str]) -> bool:
    return not violation.shift_ids or any(shift_id in shift_ids for shift_id in violation.shift_ids)


def _broken(dossier: Dossier, roster: Roster, but: frozenset[str]) -> Iterator[Violation]:
    for rule in RULES:
        if rule.name != coverage.NAME and rule.name not in but:
            yield from rule.check(dossier, roster)


def _roster(duties: Iterable[Given]) -> Roster:
    given = sorted(duties, key=lambda one: (one.shift.starts_at, one.shift.id))
    return Roster(
        shifts=tuple(one.shift for one in given),
        gp_of={one.shift.id: one.performer for one in given if one.performer is not None},
        trainee_of={one.shift.id: one.trainee for one in given if one.trainee is not None},
    )
