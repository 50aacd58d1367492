"""The one rule that no version may break: a GP in two places at once, told before the database refuses it."""

from __future__ import annotations

from api.errors import Problem
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.messages import text
from scheduler.rules import Violation, no_overlap

MOST_TOLD = 50


def double_bookings(dossier: Dossier, roster: Roster, *, elsewhere: bool = False) -> list[Violation]:
    """Each pair of shifts that one GP has at the same time; trainees, who stand beside their trainer, do not count.

    With `elsewhere` also each shift at a time when the GP is on duty at another HDS.
    """
    asked = dossier if elsewhere else dossier.with_elsewhere(())
    return list(no_overlap.check(asked, Roster(shifts=roster.shifts, gp_of=roster.gp_of)))


def refuse_double_booking(dossier: Dossier, roster: Roster, *, elsewhere: bool = False) -> None:
    """Raise `breaks_rules` with everything that `double_bookings` finds."""
    pairs = double_bookings(dossier, roster, elsewhere=elsewhere)
    if pairs:
        raise Problem(
            "breaks_rules",
            text("rosters.double_booking", count=len(pairs), first=pairs[0].text),
            violations=[shown(violation) for violation in pairs[:MOST_TOLD]],
        )


def shown(violation: Violation) -> dict[str, object]:
    """A violation as a member of a problem."""
    return {
        "rule": violation.rule,
        "gp_id": violation.gp_id,
        "shift_ids": list(violation.shift_ids),
        "text": violation.text,
    }
