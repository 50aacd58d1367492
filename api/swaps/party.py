"""Who has a part in a set of moves, and so may ask about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.errors import Problem
from api.swaps import deal_repository
from api.swaps.schemas import MoveAsked, MoveJudged
from scheduler.messages import text

_Asked = MoveAsked | MoveJudged
_Step = tuple[str | None, str]
"""From whom to whom a duty goes."""


def require_party(member: Member, asked: Sequence[_Asked]) -> None:
    """Refuse a GP (Problem `forbidden`) a move without a part in it, also one behind an own move in a chain.

    A move between others is the GP's business where it closes a ring that the GP stands in. Planners may ask about
    everything.
    """
    if not (member.has(Role.PLANNER) or _is_party(member.gp_id, asked)):
        raise Problem("forbidden", text("swaps.not_yours"))


def require_judge(session: Session, member: Member, asked: Sequence[_Asked]) -> None:
    """As `require_party`, but a GP may also ask about a deal under way whole, whose consent is asked for."""
    if not _is_of_own_deal(session, member, asked):
        require_party(member, asked)


def _is_party(gp_id: str | None, asked: Iterable[_Asked]) -> bool:
    if gp_id is None:
        return False
    steps: list[_Step] = [(one.from_gp_id, one.to_gp_id) for one in asked]
    ahead = _reached(gp_id, steps)
    behind = _reached(gp_id, [(taker, giver) for giver, taker in steps if giver is not None])
    return all(gp_id in step or (step[0] in ahead and step[1] in behind) for step in steps)


def _reached(start: str, steps: Iterable[_Step]) -> set[str]:
    """The GPs to whom the moves lead from one of them, `start` among them."""
    onward: defaultdict[str | None, list[str]] = defaultdict(list)
    for giver, taker in steps:
        onward[giver].append(taker)
    reached, fresh = {start}, [start]
    while fresh:
        fresh = [taker for giver in fresh for taker in onward[giver] if taker not in reached]
        reached.update(fresh)
    return reached


def _is_of_own_deal(session: Session, member: Member, asked: Iterable[_Asked]) -> bool:
    if member.gp_number is None:
        return False
    wanted = {(one.shift_id, one.from_gp_id, one.to_gp_id) for one in asked}
    under_way = deal_repository.under_way(session, member.hds_id, member.gp_number, {one[0] for one in wanted})
    return any(
        wanted
        == {(move.shift_id, rows.ids.get(move.from_number or 0), rows.ids[move.to_number]) for move in rows.moves}
        for rows in deal_repository.rows_of(session, under_way)
    )
