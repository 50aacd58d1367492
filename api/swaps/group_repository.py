"""Every query on groups of GPs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.orm import Session

from api.db.tables.market import GpGroup, GpGroupMember, SwapOfferGroup
from api.db.tables.people import User
from api.db.tables.swaps import SwapOffer
from api.swaps.repository import LIVE_OFFERS

_LIVE_OFFERS = (
    select(SwapOffer, SwapOfferGroup.offer_id, SwapOfferGroup.group_id)
    .outerjoin(SwapOfferGroup, SwapOfferGroup.offer_id == SwapOffer.id)
    .where(SwapOffer.hds_id == bindparam("at"), SwapOffer.shift_id.in_(bindparam("these", expanding=True)))
    .where(SwapOffer.state.in_(LIVE_OFFERS))
)


def groups(session: Session, hds_id: str, number: int | None) -> Sequence[GpGroup]:
    """The groups of an HDS by name; with `number` those of one GP."""
    found = select(GpGroup).where(GpGroup.hds_id == hds_id)
    if number is not None:
        own = select(GpGroupMember.group_id).where(GpGroupMember.gp_number == number)
        found = found.where(GpGroup.id.in_(own))
    return session.scalars(found.order_by(GpGroup.name)).all()


def group(session: Session, hds_id: str, group_id: int, *, lock: bool = False) -> GpGroup | None:
    """One group of an HDS."""
    found = select(GpGroup).where(GpGroup.hds_id == hds_id, GpGroup.id == group_id)
    return session.scalar(found.with_for_update() if lock else found)


def named(session: Session, hds_id: str, name: str) -> GpGroup | None:
    """The group with this name."""
    return session.scalar(select(GpGroup).where(GpGroup.hds_id == hds_id, GpGroup.name == name))


def members(session: Session, group_ids: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """The numbers of the GPs of each of these groups."""
    wanted = sorted(set(group_ids))
    found: dict[int, list[int]] = {group_id: [] for group_id in wanted}
    rows = select(GpGroupMember.group_id, GpGroupMember.gp_number).where(GpGroupMember.group_id.in_(wanted))
    for group_id, number in session.execute(rows.order_by(GpGroupMember.gp_number)):
        found[group_id].append(number)
    return found


def members_of_all(session: Session, hds_id: str) -> Mapping[int, Sequence[int]]:
    """The numbers of the GPs of every group of an HDS."""
    return members(session, session.scalars(select(GpGroup.id).where(GpGroup.hds_id == hds_id)))


def set_members(session: Session, group: GpGroup, numbers: Iterable[int]) -> None:
    """Let a group consist of these GPs."""
    session.execute(delete(GpGroupMember).where(GpGroupMember.group_id == group.id))
    rows = [{"group_id": group.id, "hds_id": group.hds_id, "gp_number": number} for number in sorted(set(numbers))]
    if rows:
        session.execute(insert(GpGroupMember), rows)


def groups_of(session: Session, number: int) -> frozenset[int]:
    """The ids of the groups of a GP."""
    return frozenset(session.scalars(select(GpGroupMember.group_id).where(GpGroupMember.gp_number == number)))


def narrowed(session: Session, offer_ids: Iterable[int]) -> Mapping[int, int | None]:
    """The group of each of these offers that is for a group."""
    rows = select(SwapOfferGroup.offer_id, SwapOfferGroup.group_id).where(
        SwapOfferGroup.offer_id.in_(sorted(set(offer_ids)))
    )
    return {offer_id: group_id for offer_id, group_id in session.execute(rows)}


def live_offers(
    session: Session, hds_id: str, shift_ids: Iterable[str]
) -> tuple[Mapping[str, SwapOffer], Mapping[int, int | None]]:
    """The offer that stands of each of these duties, and what `narrowed` gives for them."""
    rows = session.execute(_LIVE_OFFERS, {"at": hds_id, "these": sorted(set(shift_ids))}).all()
    groups = {offer_id: group_id for _, offer_id, group_id in rows if offer_id is not None}
    return {offer.shift_id: offer for offer, _, _ in rows}, groups


def has_offers(session: Session, group_id: int) -> bool:
    """Whether an offer to a group still stands."""
    found = select(SwapOffer.id).join(SwapOfferGroup, SwapOfferGroup.offer_id == SwapOffer.id)
    live = found.where(SwapOfferGroup.group_id == group_id, SwapOffer.state.in_(LIVE_OFFERS))
    return session.scalar(live.limit(1)) is not None


def user_name(session: Session, user_id: int | None) -> str | None:
    """How a user is shown to colleagues."""
    found = None if user_id is None else session.get(User, user_id)
    return None if found is None else found.display_name or found.username
