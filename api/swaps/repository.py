"""Every query on offers and the duties that are offered; those on deals stand in `deal_repository`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

from sqlalchemy import BindParameter, Select, Table, bindparam, exists, func, select, update
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.util import identity_key

from api.clock import now
from api.db.tables.dossier import Dossier, GpRow
from api.db.tables.market import SwapPickup
from api.db.tables.outbox import OutboxEvent
from api.db.tables.payouts import CallIn, TariffRow, Worked
from api.db.tables.people import Gp, Hds
from api.db.tables.rosters import Duty, Publication
from api.db.tables.sickness import OPEN_STATES, SicknessCase
from api.db.tables.swaps import SwapDeal, SwapMove, SwapOffer
from api.neighbours import persons
from api.neighbours.persons import Others
from api.paging import Cut

LIVE_OFFERS = ("open", "proposed", "awaiting_planner")
LIVE_DEALS = ("proposed", "awaiting_planner")
_HDS, _DOSSIER, _DUTY, _OFFER = (cast(Table, one.__table__) for one in (Hds, Dossier, Duty, SwapOffer))
_WORKED, _CASE = (cast(Table, one.__table__) for one in (Worked, SicknessCase))
_HELD = (
    select(_DUTY.c.shift_id, _DUTY.c.performer_number, _DUTY.c.trainee_number)
    .where(_DUTY.c.hds_id == bindparam("at"), _DUTY.c.dossier_id == bindparam("of"))
    .where(_DUTY.c.performer_number.is_not(None))
    .order_by(_DUTY.c.starts_at, _DUTY.c.shift_id)
)
_HELD_BY = _HELD.where(_DUTY.c.performer_number.in_(bindparam("numbers", expanding=True)))
_HOLD_ROSTER = select(_HDS.c.settings).where(_HDS.c.id == bindparam("at")).with_for_update(read=True)
# statements of every swap are put together once: that takes as long as asking them
_THESE: BindParameter[str] = bindparam("these", expanding=True)
_LOCKED_DUTIES = (
    select(Duty)
    .where(Duty.hds_id == bindparam("at"), Duty.shift_id.in_(_THESE))
    .order_by(Duty.shift_id)
    .with_for_update()
    .execution_options(populate_existing=True)
)
_LIVE_OFFERS = (
    select(SwapOffer)
    .where(SwapOffer.hds_id == bindparam("at"), SwapOffer.shift_id.in_(_THESE), SwapOffer.state.in_(LIVE_OFFERS))
    .order_by(SwapOffer.id)
)
_PLACES = select(_DUTY.c.shift_id, _DUTY.c.dossier_id, _DUTY.c.performer_number).where(
    _DUTY.c.hds_id == bindparam("at"), _DUTY.c.shift_id.in_(_THESE)
)
_END_OFFERS = (
    update(_OFFER)
    .where(_OFFER.c.hds_id == bindparam("at"), _OFFER.c.shift_id.in_(_THESE), _OFFER.c.state.in_(LIVE_OFFERS))
    .values(state=bindparam("as"), revision=_OFFER.c.revision + 1, changed_at=bindparam("moment"))
)
_WORKERS = select(_WORKED.c.shift_id, _WORKED.c.gp_number).where(
    _WORKED.c.hds_id == bindparam("at"), _WORKED.c.shift_id.in_(_THESE),
    ~exists().where(
        _CASE.c.hds_id == _WORKED.c.hds_id, _CASE.c.shift_id == _WORKED.c.shift_id, _CASE.c.state.in_(OPEN_STATES)
    ),
)  # fmt: skip
_PUBLISHED = select(func.max(Publication.id)).where(Publication.hds_id == _DOSSIER.c.hds_id).scalar_subquery()
_ENTERED, _WITHDRAWN = (
    select(func.count(column)).where(TariffRow.hds_id == _DOSSIER.c.hds_id).scalar_subquery()
    for column in (TariffRow.id, TariffRow.withdrawn_at)
)
_GROUND_STATE = select(
    _DOSSIER.c.revision, _DOSSIER.c.changed_at, func.coalesce(_PUBLISHED, 0), _ENTERED, _WITHDRAWN
).where(_DOSSIER.c.id == bindparam("of"))


class GroundState(NamedTuple):
    """On what a verdict rests: a dossier's revision and its moment, the last publication, the numbers of tariffs."""

    revision: int
    changed_at: datetime
    published: int
    entered: int
    withdrawn: int


