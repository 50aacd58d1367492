"""The process aside: `python -m api.planning.closing_child` reads one `ClosingRequest` and writes one `ClosingAnswer`.

Who gets the shifts that are left is decided by the solver, which the service itself never loads.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

from api.planning.closing_request import Assigned, ClosingAnswer, ClosingRequest
from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.explain.candidates import qualified
from scheduler.mend import MendResult
from scheduler.parent import end_with_parent
from scheduler.swaps.candidates import rank
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation

NICENESS = 5


def main() -> None:
    """Answer one request."""
    end_with_parent()
    os.nice(NICENESS)
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # what a library prints must not end up in the answer
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    answer = closed(ClosingRequest.model_validate_json(sys.stdin.buffer.read()))
    with out:
        out.write(answer.model_dump_json().encode())


def closed(request: ClosingRequest) -> ClosingAnswer:
    """Assign the open shifts: as many as can be, then so that nobody is further from the share than must be."""
    from scheduler.mend.run import mend

    found = mend(
        without_free(request.dossier, request.roster, request.committed), request.roster,
        vacated=[shift.id for shift in request.roster.shifts if shift.id not in request.roster.gp_of],
        targets=request.targets, time_limit=request.time_limit, beside=False,
    )  # fmt: skip
    return ClosingAnswer(
        assigned=tuple(_explained(request, found)),
        left_open={one.shift_id: one.dropped_by_rule for one in found.left_open},
        is_fairest=found.is_fairest and len(found.left_open) == found.open_bound,
        seconds=found.seconds,
    )


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


def _explained(request: ClosingRequest, found: MendResult) -> Iterator[Assigned]:
    """Each assigned shift with where its GP stands among all who could take it, everything else being as it became."""
    after = Situation.of(request.dossier, found.roster, request.targets)
    earlier = Situation.of(request.dossier, request.roster, request.targets)
    for change in found.changes:
        without = after.after([Move(shift_id=change.shift_id, from_gp=change.to_gp)])
        ranking = rank(without, change.shift_id, request.committed)
        before = {one.gp_id: one.deviation[0] for one in ranking.candidates}
        shift, own = after.shift(change.shift_id), before[change.to_gp]
        yield Assigned(
            shift_id=shift.id,
            gp_id=change.to_gp,
            burden=shift.burden,
            share=after.ground.targets.get((change.to_gp, shift.burden), 0.0),
            done=earlier.hours(change.to_gp)[shift.burden],
            also_assigned=without.hours(change.to_gp)[shift.burden] - earlier.hours(change.to_gp)[shift.burden],
            deviation=own,
            place=1 + sum(one < own - 1e-9 for one in before.values()),
            takers=len(before),
            others=ranking.by_rule,
        )


if __name__ == "__main__":
    main()
