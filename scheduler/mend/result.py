"""What mending gives back: the roster, each change with its reason, and what is proven of their number."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from pydantic import Field

from scheduler.domain.availability import Absence
from scheduler.domain.dossier import Lock
from scheduler.domain.roster import Roster
from scheduler.domain.value import Value
from scheduler.messages import text


class ChangeReason(StrEnum):
    """Why a shift has another GP than before."""

    AWAY = "away"
    OPEN = "open"
    MAKES_ROOM = "makes_room"


class Change(Value):
    """One shift that changes hands; `from_gp` None: it stood open.

    `away`: its GP cannot do it; `open`: it was to be filled; `makes_room`: its GP gives it up to be able to take the
    shifts in `room_for`.
    """

    shift_id: str
    from_gp: str | None
    to_gp: str
    reason: ChangeReason
    room_for: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """One Dutch sentence, with ids and without names."""
        others = ", ".join(self.room_for)
        key = f"mend.change.{self.reason.value}"
        return text(key, shift=self.shift_id, old=self.from_gp or "", new=self.to_gp, others=others)


class LeftOpen(Value):
    """A shift that nobody takes over: how many qualified GPs drop out by which rule, each under the first one.

    `available` counts those whom no rule keeps from it: none, but where time ran out or the run was stopped.
    """

    shift_id: str
    dropped_by_rule: Mapping[str, int]


class MendStep(StrEnum):
    """The steps of mending, in order; the last two of them only where shifts of others may move."""

    START = "start"
    FILL = "fill"
    BOUND = "bound"
    MOVE = "move"


class MendProgress(Value):
    """How far a run is: `filled` of the `vacated` shifts have a GP again, `moved` shifts of others change hands."""

    step: MendStep
    seconds: float
    vacated: int
    filled: int
    moved: int


class MendResult(Value):
    """The mended roster and its account.

    `changes` in order of start. `open_bound` is a number of the vacated shifts that no roster can fill within what
    might change, `moved_bound` of shifts of others that must change hands to fill as many as here (0 where more might
    be filled). `is_fairest`: fairness and wishes are at their best among rosters with these shifts open and, where
    shifts of others move, among the moves that were looked at. `absences` are those told on top of the dossier's;
    `lifted_locks` the locks of shifts that fell open. `trainees_off` holds the trainee who no longer joins, per shift.
    `kept` are shifts of those who fall out that had begun. `seconds` is of the clock.
    """

    roster: Roster
    vacated: tuple[str, ...]
    changes: tuple[Change, ...]
    left_open: tuple[LeftOpen, ...]
    open_bound: int
    moved_bound: int
    is_fairest: bool
    absences: tuple[Absence, ...] = ()
    lifted_locks: tuple[Lock, ...] = ()
    trainees_off: Mapping[str, str] = Field(default_factory=dict)
    kept: tuple[str, ...] = ()
    seconds: float = 0.0
    seed: int = 1
    cancelled: bool = False

    @property
    def moved(self) -> tuple[Change, ...]:
        """The changes of shifts that those who had them could have kept."""
        return tuple(change for change in self.changes if change.reason is ChangeReason.MAKES_ROOM)

    @property
    def fewest_changes(self) -> int:
        """A number of changes that no roster undercuts that fills as many of the vacated shifts."""
        return len(self.vacated) - len(self.left_open) + self.moved_bound

    @property
    def is_proven(self) -> bool:
        """Whether no roster fills more of the vacated shifts, and none that fills as many changes fewer shifts."""
        return len(self.left_open) == self.open_bound and len(self.changes) == self.fewest_changes
