"""Judge a result for the output, by the same checker that judges any roster."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from scheduler.domain.dossier import Dossier
from scheduler.domain.result import RosterResult
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.explain import drop_outs, structural_imbalances
from scheduler.explain.candidates import qualified
from scheduler.explain.one_right import one_right_lines, one_right_short
from scheduler.explain.shortfall import shortfall_text
from scheduler.fair_shares import fair_shares
from scheduler.report.judgement import Judgement
from scheduler.shortfall import find_shortfalls
from scheduler.verify import verify

MOST_ASKED = 100_000
"""Questions whether a GP may take an open shift, some seconds of work. A run that was stopped at once has so many open
shifts that their reasons say nothing and would take minutes to find; those past this number then have none."""

MOST_REMEDIED = 40
"""Open shifts of which is said what right would fill them; a planner who has more has another problem first."""


def judge(dossier: Dossier, result: RosterResult) -> Judgement:
    """The verdict on a result, with the reasons of what stayed open and the imbalances of the dossier."""
    roster = result.roster
    verdict = verify(dossier, roster, result.targets)
    imbalances = structural_imbalances(dossier, fair_shares(dossier, roster.shifts), roster.shifts)
    return Judgement(
        result=result,
        violations=Counter(verdict.violations_by_rule),
        unfilled=_open_shifts(dossier, roster),
        soft_cost=verdict.soft_cost,
        fairness=verdict.fairness,
        imbalances=tuple(imbalance.text for imbalance in imbalances),
        shortfalls={
            one: shortfall_text(dossier, one) for one in find_shortfalls(dossier, roster.shifts, result.targets)
        },
        remedies={shift.id: _remedy(dossier, roster, shift) for shift in roster.unfilled[:MOST_REMEDIED]},
    )


def _open_shifts(dossier: Dossier, roster: Roster) -> tuple[tuple[Shift, Mapping[str, int]], ...]:
    """Each open shift with how many GPs drop out by which rule; asked once for shifts that differ only in number."""
    alike = {(shift.group, shift.starts_at, shift.ends_at): shift for shift in reversed(roster.unfilled)}
    most = max(1, MOST_ASKED // max(1, len(qualified(dossier))))
    asked = sorted(alike.values(), key=lambda shift: (shift.starts_at, shift.id))[:most]
    found = drop_outs(dossier, roster, asked)
    reasons = {(s.group, s.starts_at, s.ends_at): counts for s, counts in zip(asked, found, strict=True)}
    return tuple((s, reasons.get((s.group, s.starts_at, s.ends_at), {})) for s in roster.unfilled)


def _remedy(dossier: Dossier, roster: Roster, shift: Shift) -> str:
    return " ".join(one_right_lines(one_right_short(dossier, roster, shift)))
