"""Opening shifts to the GPs of neighbours."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, now
from api.db.tables.neighbours import LendingOpening
from api.db.tables.people import Hds
from api.db.tables.rosters import Duty
from api.errors import Problem
from api.lending import repository
from api.lending.schemas import OpeningsAsked, OpeningShown
from api.neighbours import repository as pacts
from api.outbox import Notice, tell
from api.swaps.audience import is_for_all
from api.swaps.group_repository import live_offers
from scheduler.messages import text


def open_shifts(session: Session, member: Member, asked: OpeningsAsked) -> list[OpeningShown]:
    """Open shifts to neighbours; one that stands open to a neighbour already stays so.

    Only shifts that nobody has, or whose GP offers them to all for nothing. Raises Problem: `not_found` for an HDS that
    is no neighbour, `malformed` with every shift that cannot be opened and why.
    """
    neighbours = _neighbours(session, member.hds_id, asked.neighbour_hds_ids)
    ids = list(dict.fromkeys(asked.shift_ids))
    _require_free(session, member.hds_id, ids)
    known = {(row.shift_id, row.neighbour_hds_id) for row in repository.open_of(session, member.hds_id, ids)}
    moment, fresh = now(), list[tuple[LendingOpening, Hds]]()
    for shift_id in ids:
        for other in neighbours:
            if (shift_id, other.id) not in known:
                row = LendingOpening(
                    hds_id=member.hds_id, shift_id=shift_id, neighbour_hds_id=other.id, state="open",
                    opened_at=moment, changed_at=moment,
                )  # fmt: skip
                fresh.append((row, other))
    session.add_all(row for row, _ in fresh)
    session.flush()
    _tell(session, member, fresh)
    after = {"shift_ids": ids, "neighbours": [other.id for other in neighbours]}
    record(session, member.hds_id, member.user_id, Act("lending.opened", f"hds/{member.hds_id}", after=after))
    every = reversed(repository.open_of(session, member.hds_id, ids))
    return [shown(row, session.get_one(Hds, row.neighbour_hds_id)) for row in every]


def close(session: Session, member: Member, opening_id: int) -> OpeningShown:
    """Take an opening back; raises Problem `not_found`, `wrong_state` when it is open no longer."""
    row = repository.opening(session, opening_id)
    if row is None or row.hds_id != member.hds_id:
        raise Problem("not_found")
    if row not in repository.open_of(session, member.hds_id, [row.shift_id]):
        raise Problem("wrong_state", text("lending.not_open"))
    row.state, row.changed_at = "withdrawn", now()
    session.flush()
    act = Act(
        "lending.withdrawn", f"opening/{row.id}", after={"shift_id": row.shift_id, "neighbour": row.neighbour_hds_id}
    )
    record(session, member.hds_id, member.user_id, act)
    return shown(row, session.get_one(Hds, row.neighbour_hds_id))


def listed(session: Session, hds_id: str, *, every: bool) -> list[OpeningShown]:
    """What an HDS opened to its neighbours, the newest first; not `every`: what may still be taken."""
    if every:
        return [shown(row, other) for row, other in repository.openings(session, hds_id)]
    rows = repository.openings_to_come(session, hds_id, now())
    duties = repository.duties(session, hds_id, {row.shift_id for row, _ in rows})
    free = free_of(session, hds_id, duties.values())
    return [shown(row, other) for row, other in rows if row.shift_id in free]


def shown(row: LendingOpening, other: Hds) -> OpeningShown:
    """An opening as the HDS that made it sees it."""
    state: Any = row.state
    return OpeningShown(
        id=row.id, shift_id=row.shift_id, neighbour_hds_id=other.id, neighbour_hds_name=other.name, state=state,
        opened_at=local(row.opened_at),
    )  # fmt: skip


def free_of(session: Session, hds_id: str, duties: Collection[Duty]) -> frozenset[str]:
    """Those of these duties of an HDS that nobody has, or that who has them offers to all, for nothing."""
    holder_of = {duty.shift_id: duty.performer_number for duty in duties}
    held = [shift_id for shift_id, holder in holder_of.items() if holder is not None]
    offers, groups = live_offers(session, hds_id, held) if held else ({}, {})
    given_away = (
        shift_id
        for shift_id, one in offers.items()
        if one.state == "open"
        and one.wanted is None
        and is_for_all(one, groups)
        # a publication may have given the duty to another GP since
        and one.gp_number == holder_of[shift_id]
    )
    return frozenset((*(holder_of.keys() - held), *given_away))


def _neighbours(session: Session, hds_id: str, asked: list[str] | None) -> list[Hds]:
    known = {other.id: other for _, other in pacts.neighbours(session, hds_id, (pacts.ACCEPTED,))}
    ids = sorted(known) if asked is None else list(dict.fromkeys(asked))
    if not ids or not known.keys() >= set(ids):
        raise Problem("not_found", text("lending.no_neighbour"))
    return [known[one] for one in ids]


def _require_free(session: Session, hds_id: str, shift_ids: list[str]) -> None:
    duties, moment = repository.duties(session, hds_id, shift_ids), now()
    errors: list[dict[str, Any]] = []
    free = free_of(session, hds_id, duties.values())
    for shift_id in shift_ids:
        duty = duties.get(shift_id)
        if duty is None:
            errors.append({"shift_id": shift_id, "expected": text("lending.not_in_force")})
        elif duty.starts_at <= moment:
            errors.append({"shift_id": shift_id, "expected": text("lending.begun")})
        elif shift_id not in free:
            errors.append({"shift_id": shift_id, "expected": text("lending.not_free")})
    if errors:
        raise Problem("malformed", text("problems.mistakes", count=len(errors)), errors=errors)


def _tell(session: Session, member: Member, fresh: list[tuple[LendingOpening, Hds]]) -> None:
    own = pacts.hds(session, member.hds_id)
    for hds_id in dict.fromkeys(other.id for _, other in fresh):
        about = {"hds": own.name if own else "", "count": sum(other.id == hds_id for _, other in fresh)}
        tell(session, hds_id, Notice("lending_opened", about, to_planners=True))
