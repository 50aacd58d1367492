"""What the process that closes a round is asked and answers: the one contract between both ends of the pipe."""

from __future__ import annotations

from collections.abc import Mapping

from scheduler.domain.dossier import Dossier
from scheduler.domain.result import Targets
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.domain.value import Value


class ClosingRequest(Value):
    """A roster whose open shifts are to go to `committed` GPs; targets in hours, the limit in seconds."""

    dossier: Dossier
    roster: Roster
    targets: Targets
    committed: frozenset[str]
    time_limit: float = 200.0


class Assigned(Value):
    """An open shift that a GP gets, and why.

    Of the burden of the shift: hours of the share, hours that the GP had when the closing began, and got beside this
    shift by it; how far (in shifts, negative: below) that is from the share; at which place of `takers` who could take
    it (1: furthest below). `others` counts by rule the GPs with a share who could not.
    """

    shift_id: str
    gp_id: str
    burden: Burden
    share: float
    done: float
    also_assigned: float
    deviation: float
    place: int
    takers: int
    others: Mapping[str, int]


class ClosingAnswer(Value):
    """The shifts that were assigned in order of start, and those that nobody can take with who drops out by which rule.

    `is_fairest`: proven that no roster fills more of them, and none that fills as many is fairer.
    """

    assigned: tuple[Assigned, ...]
    left_open: Mapping[str, Mapping[str, int]]
    is_fairest: bool
    seconds: float
