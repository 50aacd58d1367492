"""What the process that searches for rings is asked, and answers: the one contract between both ends of the pipe."""

from __future__ import annotations

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.value import Value
from scheduler.swaps.moves import Move
from scheduler.swaps.offers import Market


class RingsRequest(Value):
    """The roster in force of a dossier with its market; the answer is wanted at `until` on the machine's own clock."""

    dossier: Dossier
    roster: Roster
    market: Market
    until: float


class RingsAnswer(Value):
    """Sets of moves that are each legal alone and legal all together, and the most shifts that any could move."""

    proposals: tuple[tuple[Move, ...], ...] = ()
    bound: int = 0
    rounds: int = 0
