"""Whether a mended roster breaks a rule that held: asked of the rules themselves, whatever the solver says."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from scheduler.domain.roster import Roster
from scheduler.mend.case import Case
from scheduler.rules import RULES, Violation, coverage


def breaks_more(case: Case, gp_of: Mapping[str, str]) -> bool:
    """Whether anybody whose duties differ from before breaks a rule with shifts that did not break it before.

    What is broken once the vacated shifts are gone counts as broken before: a shift that lay between two others may
    have hidden that these are too near each other, and it is gone whoever takes it.
    """
    before = case.before.gp_of
    touched = {gp for one, gp in gp_of.items() if before.get(one) != gp}
    touched |= {gp for one, gp in before.items() if gp_of.get(one) != gp}
    old = [*_violations(case, before, touched), *_violations(case, case.roster.gp_of, touched)]
    return any(not any(_covers(earlier, found) for earlier in old) for found in _violations(case, gp_of, touched))


def _violations(case: Case, gp_of: Mapping[str, str], gp_ids: Collection[str]) -> list[Violation]:
    own = {one: gp for one, gp in gp_of.items() if gp in gp_ids}
    part = Roster(shifts=tuple(case.roster.shift_by_id[one] for one in own), gp_of=own)
    return [v for rule in RULES if rule.name != coverage.NAME for v in rule.check(case.dossier, part)]


def _covers(earlier: Violation, found: Violation) -> bool:
    same = (earlier.rule, earlier.gp_id) == (found.rule, found.gp_id)
    return same and set(found.shift_ids) <= set(earlier.shift_ids)
