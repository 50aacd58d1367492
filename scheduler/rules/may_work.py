"""Only a qualified GP with an agreement for the day, the post and the role is put on duty."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED, Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.rules.agreements import fits, objection
from scheduler.rules.lineup import Kind, Lineup
from scheduler.rules.violation import Violation

__all__ = ["NAME", "check", "fits", "mask"]

NAME = "may_work"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find each shift that its GP may not do; a junior or a trainee may do none, standby included."""
    for gp_id, shifts in roster.by_gp.items():
        for shift in shifts:
            reason = _objection(dossier, gp_id, shift)
            if reason:
                yield Violation(rule=NAME, gp_id=gp_id, shift_ids=(shift.id,), detail={"reason": reason})


def mask(dossier: Dossier, gp_id: str, lineup: Lineup) -> list[bool]:
    """For each shift of the line-up whether the GP may do it: the same reading as `check`, for many shifts at once."""
    gp = dossier.gp_by_id.get(gp_id)
    allowed = [False] * len(lineup)
    if gp is None:
        return allowed
    for agreement in dossier.agreements_by_gp.get(gp_id, ()):
        if agreement.contract in QUALIFIED:
            first, last = agreement.valid_from, agreement.valid_until
            kinds = _kinds(agreement.posts, agreement.roles, agreement.nights)
            if gp.registered_until is not None:
                last = min(last, gp.registered_until)
            for kind in kinds:
                for place in lineup.of_kind(kind, first, last):
                    allowed[place] = True
    return allowed


def _objection(dossier: Dossier, gp_id: str, shift: Shift) -> str | None:
    gp = dossier.gp_by_id.get(gp_id)
    agreements = [a for a in dossier.agreements_by_gp.get(gp_id, ()) if a.contract in QUALIFIED]
    if gp is None or not agreements:
        return "not_qualified"
    valid = next((agreement for agreement in agreements if agreement.covers(shift.day)), agreements[0])
    return objection(valid, gp, shift)


@lru_cache(maxsize=1024)
def _kinds(posts: frozenset[str], roles: frozenset[Role], nights: bool) -> frozenset[Kind]:
    of_day = (False, True) if nights else (False,)
    return frozenset((post, role, night) for post in posts for role in roles for night in of_day)
