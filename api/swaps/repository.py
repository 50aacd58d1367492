"""Every query on offers, deals and the duties that they move."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import Select, Table, bindparam, func, null, select, union_all, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import identity_key

from api.clock import now
from api.db.tables.dossier import Dossier, GpRow
from api.db.tables.market import SwapPickup
from api.db.tables.payouts import TariffRow
from api.db.tables.people import Gp, Hds
from api.db.tables.rosters import Duty, Publication
from api.db.tables.swaps import SwapConsent, SwapDeal, SwapMove, SwapOffer
from api.neighbours import persons
from api.paging import Cut

LIVE_OFFERS = ("open", "proposed", "awaiting_planner")
LIVE_DEALS = ("proposed", "awaiting_planner")
GroundState = tuple[int, int, int]
"""The last publication, and how many rows of tariffs were entered and withdrawn."""


def settings_of(session: Session, hds_id: str) -> Mapping[str, Any]:
    """What the HDS chose about swaps."""
    found: Mapping[str, Any] = session.get_one(Hds, hds_id).settings.get("swaps", {})
    return found


def ground_state(session: Session, hds_id: str) -> GroundState:
    """What changes with every publication and every change of tariffs of an HDS.

    Rows of tariffs are only ever added and withdrawn, so two states never have the same counts.
    """
    published = select(func.max(Publication.id)).where(Publication.hds_id == hds_id)
    entered, withdrawn = (
        select(func.count(column)).where(TariffRow.hds_id == hds_id)
        for column in (TariffRow.id, TariffRow.withdrawn_at)
    )
    found = session.execute(select(*(one.scalar_subquery() for one in (published, entered, withdrawn)))).one()
    return found[0] or 0, found[1] or 0, found[2] or 0


def duties(session: Session, hds_id: str, dossier_id: int) -> Sequence[Any]:
    """Every duty in force of a dossier, in order of start."""
    found = select(Duty.__table__).where(Duty.hds_id == hds_id, Duty.dossier_id == dossier_id)
    return session.execute(found.order_by(Duty.starts_at, Duty.shift_id)).all()


def held(session: Session, hds_id: str, dossier_id: int, numbers: Iterable[int] | None) -> Sequence[Any]:
    """Who performs which duty, in order of start; of these GPs, or of all."""
    found = select(Duty.shift_id, Duty.performer_number, Duty.trainee_number).where(
        Duty.hds_id == hds_id, Duty.dossier_id == dossier_id, Duty.performer_number.is_not(None)
    )
    if numbers is not None:
        found = found.where(Duty.performer_number.in_(sorted(set(numbers))))
    return session.execute(found.order_by(Duty.starts_at, Duty.shift_id)).all()


def hold_roster(session: Session, hds_id: str) -> None:
    """Let nobody publish until the commit; deals do not hold each other up by this."""
    session.execute(select(Hds.id).where(Hds.id == hds_id).with_for_update(read=True))


def hold_still(session: Session, numbers: Iterable[int]) -> None:
    """Let nobody else change what these GPs do, here or at another HDS, until the commit."""
    persons.hold_still(session, numbers)


def duty(session: Session, hds_id: str, shift_id: str) -> Duty | None:
    """A duty in force."""
    return session.get(Duty, (hds_id, shift_id))


def locked_duties(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, Duty]:
    """Duties as they are now, for this transaction alone."""
    found = select(Duty).where(Duty.hds_id == hds_id, Duty.shift_id.in_(sorted(set(shift_ids))))
    locked = found.order_by(Duty.shift_id).with_for_update().execution_options(populate_existing=True)
    return {row.shift_id: row for row in session.scalars(locked)}


def hand_over(session: Session, hds_id: str, takers: Mapping[str, int | None]) -> None:
    """Give duties to others; first to nobody where there are several, as the database refuses overlaps row by row."""
    duties = cast(Table, Duty.__table__)
    if len(takers) > 1:
        changed = (duties.c.hds_id == hds_id, duties.c.shift_id.in_(sorted(takers)))
        session.execute(update(duties).where(*changed).values(performer_number=None, trainee_number=None))
    taking = update(duties).where(duties.c.hds_id == hds_id, duties.c.shift_id == bindparam("of"))
    session.connection().execute(
        taking.values(
            performer_number=bindparam("taker"), trainee_number=None, revision=duties.c.revision + 1, changed_at=now()
        ),
        [{"of": shift_id, "taker": number} for shift_id, number in sorted(takers.items())],
    )
    for shift_id in takers:
        if (known := session.identity_map.get(identity_key(Duty, (hds_id, shift_id)))) is not None:
            session.expire(known)


def ids_of(session: Session, numbers: Iterable[int]) -> Mapping[int, str]:
    """The id of each of these GPs by number."""
    found = select(Gp.number, Gp.gp_id).where(Gp.number.in_(sorted(set(numbers))))
    return {number: gp_id for number, gp_id in session.execute(found)}


def practice_mates(session: Session, dossier_id: int, number: int) -> frozenset[int]:
    """The other GPs of a GP's practice."""
    own = select(GpRow.practice_id).where(GpRow.dossier_id == dossier_id, GpRow.gp_number == number)
    found = select(GpRow.gp_number).where(
        GpRow.dossier_id == dossier_id, GpRow.practice_id.in_(own), GpRow.gp_number != number
    )
    return frozenset(session.scalars(found))


