"""A first filling, at once and without a solver: something to hold when time runs out, and a hint to start from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.fairness import measure
from scheduler.mend.case import Case
from scheduler.rules.verdict import broken_by


def first_filling(case: Case) -> Mapping[str, str]:
    """Each vacated shift, the one that fewest may do first, to whoever is by then furthest below the share and may."""
    deviation = {
        burden: defaultdict(float, {gp: own.deviation for gp, own in fairness.per_gp.items()})
        for burden, fairness in measure(case.dossier, case.roster, case.targets).items()
    }
    may, found = case.may(case.vacated), dict[str, str]()
    for shift_id in sorted(case.vacated, key=lambda one: (len(may[one]), one)):
        shift = case.roster.shift_by_id[shift_id]
        share = deviation[shift.burden]
        for gp_id in sorted(may[shift_id], key=lambda gp: (share[gp], gp)):
            if _may_take(case, found, gp_id, shift):
                found[shift_id] = gp_id
                share[gp_id] += shift.hours / case.mean_hours[shift.burden]
                break
    return found


def _may_take(case: Case, found: Mapping[str, str], gp_id: str, shift: Shift) -> bool:
    own = [
        *case.roster.by_gp.get(gp_id, ()),
        *(case.roster.shift_by_id[one] for one, gp in found.items() if gp == gp_id),
    ]
    alone = Roster(shifts=tuple(own), gp_of={duty.id: gp_id for duty in own})
    return not broken_by(case.dossier, alone, gp_id, shift)
