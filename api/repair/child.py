"""The process that mends: `python -m api.repair.child` reads one `MendRequest` and writes `MendAnswer` lines.

A further line of input has it stop and answer with the best so far. It ends when its input does, and is killed by the
kernel when the worker dies: the API never holds the solver.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Collection, Mapping
from typing import BinaryIO

from api.apart import begin, leave_after
from api.repair.contract import MendAnswer, Mended, MendRequest
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.errors import MendRefused
from scheduler.fairness import Cell, measure


def main() -> None:
    """Answer one request."""
    leave_after(_serve)


def _serve() -> None:
    out = begin()
    request = MendRequest.model_validate_json(sys.stdin.buffer.readline())
    stop = threading.Event()
    threading.Thread(target=_listen, args=(stop,), daemon=True).start()
    try:
        _write(out, MendAnswer(mended=_mended(request, out, stop)))
    except MendRefused as refused:
        _write(out, MendAnswer(refused=refused.objections))


def _listen(stop: threading.Event) -> None:
    while sys.stdin.buffer.readline():
        stop.set()
    os._exit(1)


def _mended(request: MendRequest, out: BinaryIO, stop: threading.Event) -> Mended:
    from scheduler.mend.run import mend

    targets = request.targets
    found = mend(
        request.dossier, request.roster, away=request.away, vacated=request.vacated, movable=request.movable,
        since=request.since, targets=targets, time_limit=request.time_limit, seed=request.seed,
        progress=lambda progress: _write(out, MendAnswer(progress=progress)), cancel=stop, beside=False,
    )  # fmt: skip
    gone = {absence.gp_id for absence in request.away}
    return Mended(
        changes=found.changes, vacated=found.vacated, left_open=found.left_open, open_bound=found.open_bound,
        moved_bound=found.moved_bound, fewest_changes=found.fewest_changes, is_proven=found.is_proven,
        is_fairest=found.is_fairest, cancelled=found.cancelled, kept=found.kept, seconds=found.seconds,
        lifted_locks=tuple(lock.shift_id for lock in found.lifted_locks), trainees_off=tuple(found.trainees_off),
        before=_largest(request.dossier, request.roster, targets, gone),
        after=_largest(request.dossier, found.roster, targets, gone),
    )  # fmt: skip


def _largest(
    dossier: Dossier, roster: Roster, targets: Mapping[Cell, float], but: Collection[str]
) -> dict[Burden, float]:
    """The largest deviation of each burden among all others."""
    return {
        burden: max((abs(one.deviation) for gp_id, one in found.per_gp.items() if gp_id not in but), default=0.0)
        for burden, found in measure(dossier, roster, targets).items()
    }


def _write(out: BinaryIO, answer: MendAnswer) -> None:
    out.write(answer.model_dump_json().encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
