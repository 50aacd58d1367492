"""What a GP may know of colleagues: whatever is judged for a GP is judged by what colleagues know of each other."""

from __future__ import annotations

from api.auth.principal import Member, Role
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import Reason


def known_to(situation: Situation, member: Member) -> Situation:
    """The situation as far as a member knows it: whole for a planner, for a GP without what is private of others.

    A verdict in it is the same whatever a colleague's absences, illness, limits and wishes are. To leave such reasons
    out of a whole verdict would not do: that it cannot be would tell of them.
    """
    return situation if member.has(Role.PLANNER) else situation.as_known_to(member.gp_id)


def may_read(member: Member, gp_id: str | None) -> bool:
    """Whether a member may read all of a reason that is about this GP."""
    return member.has(Role.PLANNER) or (gp_id is not None and gp_id == member.gp_id)


def words_of(reason: Reason, member: Member) -> str:
    """A reason as a member may read it; of a colleague no more than which rule it is."""
    return reason.text if may_read(member, reason.gp_id) else reason.rule_name
