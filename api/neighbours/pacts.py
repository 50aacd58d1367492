"""Which HDSs are neighbours: one invites, the other accepts, either ends it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, now
from api.db.tables.neighbours import Neighbour
from api.db.tables.people import Hds
from api.db.violations import is_conflict
from api.errors import Problem
from api.neighbours import repository
from api.neighbours.schemas import NeighbourInvited, NeighbourShown
from api.outbox import Notice, tell
from scheduler.messages import text


def invite(session: Session, member: Member, asked: NeighbourInvited) -> NeighbourShown:
    """Ask another HDS to be a neighbour; raises Problem `not_found`, or `conflict` when that is asked or so already."""
    other = repository.hds(session, asked.hds_id)
    if other is None or other.id == member.hds_id:
        raise Problem("not_found", text("neighbours.no_hds"))
    if repository.live_between(session, member.hds_id, other.id) is not None:
        raise Problem("conflict", text("neighbours.asked_already"))
    row = Neighbour(
        hds_id=member.hds_id, invited_hds_id=other.id, pair=repository.pair_of(member.hds_id, other.id),
        state="invited", message=asked.message, invited_at=now(), changed_at=now(),
    )  # fmt: skip
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if not is_conflict(error):
            raise
        raise Problem("conflict", text("neighbours.asked_already")) from None
    _put_on_record(session, member, row, other, "neighbours.invited")
    return shown(row, other, member.hds_id)


def answer(session: Session, member: Member, neighbour_id: int, *, agreed: bool) -> NeighbourShown:
    """The invited HDS accepts or refuses; raises Problem `not_found`, `wrong_state`."""
    row = _row(session, member, neighbour_id)
    if row.state != "invited" or row.invited_hds_id != member.hds_id:
        raise Problem("wrong_state", text("neighbours.not_asked"))
    return _changed(session, member, row, "accepted" if agreed else "refused")


def end(session: Session, member: Member, neighbour_id: int) -> NeighbourShown:
    """Either side ends it, or takes the invitation back; what was lent stays as it is. Raises Problem as `answer`."""
    row = _row(session, member, neighbour_id)
    if row.state == "accepted":
        # should they become neighbours again, they begin anew
        repository.close_openings(session, row.hds_id, row.invited_hds_id, now())
        return _changed(session, member, row, "ended")
    if row.state == "invited" and row.hds_id == member.hds_id:
        return _changed(session, member, row, "withdrawn")
    raise Problem("wrong_state", text("neighbours.not_asked"))


def pacts(session: Session, hds_id: str) -> list[NeighbourShown]:
    """Every neighbour of an HDS, the newest first."""
    return [shown(row, other, hds_id) for row, other in repository.neighbours(session, hds_id)]


def shown(row: Neighbour, other: Hds, hds_id: str) -> NeighbourShown:
    """A neighbour as callers of one HDS see it."""
    state: Any = row.state
    return NeighbourShown(
        id=row.id, hds_id=other.id, hds_name=other.name, state=state, invited_by_us=row.hds_id == hds_id,
        message=row.message, invited_at=local(row.invited_at), changed_at=local(row.changed_at),
    )  # fmt: skip


def _row(session: Session, member: Member, neighbour_id: int) -> Neighbour:
    row = repository.neighbour(session, member.hds_id, neighbour_id)
    if row is None:
        raise Problem("not_found")
    return row


def _changed(session: Session, member: Member, row: Neighbour, state: str) -> NeighbourShown:
    row.state, row.revision, row.changed_at = state, row.revision + 1, now()
    session.flush()
    other = repository.hds(session, row.invited_hds_id if row.hds_id == member.hds_id else row.hds_id)
    assert other is not None, "a neighbour names two HDSs that are there"
    _put_on_record(session, member, row, other, f"neighbours.{state}")
    return shown(row, other, member.hds_id)


def _put_on_record(session: Session, member: Member, row: Neighbour, other: Hds, action: str) -> None:
    own = repository.hds(session, member.hds_id)
    about = {"hds": own.name if own else "", "state": row.state}
    tell(session, other.id, Notice(action.replace("neighbours.", "neighbour_"), about, to_planners=True))
    act = Act(action, f"neighbour/{row.id}", after={"hds_id": other.id, "state": row.state}, reason=row.message)
    record(session, member.hds_id, member.user_id, act)
