"""Offers and deals end by themselves when their time has passed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.db.engine import Database
from api.db.tables.people import Hds
from api.swaps import notices, repository
from api.swaps.hands import end
from scheduler.messages import text


def expire(database: Database, moment: datetime) -> int:
    """End what expired at `moment` (aware), one transaction an HDS; how many offers and deals that were.

    May be run by several workers at once: each looks again once it has the locks.
    """
    with database.reading() as session:
        hds_ids = list(session.scalars(select(Hds.id).order_by(Hds.id)))
        stale = [hds_id for hds_id in hds_ids if _is_due(session, hds_id, moment)]
    done = 0
    for hds_id in stale:
        with database.writing() as session:
            done += _of_hds(session, hds_id, moment)
    return done


def _is_due(session: Session, hds_id: str, moment: datetime) -> bool:
    return any(due(session, hds_id, moment) for due in (repository.due_deals, repository.due_offers))


def _of_hds(session: Session, hds_id: str, moment: datetime) -> int:
    # deals before offers, as everywhere
    deals = repository.due_deals(session, hds_id, moment, lock=True)
    end(session, hds_id, deals, "expired", text("swaps.state.expired"))
    offers = repository.due_offers(session, hds_id, moment, lock=True)
    for offer in offers:
        offer.state, offer.revision, offer.changed_at = "expired", offer.revision + 1, moment
        notices.offer_expired(session, offer)
    session.flush()
    ended = {"deals": [deal.id for deal in deals], "offers": [offer.id for offer in offers]}
    if any(ended.values()):
        record(session, hds_id, None, Act("swap.expired", "swaps", after=ended))
    return len(deals) + len(offers)
