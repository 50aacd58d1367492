"""Every shift has a GP; what cannot be filled stays visibly open."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.rules.violation import Violation

NAME = "coverage"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find each open shift; that a shift has no second GP follows from the shape of `Roster`."""
    for shift in roster.unfilled:
        yield Violation(rule=NAME, shift_ids=(shift.id,))
