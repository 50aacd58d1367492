"""The process aside: `python -m api.planning.closing_child` reads one `ClosingRequest` and writes one `ClosingAnswer`.

Who gets the shifts that are left is decided by the solver, which the service itself never loads.
"""

from __future__ import annotations

from collections.abc import Sequence

from api.apart import answer_one
from api.planning.closing_request import Assigned, ClosingAnswer, ClosingRequest
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.explain.candidates import qualified
from scheduler.swaps.candidates import rank
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation

_SAME = 1e-9


def main() -> None:
    """Answer one request."""
    answer_one(lambda asked: closed(ClosingRequest.model_validate_json(asked)).model_dump_json().encode())


def closed(request: ClosingRequest) -> ClosingAnswer:
    """Assign the open shifts: as many as can be, then so that nobody is further from the share than must be."""
    from scheduler.mend.run import mend

    found = mend(
        without_free(request.dossier, request.roster, request.committed), request.roster,
        vacated=[shift.id for shift in request.roster.shifts if shift.id not in request.roster.gp_of],
        targets=request.targets, time_limit=request.time_limit, beside=False,
    )  # fmt: skip
    after = settled(
        Situation.of(request.dossier, found.roster, request.targets),
        [change.shift_id for change in found.changes], request.committed,
    )  # fmt: skip
    return ClosingAnswer(
        assigned=tuple(_explained(request, after, change.shift_id) for change in found.changes),
        left_open={one.shift_id: one.dropped_by_rule for one in found.left_open},
        is_fairest=found.is_fairest and len(found.left_open) == found.open_bound,
        seconds=found.seconds,
    )  # fmt: skip


def settled(situation: Situation, shift_ids: Sequence[str], committed: frozenset[str]) -> Situation:
    """The situation in which each of these shifts is with who is furthest below the share of those who may have it.

    What the solver proved stays as it is. Where its time ran out, shifts go to whoever is further below, one at a time;
    each time the squares of the deviations fall, so that it comes to an end.
    """
    moved = True
    while moved:
        moved = False
        for shift_id in shift_ids:
            holder, without = situation.gp_of[shift_id], _without(situation, shift_id)
            own = without.deviation(holder, situation.shift(shift_id).burden)
            candidates = rank(without, shift_id, committed).candidates
            lowest = min(candidates, key=lambda one: (one.deviation[0], one.rank), default=None)
            if lowest is not None and lowest.deviation[0] < own - _SAME:
                situation = without.after([Move(shift_id=shift_id, to_gp=lowest.gp_id)])
                moved = True
    return situation


def _without(situation: Situation, shift_id: str) -> Situation:
    return situation.after([Move(shift_id=shift_id, from_gp=situation.gp_of[shift_id])])


def without_free(dossier: Dossier, roster: Roster, committed: frozenset[str]) -> Dossier:
    """The dossier in which nobody can take an open shift who owes no duties: those are free to, and never have to."""
    left = [shift for shift in roster.shifts if shift.id not in roster.gp_of]
    away = [
        Absence(gp_id=gp_id, start=shift.start, end=shift.end)
        for gp_id in qualified(dossier)
        for shift in left
        # an own duty at that time keeps the GP from it already, and must not become a breach
        if gp_id not in committed and not any(own.touches(*shift.interval) for own in roster.by_gp.get(gp_id, ()))
    ]
    return dossier.replace(absences=(*dossier.absences, *away))


def _explained(request: ClosingRequest, after: Situation, shift_id: str) -> Assigned:
    """An assigned shift with where its GP stands among all who could take it, everything else being as it became."""
    gp_id, shift = after.gp_of[shift_id], after.shift(shift_id)
    without = _without(after, shift_id)
    ranking = rank(without, shift_id, request.committed)
    own = without.deviation(gp_id, shift.burden)
    before = {gp_id: own} | {one.gp_id: one.deviation[0] for one in ranking.candidates}
    had = sum(own.hours for own in request.roster.by_gp.get(gp_id, ()) if own.burden is shift.burden)
    return Assigned(
        shift_id=shift_id,
        gp_id=gp_id,
        burden=shift.burden,
        share=after.ground.targets.get((gp_id, shift.burden), 0.0),
        done=had,
        also_assigned=without.hours(gp_id)[shift.burden] - had,
        deviation=own,
        place=1 + sum(one < own - _SAME for one in before.values()),
        takers=len(before),
        others=ranking.by_rule,
    )


if __name__ == "__main__":
    main()