def settings_of(session: Session, hds_id: str) -> Mapping[str, Any]:
    """All that the HDS chose."""
    return session.get_one(Hds, hds_id).settings


def ground_state(session: Session, dossier_id: int) -> GroundState:
    """What changes with every change of a dossier, and every publication and change of tariffs of its HDS.

    Rows of tariffs are only ever added and withdrawn, so two states never have the same counts. A change of the dossier
    that is rolled back leaves its revision to another one, made at another moment.
    """
    found: Any = session.execute(_GROUND_STATE, {"of": dossier_id}).one()
    return GroundState(*found)


def duties(session: Session, hds_id: str, dossier_id: int) -> Sequence[Any]:
    """Every duty in force of a dossier, in order of start."""
    found = select(Duty.__table__).where(Duty.hds_id == hds_id, Duty.dossier_id == dossier_id)
    return session.execute(found.order_by(Duty.starts_at, Duty.shift_id)).all()


def held(session: Session, hds_id: str, dossier_id: int, numbers: Iterable[int] | None) -> Sequence[Any]:
    """Who performs which duty, in order of start; of these GPs, or of all."""
    at = {"at": hds_id, "of": dossier_id}
    if numbers is None:
        return session.execute(_HELD, at).all()
    return session.execute(_HELD_BY, at | {"numbers": sorted(set(numbers))}).all()


def hold_roster(session: Session, hds_id: str) -> Mapping[str, Any]:
    """Let nobody publish until the commit; deals do not hold each other up by this. Gives all that the HDS chose."""
    found: Mapping[str, Any] | None = session.scalar(_HOLD_ROSTER, {"at": hds_id})
    return found or {}


def hold_still(session: Session, numbers: Iterable[int]) -> Others:
    """Let nobody else change what these GPs do, here or at another HDS, until the commit; their other numbers."""
    return persons.hold_still(session, numbers)


def duty(session: Session, hds_id: str, shift_id: str) -> Duty | None:
    """A duty in force."""
    return session.get(Duty, (hds_id, shift_id))


class Place(NamedTuple):
    """Where a duty in force belongs, and who performs it."""

    dossier_id: int
    performer_number: int | None


def places(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, Place]:
    """The place of each of these duties that is in force."""
    rows = session.execute(_PLACES, {"at": hds_id, "these": sorted(set(shift_ids))})
    return {row.shift_id: Place(row.dossier_id, row.performer_number) for row in rows}


def duties_by_id(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, Duty]:
    """Those of these duties that are in force."""
    found = select(Duty).where(Duty.hds_id == hds_id, Duty.shift_id.in_(sorted(set(shift_ids))))
    return {row.shift_id: row for row in session.scalars(found)}


def locked_duties(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, Duty]:
    """Duties as they are now, for this transaction alone."""
    locked = session.scalars(_LOCKED_DUTIES, {"at": hds_id, "these": sorted(set(shift_ids))})
    return {row.shift_id: row for row in locked}


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


def end_offers(session: Session, hds_id: str, shift_ids: Iterable[str], state: str) -> None:
    """End whatever offers still stand of these duties."""
    ended = set(shift_ids)
    changed = {"at": hds_id, "these": sorted(ended), "as": state, "moment": now()}
    session.execute(_END_OFFERS, changed)
    for row in list(session.identity_map.values()):
        if isinstance(row, SwapOffer) and row.shift_id in ended:
            session.expire(row)


def workers(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, frozenset[int | None]]:
    """Those of these duties of which it was told who works them, with whom (None: nobody, as by a called standby).

    Left out are those for which somebody is looked for by a report of sickness: there is a part of them to be done.
    """
    found: defaultdict[str, set[int | None]] = defaultdict(set)
    for shift_id, number in session.execute(_WORKERS, {"at": hds_id, "these": sorted(set(shift_ids))}):
        found[shift_id].add(number)
    return {shift_id: frozenset(numbers) for shift_id, numbers in found.items()}


def called_in(session: Session, hds_id: str, shift_ids: Iterable[str], moment: datetime) -> Sequence[str]:
    """Those of these standbys for which a call-in is told that is not over at `moment`."""
    found = select(CallIn.shift_id).where(
        CallIn.hds_id == hds_id, CallIn.shift_id.in_(sorted(set(shift_ids))), CallIn.ends_at > moment
    )
    return session.scalars(found.distinct().order_by(CallIn.shift_id)).all()


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
    return session.scalar(locked(found) if lock else found)


