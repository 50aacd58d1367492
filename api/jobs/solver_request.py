"""What the solver process is asked, and how it answers: the one contract between both ends of the pipe."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from scheduler.domain.dossier import Dossier
from scheduler.domain.result import Progress, RosterResult
from scheduler.domain.roster import Roster
from scheduler.domain.value import Value

CANCEL = b"cancel\n"
"""The only line that may follow the request; the end of the input ends the process at once."""


class SolveRequest(Value):
    """One call of `scheduler.solve.solve`: `time_limit` in seconds; locks are those of the dossier."""

    dossier: Dossier
    time_limit: float = Field(gt=0)
    workers: int = Field(ge=1)
    seed: int
    start: Roster | None = None


class Solved(Value):
    """A roster with what is proven of it, and what was measured of it (`api.rosters.figures`)."""

    result: RosterResult
    figures: dict[str, Any]


class ProgressLine(Value):
    """The run is this far."""

    kind: Literal["progress"] = "progress"
    progress: Progress


class SolvedLine(Value):
    """The run is over; the last line."""

    kind: Literal["solved"] = "solved"
    solved: Solved


class Answer(Value):
    """A line of the solver process."""

    line: Annotated[ProgressLine | SolvedLine, Field(discriminator="kind")]
