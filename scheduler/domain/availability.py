"""What a GP cannot, would rather, or rather would not do, and when the GP is on duty elsewhere."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from scheduler.domain.people import Role
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.time import Span
from scheduler.domain.value import Value


class WishKind(StrEnum):
    """Whether a GP would avoid or would like to work in an interval."""

    AVOID = "avoid"
    PREFER = "prefer"


class Absence(Span):
    """A GP is away during `[start, end)`, local and aware."""

    gp_id: str
    reason: str = ""


class Wish(Span):
    """A GP's wish about `[start, end)`, local and aware; weight 1 (little) to 10 (much)."""

    gp_id: str
    wish: WishKind
    weight: float = Field(ge=1, le=10)


class Balance(Value):
    """Hours carried over from the year before; positive: the GP did more than the share."""

    gp_id: str
    burden: Burden
    hours: float


class Limit(Value):
    """A GP's own ceiling for the period; `burden` None means all non-standby hours together."""

    gp_id: str
    burden: Burden | None
    max_hours: float = Field(ge=0)


class Preference(Value):
    """How much of a GP's total should be of one burden, against the average: 0.25 to 4."""

    gp_id: str
    burden: Burden
    factor: float = Field(ge=0.25, le=4)


class PastHoliday(Value):
    """A GP worked on this holiday, or on 24 or 31 December, in the year before."""

    gp_id: str
    date: date


class BusyElsewhere(Span):
    """A doctor is on duty outside the roster during `[start, end)`, local and aware: no more is known of it than this.

    At another HDS, or in the own roster before or after (`is_here`), which colleagues see too.

    `is_night` by the definition of `Shift`; standby counts where two duties overlap, and nowhere else.
    """

    gp_id: str
    is_night: bool = False
    is_standby: bool = False
    is_here: bool = Field(default=False, exclude_if=lambda here: not here)

    def as_shift(self, id: str) -> Shift:
        """The same as rules on working time read it; post and burden are nobody's, and never looked at."""
        role, burden = (Role.STANDBY, Burden.STANDBY) if self.is_standby else (Role.CONSULT, Burden.EVENING)
        return Shift(
            id=id, post_id="", role=role, burden=burden, is_night=self.is_night, start=self.start, end=self.end
        )
