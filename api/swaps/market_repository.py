"""Every query on wants, on searches for rings, and on what a search starts from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.market import SwapFound, SwapPickup, SwapSearch, SwapWant, SwapWantUse
from api.db.tables.payouts import CallIn, Worked
from api.db.tables.people import Hds
from api.db.tables.rosters import Duty
from api.db.tables.swaps import SwapConsent, SwapDeal, SwapMove, SwapOffer
from api.paging import Cut
from api.swaps.repository import LIVE_DEALS


def wants(session: Session, hds_id: str, number: int | None, cut: Cut, *, every: bool) -> Sequence[SwapWant]:
    """Wants, the newest first; with `number` those of one GP, not `every`: those that stand."""
    found = select(SwapWant).where(SwapWant.hds_id == hds_id)
    if number is not None:
        found = found.where(SwapWant.gp_number == number)
    if not every:
        found = found.where(SwapWant.state == "open")
    if cut.after is not None:
        found = found.where(SwapWant.id < cut.after_number())
    return session.scalars(found.order_by(SwapWant.id.desc()).limit(cut.limit + 1)).all()


def want(session: Session, hds_id: str, want_id: int) -> SwapWant | None:
    """One want of the HDS, for this transaction alone."""
    return session.scalar(select(SwapWant).where(SwapWant.hds_id == hds_id, SwapWant.id == want_id).with_for_update())


def standing_wants(
    session: Session, hds_id: str, moment: datetime, number: int | None = None, *, lock: bool = False
) -> Sequence[SwapWant]:
    """The wants that stand at a moment."""
    found = select(SwapWant).where(SwapWant.hds_id == hds_id, SwapWant.state == "open", SwapWant.expires_at > moment)
    if number is not None:
        found = found.where(SwapWant.gp_number == number)
    found = found.order_by(SwapWant.id)
    return session.scalars(found.with_for_update() if lock else found).all()


def used(session: Session, want_ids: Iterable[int]) -> Mapping[int, int]:
    """How many duties of deals that are under way or done each of these wants accounts for."""
    counted = (
        select(SwapWantUse.want_id, func.count())
        .join(SwapDeal, SwapDeal.id == SwapWantUse.deal_id)
        .where(SwapWantUse.want_id.in_(sorted(set(want_ids))), SwapDeal.state.in_((*LIVE_DEALS, "done")))
        .group_by(SwapWantUse.want_id)
    )
    return {want_id: count for want_id, count in session.execute(counted)}


def dossiers_to_come(session: Session, hds_id: str, moment: datetime) -> Sequence[DossierRow]:
    """The dossiers of duties in force that start after a moment."""
    to_come = select(Duty.dossier_id).where(Duty.hds_id == hds_id, Duty.starts_at > moment).distinct()
    return session.scalars(select(DossierRow).where(DossierRow.id.in_(to_come)).order_by(DossierRow.id)).all()


def open_offers(session: Session, hds_id: str, *, lock: bool = False) -> Sequence[SwapOffer]:
    """The offers about which no deal is under way."""
    found = select(SwapOffer).where(SwapOffer.hds_id == hds_id, SwapOffer.state == "open").order_by(SwapOffer.id)
    return session.scalars(found.with_for_update() if lock else found).all()


def settled(session: Session, hds_id: str, moment: datetime) -> frozenset[str]:
    """The duties from `moment` on of which it was told who works them, and the standbys that are called in then."""
    worked = select(Worked.shift_id).where(Worked.hds_id == hds_id, Worked.starts_at >= moment)
    called = select(CallIn.shift_id).where(CallIn.hds_id == hds_id, CallIn.ends_at > moment)
    return frozenset(session.scalars(worked.union(called)))


def promised(session: Session, hds_id: str) -> frozenset[str]:
    """The duties about which a deal is under way."""
    live = select(SwapDeal.id).where(SwapDeal.hds_id == hds_id, SwapDeal.state.in_(LIVE_DEALS))
    parts = (select(of.shift_id).where(of.deal_id.in_(live)) for of in (SwapMove, SwapPickup))
    return frozenset(session.scalars(union_all(*parts)))


def refusals(session: Session, hds_id: str) -> Sequence[tuple[int, str]]:
    """GPs by number with the duties that they would have taken in a deal that came of a search, and did not want.

    They refused, or left it unanswered until its time had passed.
    """
    silent = SwapConsent.agreed.is_(None) & (SwapDeal.state == "expired") & (SwapDeal.changed_at >= SwapDeal.expires_at)
    refused = (
        select(SwapConsent.deal_id, SwapConsent.gp_number)
        .join(SwapFound, SwapFound.deal_id == SwapConsent.deal_id)
        .join(SwapDeal, SwapDeal.id == SwapConsent.deal_id)
        .where(SwapDeal.hds_id == hds_id, SwapConsent.agreed.is_(False) | silent)
        .subquery()
    )
    parts = (
        select(refused.c.gp_number, of.shift_id).where(
            of.deal_id == refused.c.deal_id, of.to_number == refused.c.gp_number
        )
        for of in (SwapMove, SwapPickup)
    )
    return [(number, shift_id) for number, shift_id in session.execute(union_all(*parts))]


def search(session: Session, hds_id: str, search_id: int) -> SwapSearch | None:
    """One search of the HDS."""
    return session.scalar(select(SwapSearch).where(SwapSearch.hds_id == hds_id, SwapSearch.id == search_id))


def searches(session: Session, hds_id: str, cut: Cut) -> Sequence[SwapSearch]:
    """Searches, the newest first."""
    found = select(SwapSearch).where(SwapSearch.hds_id == hds_id)
    if cut.after is not None:
        found = found.where(SwapSearch.id < cut.after_number())
    return session.scalars(found.order_by(SwapSearch.id.desc()).limit(cut.limit + 1)).all()


def deals_found(session: Session, search_ids: Iterable[int]) -> Mapping[int, Sequence[int]]:
    """The deals that came of each of these searches."""
    wanted = sorted(set(search_ids))
    found: dict[int, list[int]] = {search_id: [] for search_id in wanted}
    rows = select(SwapFound.search_id, SwapFound.deal_id).where(SwapFound.search_id.in_(wanted))
    for search_id, deal_id in session.execute(rows.order_by(SwapFound.deal_id)):
        found[search_id].append(deal_id)
    return found


def last_search(session: Session, hds_id: str, since: datetime) -> datetime | None:
    """When the last search of the HDS began that was finished, or that began after `since` and may yet be."""
    counts = SwapSearch.finished_at.is_not(None) | (SwapSearch.begun_at > since)
    return session.scalar(select(func.max(SwapSearch.begun_at)).where(SwapSearch.hds_id == hds_id, counts))


def every_hds(session: Session) -> Sequence[str]:
    """The ids of all HDSs."""
    return session.scalars(select(Hds.id).order_by(Hds.id)).all()


def claim(session: Session, hds_id: str) -> None:
    """Let no other worker begin a search for the HDS until the commit."""
    session.execute(select(Hds.id).where(Hds.id == hds_id).with_for_update(key_share=True))
