"""A peer: each shift in turn to the GP whose share has most room and whom no rule stops; no second thoughts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path

from benchmarks.peer import Options, main
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.fair_shares import fair_shares
from scheduler.rules import RULES


def make(dossier: Dossier, options: Options) -> Roster:
    """Scarce shifts first: those for which fewest GPs have an agreement, then nights and holidays, then by date."""
    shifts = shifts_of(dossier)
    targets = fair_shares(dossier, shifts).targets
    given: Counter[tuple[str, Burden]] = Counter()
    own: defaultdict[str, list[Shift]] = defaultdict(list)
    gp_of = {lock.shift_id: lock.gp_id for lock in dossier.locks}
    for shift in shifts:
        if shift.id in gp_of:
            own[gp_of[shift.id]].append(shift)
            given[gp_of[shift.id], shift.burden] += shift.hours  # type: ignore[assignment]
    candidates = _candidates(dossier, shifts)
    order = {Burden.HOLIDAY: 0, Burden.NIGHT: 1, Burden.WEEKEND: 2, Burden.EVENING: 3, Burden.STANDBY: 4}
    for shift in sorted(shifts, key=lambda s: (len(candidates[s.group]), order[s.burden], s.starts_at, s.id)):
        if shift.id in gp_of:
            continue
        ranked = sorted(
            candidates[shift.group],
            key=lambda gp_id: (given[gp_id, shift.burden] - targets.get((gp_id, shift.burden), 0.0), gp_id),
        )
        taker = next((gp_id for gp_id in ranked if _may(dossier, gp_id, (*own[gp_id], shift))), None)
        if taker is not None:
            gp_of[shift.id] = taker
            own[taker].append(shift)
            given[taker, shift.burden] += shift.hours  # type: ignore[assignment]
    return Roster(shifts=shifts, gp_of=gp_of)


def _candidates(dossier: Dossier, shifts: tuple[Shift, ...]) -> Mapping[object, list[str]]:
    return {
        group: [
            gp_id
            for gp_id, those in dossier.agreements_by_gp.items()
            if any(group.post_id in a.posts and group.role in a.roles for a in those)
        ]
        for group in {shift.group for shift in shifts}
    }


def _may(dossier: Dossier, gp_id: str, shifts: tuple[Shift, ...]) -> bool:
    alone = Roster(shifts=shifts, gp_of={shift.id: gp_id for shift in shifts})
    return not any(True for rule in RULES for _ in rule.check(dossier, alone))


if __name__ == "__main__":
    main(make, Path(__file__).stem)
