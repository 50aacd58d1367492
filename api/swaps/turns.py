"""An offer opens to one class of GPs after the other: whose turn it is is told, as others were when it was made."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.db.engine import Database
from api.swaps import market_repository, notices, repository
from api.swaps.audience import TAKERS, AccessClass
from api.swaps.choices import choices_of

WINDOW = timedelta(days=1)
"""A turn that came longer ago is told no more: nothing ran so long, and the offer is old news."""
Turn = tuple[str, int, AccessClass]
"""HDS, offer and class."""


def tell_those_let_in(database: Database, moment: datetime) -> int:
    """Tell of open offers those classes of GPs whose turn has come by `moment` (aware); how many turns that were.

    Any number of workers may do it at once: each turn is told once.
    """
    with database.reading() as session:
        due = [turn for hds_id in market_repository.every_hds(session) for turn in _turns(session, hds_id, moment)]
    for hds_id, offer_id, to in due:
        with database.writing() as session:
            offer = repository.offer(session, hds_id, offer_id, lock=True)
            if offer is not None and offer.state == "open":
                notices.let_in(session, offer, to)
    return len(due)


def _turns(session: Session, hds_id: str, moment: datetime) -> Iterator[Turn]:
    """The turns that were not told yet, of classes in which the offer is meant for somebody."""
    choices = choices_of(session, hds_id)
    if not any(choices.access_hours.values()):
        return
    came = [
        (offer, to)
        for offer in market_repository.open_offers(session, hds_id)
        for to in TAKERS
        if offer.colleague_number is None
        and offer.created_at < (opens := choices.opens_at(to, offer.created_at)) <= moment < opens + WINDOW
    ]
    told = repository.told(session, hds_id, [notices.turn(offer.id, to) for offer, to in came])
    for offer, to in came:
        if notices.turn(offer.id, to) not in told and notices.hearers_let_in(session, offer, to):
            yield hds_id, offer.id, to
