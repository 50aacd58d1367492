"""The solver process: it answers, stops when told, dies with its parent, and its death is told."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from api.jobs.solver import SolverCrashed, solve_in_process
from api.jobs.solver_request import Solved, SolveRequest
from scheduler.domain.dossier import Lock
from scheduler.domain.result import Phase, Progress
from tests.api.jobs.stage import LONG, ROOT, children_of, long_dossier, solvers_of, until
from tests.api.rosters.stage import small_dossier


def solve(request: SolveRequest, stop_in: Phase | None = None, kill_in: Phase | None = None) -> Solved | None:
    """Solve; told to stop, or killed, as soon as the engine is in this phase."""

    async def run() -> Solved | None:
        stop = asyncio.Event()

        def hear(progress: Progress) -> None:
            if progress.phase is stop_in:
                stop.set()
            if progress.phase is kill_in:
                for child in solvers_of(os.getpid()):
                    os.kill(child, signal.SIGKILL)

        return await solve_in_process(request, on_progress=hear, cancelled=stop)

    return asyncio.run(run())


def test_the_roster_comes_back_with_its_figures() -> None:
    """Every shift of a small month has its GP, the lock is held, and the verdict is there."""
    held = Lock(shift_id="avond/2027-01-04/1", gp_id="b")
    dossier = small_dossier(locks=(held,))
    solved = solve(SolveRequest(dossier=dossier, time_limit=2, workers=1, seed=1))
    assert solved is not None
    assert solved.result.roster.gp_of[held.shift_id] == "b"
    assert (solved.figures["shifts"], solved.figures["unfilled"], solved.result.cancelled) == (31, 0, False)


def test_the_same_request_gives_the_same_roster_in_another_process() -> None:
    """One worker and one seed: nothing of the process counts."""
    request = SolveRequest(dossier=small_dossier(), time_limit=LONG, workers=1, seed=5)
    first, second = solve(request), solve(request)
    assert first is not None
    assert second is not None
    assert first.result.roster == second.result.roster


def test_a_run_that_is_stopped_hands_over_its_best() -> None:
    """Stopped while it makes a roster better: all of that roster comes back, marked as cut short."""
    dossier = long_dossier()
    solved = solve(SolveRequest(dossier=dossier, time_limit=LONG, workers=2, seed=1), stop_in=Phase.EXCHANGE)
    assert solved is not None
    assert solved.result.cancelled
    assert solved.figures["unfilled"] == 0


def test_a_solver_that_is_killed_is_told_of() -> None:
    """The death of the process is an error of its own, not a hang and not an empty result."""
    request = SolveRequest(dossier=long_dossier(), time_limit=LONG, workers=1, seed=1)
    with pytest.raises(SolverCrashed):
        solve(request, kill_in=Phase.EXCHANGE)


def test_a_solver_that_does_not_understand_its_request_says_so() -> None:
    """The type and the places of what it died of stand in the error, for whoever reads the log."""
    request = SolveRequest.model_construct(dossier=small_dossier(), time_limit="never", workers=1, seed=1, start=None)
    with pytest.raises(SolverCrashed) as crash:
        solve(request)
    kind, places = crash.value.read_traceback()
    assert (crash.value.status, kind) == (1, "pydantic_core._pydantic_core.ValidationError")
    assert any("api/jobs/solver_child.py" in place for place in places)


PARENT = """
import asyncio
from api.jobs.solver import solve_in_process
from api.jobs.solver_request import SolveRequest
from tests.api.jobs.stage import LONG, long_dossier

async def main():
    request = SolveRequest(dossier=long_dossier(), time_limit=LONG, workers=2, seed=1)
    tell = lambda progress: print(progress.phase, flush=True)
    await solve_in_process(request, on_progress=tell, cancelled=asyncio.Event())

asyncio.run(main())
"""


@pytest.mark.parametrize("phase", ["allocate", "exchange"])
def test_the_solver_and_its_helpers_die_with_their_parent(phase: str) -> None:
    """kill -9 of the parent leaves no process behind, neither early nor late in a run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", PARENT], env=environment, stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        for line in parent.stdout:
            if line.decode().strip() == phase:
                break
        (solver,) = solvers_of(parent.pid)
        family = {solver} | children_of(solver)
        parent.kill()
    until(lambda: not any(_lives(pid) for pid in family))
    assert len(family) >= 2


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_the_api_never_loads_the_solver_nor_the_job_engine() -> None:
    """Building the application imports neither OR-Tools nor DBOS, which costs time and memory."""
    code = (
        "import sys; from api.app import create_app; from api.settings import Settings;"
        "create_app(Settings(development=True, database_url='sqlite:///none.sqlite'));"
        "sys.exit(bool({'ortools', 'dbos'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
