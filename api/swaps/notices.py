"""Who is told of what in swaps: those asked, those who wait for an answer, and the planner whose turn it is."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from api.auth.principal import Member
from api.clock import now
from api.db.tables.swaps import SwapDeal, SwapOffer
from api.outbox import Notice, tell
from api.swaps import deal_repository, group_repository, repository
from api.swaps.audience import TAKERS, AccessClass, class_of
from api.swaps.choices import SwapChoices
from api.swaps.grounds import Field, field_of
from scheduler.swaps.moves import Move

_OFFERED = MappingProxyType(
    {
        "colleague": "swap_offered",
        "practice": "swap_offered_to_practice",
        "group": "swap_offered_to_group",
        "all": "swap_offered_to_all",
    }
)
_ENDED = MappingProxyType({"refused": "swap_refused", "withdrawn": "swap_withdrawn", "expired": "swap_expired"})
KINDS = (*_OFFERED.values(), *_ENDED.values())


def offered(
    session: Session,
    offer: SwapOffer,
    audience: str,
    group_id: int | None,
    giver: Member,
    dossier_id: int,
    choices: SwapChoices,
) -> None:
    """Tell those for whom an offer is meant; of all GPs those to whose class it is open at once."""
    about = {"offer_id": offer.id, "shift_id": offer.shift_id, "from_gp_id": giver.gp_id}
    if offer.colleague_number is not None:
        hearers: Collection[int] = [offer.colleague_number]
    else:
        moment = now()
        open_to = frozenset(one for one in TAKERS if choices.open_to(one, offer.created_at, moment))
        hearers = _hearers(session, offer, group_id, field_of(session, dossier_id), open_to)
    if hearers:
        tell(session, offer.hds_id, Notice(_OFFERED[audience], about, hearers))


def turn(offer_id: int, to: AccessClass) -> str:
    """Under which a class is told once that an offer is open to it."""
    return f"offer/{offer_id}/{to}"


def let_in(session: Session, offer: SwapOffer, to: AccessClass) -> None:
    """Tell those of a class for whom an offer is meant that it is open to them now; once."""
    audience = "group" if group_repository.narrowed(session, [offer.id]) else offer.audience
    giver = repository.ids_of(session, [offer.gp_number])[offer.gp_number]
    about = {"offer_id": offer.id, "shift_id": offer.shift_id, "from_gp_id": giver}
    hearers = hearers_let_in(session, offer, to)
    tell(session, offer.hds_id, Notice(_OFFERED[audience], about, hearers, once=turn(offer.id, to)))


def hearers_let_in(session: Session, offer: SwapOffer, to: AccessClass) -> Collection[int]:
    """Those of a class for whom an offer is meant that is not to one colleague."""
    groups = group_repository.narrowed(session, [offer.id])
    if offer.id in groups and groups[offer.id] is None:
        return ()
    dossier_id = repository.dossiers_of(session, offer.hds_id, [offer.shift_id])[offer.shift_id]
    return _hearers(session, offer, groups.get(offer.id), field_of(session, dossier_id), frozenset({to}))


def _hearers(
    session: Session, offer: SwapOffer, group_id: int | None, field: Field, open_to: Container[AccessClass]
) -> Collection[int]:
    dossier, day = field.ground.dossier, field.ground.shift_by_id[offer.shift_id].day
    meant: Collection[int] = field.gp_id.keys()
    if offer.audience == "practice":
        meant = repository.practice_mates(session, field.dossier_id, offer.gp_number)
    elif group_id is not None:
        meant = group_repository.members(session, [group_id])[group_id]
    return [
        number
        for number in meant
        if number != offer.gp_number
        and (gp_id := field.gp_id[number]) in dossier.gp_by_id
        and class_of(dossier, gp_id, day) in open_to
    ]


def offer_expired(session: Session, offer: SwapOffer) -> None:
    """Tell the giver that nobody took the duty."""
    about = {"offer_id": offer.id, "shift_id": offer.shift_id}
    tell(session, offer.hds_id, Notice("swap_offer_expired", about, [offer.gp_number]))


def proposed(session: Session, deal: SwapDeal) -> None:
    """Tell those of whom an answer is asked."""
    silent = [one.gp_number for one in deal_repository.consents(session, [deal.id]) if one.agreed is None]
    if silent:
        about = _about(session, deal) | {"expires_at": deal.expires_at}
        tell(session, deal.hds_id, Notice("swap_proposed", about, silent))


def asked(session: Session, deal: SwapDeal, moves: Sequence[Move], numbers: Sequence[int]) -> None:
    """Tell these GPs that their answer is asked, where the deal is known in full already."""
    told = [{"shift_id": one.shift_id, "from_gp_id": one.from_gp, "to_gp_id": one.to_gp} for one in moves]
    about = {"deal_id": deal.id, "moves": told, "expires_at": deal.expires_at}
    tell(session, deal.hds_id, Notice("swap_proposed", about, numbers))


def awaits_planner(session: Session, deal: SwapDeal) -> None:
    """Tell the planners that everybody agreed and they decide."""
    about = _about(session, deal) | {"expires_at": deal.expires_at}
    tell(session, deal.hds_id, Notice("swap_awaiting_planner", about, to_planners=True))


def ended(session: Session, deal: SwapDeal) -> None:
    """Tell everybody in a deal that it will not be done."""
    told = [one.gp_number for one in deal_repository.consents(session, [deal.id])]
    tell(session, deal.hds_id, Notice(_ENDED[deal.state], _about(session, deal), told))


def _about(session: Session, deal: SwapDeal) -> dict[str, Any]:
    rows = deal_repository.moves(session, [deal.id])
    ids = repository.ids_of(session, deal_repository.concerned(rows))
    moves = [
        {"shift_id": row.shift_id, "from_gp_id": ids.get(row.from_number or 0), "to_gp_id": ids[row.to_number]}
        for row in rows
    ]
    return {"deal_id": deal.id, "moves": moves}
