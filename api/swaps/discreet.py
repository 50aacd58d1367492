"""What a GP may know of why a colleague cannot take a duty: the rule, but nothing of absences and own limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from api.auth.principal import Member, Role
from scheduler.messages import text
from scheduler.rules import absence, own_limit
from scheduler.swaps.verdict import Reason

UNAVAILABLE = "unavailable"
_PRIVATE = frozenset({absence.NAME, own_limit.NAME})


def may_read(member: Member | None, gp_id: str | None) -> bool:
    """Whether a member (None: nobody) may read all of a reason that is about this GP."""
    return member is not None and (member.has(Role.PLANNER) or gp_id == member.gp_id)


def told(reason: Reason, member: Member | None) -> tuple[str, str]:
    """The rule and its words as a member may read them."""
    if may_read(member, reason.gp_id):
        return reason.rule, reason.text
    return (UNAVAILABLE, text("swaps.unavailable")) if reason.rule in _PRIVATE else (reason.rule, reason.rule_name)


def counted(by_rule: Mapping[str, int], member: Member) -> dict[str, int]:
    """How many colleagues drop out by which rule, as a member may read it."""
    found: Counter[str] = Counter()
    for rule, count in by_rule.items():
        found[UNAVAILABLE if rule in _PRIVATE and not member.has(Role.PLANNER) else rule] += count
    return dict(found.most_common())