def mates_anywhere(session: Session, hds_id: str, number: int | None) -> frozenset[int]:
    """The other GPs of a GP's practice in any dossier of the HDS."""
    if number is None:
        return frozenset()
    own, mate = aliased(GpRow), aliased(GpRow)
    found = (
        select(mate.gp_number)
        .join(own, (own.dossier_id == mate.dossier_id) & (own.practice_id == mate.practice_id))
        .join(Dossier, Dossier.id == own.dossier_id)
        .where(Dossier.hds_id == hds_id, own.gp_number == number, mate.gp_number != number)
    )
    return frozenset(session.scalars(found))


def offer(session: Session, hds_id: str, offer_id: int, *, lock: bool = False) -> SwapOffer | None:
    """One offer of the HDS."""
    found = select(SwapOffer).where(SwapOffer.hds_id == hds_id, SwapOffer.id == offer_id)
    return session.scalar(_locked(found) if lock else found)


def offers(session: Session, hds_id: str, cut: Cut, states: Sequence[str]) -> Sequence[SwapOffer]:
    """Offers in these states, the newest first."""
    found = select(SwapOffer).where(SwapOffer.hds_id == hds_id, SwapOffer.state.in_(states))
    if cut.after is not None and isinstance(cut.after[0], int):
        found = found.where(SwapOffer.id < cut.after[0])
    return session.scalars(found.order_by(SwapOffer.id.desc()).limit(cut.limit + 1)).all()


def deal(session: Session, hds_id: str, deal_id: int, *, lock: bool = False) -> SwapDeal | None:
    """One deal of the HDS."""
    found = select(SwapDeal).where(SwapDeal.hds_id == hds_id, SwapDeal.id == deal_id)
    return session.scalar(_locked(found) if lock else found)


def _locked(found: Any) -> Any:
    return found.with_for_update().execution_options(populate_existing=True)


def deals(session: Session, hds_id: str, cut: Cut, states: Sequence[str], number: int | None) -> Sequence[SwapDeal]:
    """Deals in these states, the newest first; with `number` those of one GP."""
    found = select(SwapDeal).where(SwapDeal.hds_id == hds_id, SwapDeal.state.in_(states))
    if number is not None:
        mine = select(SwapConsent.deal_id).where(SwapConsent.gp_number == number)
        found = found.where(SwapDeal.id.in_(mine))
    if cut.after is not None and isinstance(cut.after[0], int):
        found = found.where(SwapDeal.id < cut.after[0])
    return session.scalars(found.order_by(SwapDeal.id.desc()).limit(cut.limit + 1)).all()


