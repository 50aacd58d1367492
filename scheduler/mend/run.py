"""The door: mend a published roster with the fewest changes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.mend.account import result_of
from scheduler.mend.case import case_of
from scheduler.mend.result import MendProgress, MendResult, MendStep
from scheduler.mend.search import search
from scheduler.solve.clock import Clock


def mend(
    dossier: Dossier,
    roster: Roster,
    *,
    away: Sequence[Absence] = (),
    vacated: Collection[str] = (),
    movable: Collection[str] = (),
    since: datetime | None = None,
    targets: Mapping[tuple[str, Burden], float] | None = None,
    time_limit: float = 30.0,
    seed: int = 1,
    progress: Callable[[MendProgress], None] | None = None,
    cancel: threading.Event | None = None,
    beside: bool = True,
) -> MendResult:
    """Fill again what falls open, with the fewest changes for others.

    `away` are absences on top of the dossier's: all shifts they touch fall open. `vacated` are ids of shifts that
    whoever has them cannot do, or that stand open and should be filled. `movable` are ids of shifts of others that may
    change hands where that is needed (their GPs agree, or the planner decides). Nothing that starts before `since`
    (aware) changes. First as many shifts as possible are filled, then as few shifts of others as possible change
    hands; then the largest deviation from `targets` (hours; those of the dossier where not given), the sum of squares
    and the soft cost decide. Every hard rule that held still does.

    `time_limit` in seconds. The solver works in a process `beside` this one, or in this one: quicker for small rosters,
    but a crash of it is then a crash of the caller. The result depends on the arguments and the version only, as long
    as the machine is quick enough to finish within the limit. After `cancel` the best so far comes back. Raises
    MendRefused.
    """
    stop = cancel or threading.Event()
    clock = Clock(time_limit, stop.is_set)
    case = case_of(dossier, roster, away, vacated, movable, since, targets)

    def tell(step: MendStep, filled: int, moved: int) -> None:
        if progress is not None:
            figures = {"vacated": len(case.vacated), "filled": filled, "moved": moved}
            progress(MendProgress(step=step, seconds=clock.seconds, **figures))

    found = search(case, clock, seed, tell, beside=beside)
    return result_of(case, found).replace(seconds=round(clock.seconds, 3), seed=seed, cancelled=stop.is_set())
