"""The solver process: `python -m api.jobs.solver_child`.

The first line of its input is a `SolveRequest`, a later `CANCEL` stops the run and keeps the best; each line of its
output is an `Answer`. It ends when its input does, and is killed by the kernel when the main process dies.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import BinaryIO

from api.apart import begin, leave_after
from api.jobs.solver_request import CANCEL, Answer, ProgressLine, Solved, SolvedLine, SolveRequest


def main() -> None:
    """Answer one request."""
    leave_after(_serve)


def _serve() -> None:
    out, commands = begin(), sys.stdin.buffer
    asked = commands.readline()
    cancel = threading.Event()
    # where the kernel tells nothing of the main process, the end of its pipe does
    threading.Thread(target=_obey, args=(commands, cancel), daemon=True).start()
    _write(out, Answer(line=SolvedLine(solved=_solved(SolveRequest.model_validate_json(asked), out, cancel))))


def _obey(commands: BinaryIO, cancel: threading.Event) -> None:
    while line := commands.readline():
        if line == CANCEL:
            cancel.set()
    os._exit(1)


def _solved(request: SolveRequest, out: BinaryIO, cancel: threading.Event) -> Solved:
    # loaded here, in a process of its own: the API never holds the solver
    from api.rosters.figures import figures_of
    from scheduler.solve import solve
    from scheduler.verify import verify

    result = solve(
        request.dossier,
        time_limit=request.time_limit,
        workers=request.workers,
        seed=request.seed,
        start=request.start,
        progress=lambda progress: _write(out, Answer(line=ProgressLine(progress=progress))),
        cancel=cancel,
    )
    verdict = verify(request.dossier, result.roster, result.targets)
    return Solved(result=result, figures=figures_of(verdict, len(result.roster.shifts)))


def _write(out: BinaryIO, answer: Answer) -> None:
    out.write(answer.model_dump_json().encode() + b"\n")
    out.flush()


if __name__ == "__main__":
    main()