class MoveRow(NamedTuple):
    """One duty of a deal by the numbers of its GPs; `from_number` None: nobody performs it yet."""

    deal_id: int
    shift_id: str
    from_number: int | None
    to_number: int
    offer_id: int | None


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
    wanted = sorted(set(shift_ids))
    about = union_all(*(select(of.deal_id).where(of.shift_id.in_(wanted)) for of in (SwapMove, SwapPickup)))
    found = select(SwapDeal).where(
        SwapDeal.hds_id == hds_id, SwapDeal.id.in_(about), SwapDeal.id != but, SwapDeal.state.in_(LIVE_DEALS)
    )
    return session.scalars(_locked(found.order_by(SwapDeal.id))).all()


def live_offers_of(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Sequence[SwapOffer]:
    """Offers that still stand of any of these duties."""
    found = select(SwapOffer).where(
        SwapOffer.hds_id == hds_id, SwapOffer.shift_id.in_(sorted(set(shift_ids))), SwapOffer.state.in_(LIVE_OFFERS)
    )
    return session.scalars(found.order_by(SwapOffer.id)).all()


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


def due(
    session: Session, hds_id: str, moment: datetime, *, lock: bool = False
) -> tuple[Sequence[SwapOffer], Sequence[SwapDeal]]:
    """Offers and deals whose time has passed, or of duties that a publication gave to others or took away.

    With `lock` for this transaction alone.
    """
    moved_on = (
        select(SwapMove.deal_id)
        .join(SwapDeal, SwapDeal.id == SwapMove.deal_id)
        .outerjoin(Duty, (Duty.hds_id == hds_id) & (Duty.shift_id == SwapMove.shift_id))
        .where(SwapDeal.state.in_(LIVE_DEALS), SwapDeal.hds_id == hds_id)
        .where(Duty.performer_number.is_distinct_from(SwapMove.from_number))
    )
    stale_deals = select(SwapDeal).where(
        SwapDeal.hds_id == hds_id, SwapDeal.state.in_(LIVE_DEALS),
        (SwapDeal.expires_at <= moment) | SwapDeal.id.in_(moved_on),
    )  # fmt: skip
    stale_offers = select(SwapOffer).where(
        SwapOffer.hds_id == hds_id, SwapOffer.state.in_(LIVE_OFFERS),
        (SwapOffer.expires_at <= moment) | SwapOffer.id.in_(_no_longer_own(hds_id)),
    )  # fmt: skip
    by_id = stale_deals.order_by(SwapDeal.id), stale_offers.order_by(SwapOffer.id)
    found_deals, found_offers = (session.scalars(_locked(one) if lock else one).all() for one in by_id)
    return found_offers, found_deals


def _no_longer_own(hds_id: str) -> Select[int]:
    """Live offers of duties that their giver does not perform any more."""
    return (
        select(SwapOffer.id)
        .join(Duty, (Duty.hds_id == SwapOffer.hds_id) & (Duty.shift_id == SwapOffer.shift_id))
        .where(SwapOffer.hds_id == hds_id, SwapOffer.state.in_(LIVE_OFFERS))
        .where(Duty.performer_number.is_distinct_from(SwapOffer.gp_number))
    )


def deal_of_key(session: Session, hds_id: str, user_id: int, key: str) -> SwapDeal | None:
    """The deal that this user proposed under an idempotency key."""
    return session.scalar(
        select(SwapDeal).where(
            SwapDeal.hds_id == hds_id, SwapDeal.proposed_by == user_id, SwapDeal.idempotency_key == key
        )
    )


def dossiers_of(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, int]:
    """The dossier of each of these duties."""
    found = select(Duty.shift_id, Duty.dossier_id).where(
        Duty.hds_id == hds_id, Duty.shift_id.in_(sorted(set(shift_ids)))
    )
    return {shift_id: dossier_id for shift_id, dossier_id in session.execute(found)}
