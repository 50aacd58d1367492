"""What the process that mends is asked and answers: the one contract between both ends of the pipe."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Dossier
from scheduler.domain.result import Targets
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value
from scheduler.mend import Change, LeftOpen, MendProgress


class MendRequest(Value):
    """One repair, as `scheduler.mend.run.mend` takes it in; `targets` in hours, `time_limit` in seconds."""

    dossier: Dossier
    roster: Roster
    targets: Targets
    away: tuple[Absence, ...]
    vacated: tuple[str, ...]
    movable: tuple[str, ...]
    since: datetime
    time_limit: float
    seed: int


class Mended(Value):
    """What was found, without the roster itself; `vacated` holds every shift that fell open.

    `before` and `after` are the largest deviations (shifts) per burden of everyone but those who fall out.
    """

    changes: tuple[Change, ...]
    vacated: tuple[str, ...]
    left_open: tuple[LeftOpen, ...]
    open_bound: int
    moved_bound: int
    fewest_changes: int
    is_proven: bool
    is_fairest: bool
    cancelled: bool
    kept: tuple[str, ...]
    lifted_locks: tuple[str, ...]
    trainees_off: tuple[str, ...]
    seconds: float
    before: Mapping[Burden, float]
    after: Mapping[Burden, float]


class MendAnswer(Value):
    """One line of the process: progress, or what came of it, or everything that is wrong with the question."""

    progress: MendProgress | None = None
    mended: Mended | None = None
    refused: tuple[str, ...] = ()

    @property
    def is_last(self) -> bool:
        """Whether nothing comes after it."""
        return self.progress is None
