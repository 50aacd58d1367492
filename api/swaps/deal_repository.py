"""Every query on deals, what they move and what was said about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, Table, bindparam, func, insert, null, select, union_all
from sqlalchemy.orm import Session

from api.db.tables.market import SwapPickup
from api.db.tables.swaps import SwapConsent, SwapDeal, SwapMove, SwapOffer
from api.paging import Cut
from api.swaps.repository import LIVE_DEALS, ids_of, locked

_THESE: BindParameter[str] = bindparam("these", expanding=True)
_ABOUT = union_all(*(select(of.deal_id).where(of.shift_id.in_(_THESE)) for of in (SwapMove, SwapPickup)))
_OVERTAKEN = locked(
    select(SwapDeal)
    .where(SwapDeal.hds_id == bindparam("at"), SwapDeal.id.in_(_ABOUT), SwapDeal.id != bindparam("but"))
    .where(SwapDeal.state.in_(LIVE_DEALS))
    .order_by(SwapDeal.id)
)
_ADD_MOVES, _ADD_CONSENTS = (insert(cast(Table, one.__table__)) for one in (SwapMove, SwapConsent))


def deal(session: Session, hds_id: str, deal_id: int, *, lock: bool = False) -> SwapDeal | None:
    """One deal of the HDS."""
    found = select(SwapDeal).where(SwapDeal.hds_id == hds_id, SwapDeal.id == deal_id)
    return session.scalar(locked(found) if lock else found)


def deals(session: Session, hds_id: str, cut: Cut, states: Sequence[str], number: int | None) -> Sequence[SwapDeal]:
    """Deals in these states, the newest first; with `number` those of one GP."""
    found = select(SwapDeal).where(SwapDeal.hds_id == hds_id, SwapDeal.state.in_(states))
    if number is not None:
        mine = select(SwapConsent.deal_id).where(SwapConsent.gp_number == number)
        found = found.where(SwapDeal.id.in_(mine))
    if cut.after is not None and isinstance(cut.after[0], int):
        found = found.where(SwapDeal.id < cut.after[0])
    return session.scalars(found.order_by(SwapDeal.id.desc()).limit(cut.limit + 1)).all()


def under_way(session: Session, hds_id: str, number: int, shift_ids: Iterable[str]) -> Sequence[SwapDeal]:
    """Deals under way about any of these duties to which the consent of one GP is asked."""
    about = union_all(
        *(select(part.deal_id).where(part.shift_id.in_(sorted(set(shift_ids)))) for part in (SwapMove, SwapPickup))
    )
    own = select(SwapConsent.deal_id).where(SwapConsent.gp_number == number)
    found = select(SwapDeal).where(SwapDeal.hds_id == hds_id, SwapDeal.state.in_(LIVE_DEALS))
    return session.scalars(found.where(SwapDeal.id.in_(about), SwapDeal.id.in_(own)).order_by(SwapDeal.id)).all()


class MoveRow(NamedTuple):
    """One duty of a deal by the numbers of its GPs; `from_number` None: nobody performs it yet."""

    deal_id: int
    shift_id: str
    from_number: int | None
    to_number: int
    offer_id: int | None


class ConsentRow(NamedTuple):
    """What one GP of a deal said."""

    deal_id: int
    gp_number: int
    agreed: bool | None
    answered_at: datetime | None


@dataclass(frozen=True)
class DealRows:
    """A deal with its duties, what its GPs said, and their ids by number."""

    deal: SwapDeal
    moves: Sequence[MoveRow]
    consents: Sequence[SwapConsent | ConsentRow]
    ids: Mapping[int, str]


def add_parts(session: Session, moves: Sequence[MoveRow], consents: Sequence[ConsentRow]) -> None:
    """Write the duties of a deal that was just added, and what its GPs said."""
    session.execute(_ADD_MOVES, [row._asdict() for row in moves])
    session.execute(_ADD_CONSENTS, [row._asdict() for row in consents])


def rows_of(session: Session, deals: Sequence[SwapDeal]) -> Sequence[DealRows]:
    """Deals with all that belongs to them."""
    numbers = [deal.id for deal in deals]
    of_all, said = moves(session, numbers), consents(session, numbers)
    ids = ids_of(session, concerned(of_all))
    return [
        DealRows(
            deal,
            [row for row in of_all if row.deal_id == deal.id],
            [row for row in said if row.deal_id == deal.id],
            ids,
        )
        for deal in deals
    ]


def concerned(rows: Iterable[MoveRow]) -> frozenset[int]:
    """The numbers of the GPs of these moves."""
    return frozenset(number for row in rows for number in (row.from_number, row.to_number) if number is not None)


def moves(session: Session, deal_ids: Iterable[int]) -> Sequence[MoveRow]:
    """The duties of deals."""
    wanted = sorted(set(deal_ids))
    passed_on = select(
        SwapMove.deal_id, SwapMove.shift_id, SwapMove.from_number, SwapMove.to_number, SwapMove.offer_id
    ).where(SwapMove.deal_id.in_(wanted))
    picked_up = select(SwapPickup.deal_id, SwapPickup.shift_id, null(), SwapPickup.to_number, null()).where(
        SwapPickup.deal_id.in_(wanted)
    )
    found: Sequence[Any] = session.execute(union_all(passed_on, picked_up)).all()
    return sorted(MoveRow(*row) for row in found)


def consents(session: Session, deal_ids: Iterable[int]) -> Sequence[SwapConsent]:
    """Who is asked for consent to deals, and what they said."""
    found = select(SwapConsent).where(SwapConsent.deal_id.in_(sorted(set(deal_ids))))
    return session.scalars(found.order_by(SwapConsent.deal_id, SwapConsent.gp_number)).all()


def overtaken(session: Session, hds_id: str, shift_ids: Iterable[str], but: int) -> Sequence[SwapDeal]:
    """Other deals under way about any of these duties, locked."""
    return session.scalars(_OVERTAKEN, {"at": hds_id, "these": sorted(set(shift_ids)), "but": but}).all()


def promised(session: Session, offer_ids: Iterable[int]) -> frozenset[int]:
    """Those of these offers that deals under way are about."""
    found = (
        select(SwapMove.offer_id)
        .join(SwapDeal, SwapDeal.id == SwapMove.deal_id)
        .where(SwapMove.offer_id.in_(sorted(set(offer_ids))), SwapDeal.state.in_(LIVE_DEALS))
    )
    return frozenset(one for one in session.scalars(found) if one is not None)


def offers_of_deal(session: Session, deal_id: int) -> Sequence[SwapOffer]:
    """The offers that a deal is about."""
    used = select(SwapMove.offer_id).where(SwapMove.deal_id == deal_id)
    return session.scalars(select(SwapOffer).where(SwapOffer.id.in_(used)).order_by(SwapOffer.id)).all()


def handovers_done(session: Session, hds_id: str, number: int, since: datetime) -> int:
    """How many duties a GP has given away without taking one since a moment."""
    found = (
        select(func.count())
        .select_from(SwapMove)
        .join(SwapDeal, SwapDeal.id == SwapMove.deal_id)
        .where(
            SwapDeal.hds_id == hds_id, SwapDeal.state == "done", SwapDeal.kind == "handover",
            SwapMove.from_number == number, SwapDeal.done_at >= since,
        )
    )  # fmt: skip
    return session.scalar(found) or 0


def deal_of_key(session: Session, hds_id: str, user_id: int, key: str) -> SwapDeal | None:
    """The deal that this user proposed under an idempotency key."""
    return session.scalar(
        select(SwapDeal).where(
            SwapDeal.hds_id == hds_id, SwapDeal.proposed_by == user_id, SwapDeal.idempotency_key == key
        )
    )
