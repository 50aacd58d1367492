"""Judge a result for the output, by the same checker that judges any roster."""

from __future__ import annotations

from collections import Counter

from scheduler.domain.dossier import Dossier
from scheduler.domain.result import RosterResult
from scheduler.report.judgement import Judgement
from scheduler.verify import verify


def judge(dossier: Dossier, result: RosterResult) -> Judgement:
    """The verdict on a result, with the reasons of what stayed open and the imbalances of the dossier."""
    verdict = verify(dossier, result.roster, result.targets)
    return Judgement(
        result=result,
        violations=Counter(verdict.violations_by_rule),
        unfilled=tuple((shift, {}) for shift in result.roster.unfilled),
        soft_cost=verdict.soft_cost,
        fairness=verdict.fairness,
        imbalances=(),
    )
