"""What a GP would take without giving a duty for it."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import now
from api.db.tables.market import SwapWant
from api.errors import Problem
from api.swaps import market_repository
from api.swaps.market import YEAR
from api.swaps.market_schemas import WantAsked
from scheduler.domain.time import DAY
from scheduler.domain.time import local as at
from scheduler.messages import text


def state(session: Session, member: Member, asked: WantAsked) -> SwapWant:
    """Put a want down; raises Problem `conflict` when the same stands already, `wrong_state` when it is past."""
    assert member.gp_number is not None
    wanted, moment = asked.wanted.wanted().model_dump(mode="json"), now()
    standing = market_repository.standing_wants(session, member.hds_id, moment, member.gp_number)
    if any(_alike(row.wanted, wanted) for row in standing):
        raise Problem("conflict", text("swaps.want.stated_already"))
    row = SwapWant(
        hds_id=member.hds_id, gp_number=member.gp_number, wanted=wanted, most=asked.most, created_at=moment,
        changed_at=moment, expires_at=_until(asked, moment),
    )  # fmt: skip
    if row.expires_at <= moment:
        raise Problem("wrong_state", text("swaps.want.past"))
    session.add(row)
    session.flush()
    after = {"wanted": wanted, "most": row.most}
    act = Act("swap.want_stated", f"want/{row.id}", after=after, gp_number=member.gp_number)
    record(session, member.hds_id, member.user_id, act)
    return row


def _alike(one: dict[str, object], other: dict[str, object]) -> bool:
    def plain(value: object) -> object:
        return sorted(value) if isinstance(value, list) else value

    return {key: plain(value) for key, value in one.items()} == {key: plain(value) for key, value in other.items()}


def _until(asked: WantAsked, moment: datetime) -> datetime:
    last = asked.wanted.last
    return moment + YEAR if last is None else at(last + DAY, time(0))


def withdraw(session: Session, member: Member, want_id: int) -> SwapWant:
    """Take a want back; deals that came of it stay, and still need consent."""
    row = market_repository.want(session, member.hds_id, want_id)
    if row is None or not (member.has(Role.PLANNER) or row.gp_number == member.gp_number):
        raise Problem("not_found")
    if row.state != "open":
        raise Problem("wrong_state", text("swaps.want.withdrawn"))
    row.state, row.revision, row.changed_at = "withdrawn", row.revision + 1, now()
    session.flush()
    record(session, member.hds_id, member.user_id, Act("swap.want_withdrawn", f"want/{row.id}"))
    return row