def offers(session: Session, hds_id: str, cut: Cut, states: Sequence[str]) -> Sequence[SwapOffer]:
    """Offers in these states, the newest first."""
    found = select(SwapOffer).where(SwapOffer.hds_id == hds_id, SwapOffer.state.in_(states))
    if cut.after is not None and isinstance(cut.after[0], int):
        found = found.where(SwapOffer.id < cut.after[0])
    return session.scalars(found.order_by(SwapOffer.id.desc()).limit(cut.limit + 1)).all()


def locked(found: Any) -> Any:
    """The rows of a query as they are now, for this transaction alone."""
    return found.with_for_update().execution_options(populate_existing=True)


def live_offers_of(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Sequence[SwapOffer]:
    """Offers that still stand of any of these duties."""
    return session.scalars(_LIVE_OFFERS, {"at": hds_id, "these": sorted(set(shift_ids))}).all()


def locked_offers_of(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Sequence[SwapOffer]:
    """What `live_offers_of` gives, for this transaction alone."""
    return session.scalars(locked(_LIVE_OFFERS), {"at": hds_id, "these": sorted(set(shift_ids))}).all()


def due_deals(session: Session, hds_id: str, moment: datetime, *, lock: bool = False) -> Sequence[SwapDeal]:
    """Deals whose time has passed, or about duties that a publication gave to others or took away.

    With `lock` for this transaction alone.
    """
    moved_on = (
        select(SwapMove.deal_id)
        .join(SwapDeal, SwapDeal.id == SwapMove.deal_id)
        .outerjoin(Duty, (Duty.hds_id == hds_id) & (Duty.shift_id == SwapMove.shift_id))
        .where(SwapDeal.state.in_(LIVE_DEALS), SwapDeal.hds_id == hds_id)
        .where(Duty.performer_number.is_distinct_from(SwapMove.from_number))
    )
    filled = (
        select(SwapPickup.deal_id)
        .join(SwapDeal, SwapDeal.id == SwapPickup.deal_id)
        .outerjoin(Duty, (Duty.hds_id == hds_id) & (Duty.shift_id == SwapPickup.shift_id))
        .where(SwapDeal.state.in_(LIVE_DEALS), SwapDeal.hds_id == hds_id)
        .where(Duty.shift_id.is_(None) | Duty.performer_number.is_not(None))
    )
    stale = select(SwapDeal).where(
        SwapDeal.hds_id == hds_id, SwapDeal.state.in_(LIVE_DEALS),
        (SwapDeal.expires_at <= moment) | SwapDeal.id.in_(moved_on) | SwapDeal.id.in_(filled),
    ).order_by(SwapDeal.id)  # fmt: skip
    return session.scalars(locked(stale) if lock else stale).all()


def due_offers(session: Session, hds_id: str, moment: datetime, *, lock: bool = False) -> Sequence[SwapOffer]:
    """Offers whose time has passed, or of duties that a publication gave to others; with `lock` as `due_deals`."""
    stale = select(SwapOffer).where(
        SwapOffer.hds_id == hds_id, SwapOffer.state.in_(LIVE_OFFERS),
        (SwapOffer.expires_at <= moment) | SwapOffer.id.in_(_no_longer_own(hds_id)),
    ).order_by(SwapOffer.id)  # fmt: skip
    return session.scalars(locked(stale) if lock else stale).all()


def _no_longer_own(hds_id: str) -> Select[int]:
    """Live offers of duties that their giver does not perform any more."""
    return (
        select(SwapOffer.id)
        .join(Duty, (Duty.hds_id == SwapOffer.hds_id) & (Duty.shift_id == SwapOffer.shift_id))
        .where(SwapOffer.hds_id == hds_id, SwapOffer.state.in_(LIVE_OFFERS))
        .where(Duty.performer_number.is_distinct_from(SwapOffer.gp_number))
    )


def told(session: Session, hds_id: str, once: Iterable[str]) -> frozenset[str]:
    """Those of these that were told already."""
    found = select(OutboxEvent.once).where(OutboxEvent.hds_id == hds_id, OutboxEvent.once.in_(sorted(set(once))))
    return frozenset(one for one in session.scalars(found) if one is not None)


def dossiers_of(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Mapping[str, int]:
    """The dossier of each of these duties."""
    found = select(Duty.shift_id, Duty.dossier_id).where(
        Duty.hds_id == hds_id, Duty.shift_id.in_(sorted(set(shift_ids)))
    )
    return {shift_id: dossier_id for shift_id, dossier_id in session.execute(found)}
