"""Searching all offers, wants and open duties for the largest set of swaps, and proposing what was found.

The search takes seconds and runs in a process of its own, with no transaction open; what it found is judged afresh when
it is proposed, and again when it is done.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.clock import now
from api.db.engine import Database
from api.db.tables.market import SwapSearch
from api.rosters.aside import run_module
from api.swaps import market_repository
from api.swaps.choices import choices_of
from api.swaps.market import OpenMarket, market_of
from api.swaps.proposing import propose_found
from api.swaps.rings_request import RingsAnswer, RingsRequest

AGAIN = timedelta(hours=1)
"""After this a search that was not finished is begun anew."""
CHORE_SECONDS = 20.0
"""How long a search may take that nobody waits for."""


def search(database: Database, hds_id: str, user_id: int | None, seconds: float) -> int:
    """Search in every dossier with duties to come, and propose what was found; the id of the search.

    Raises Problem `busy` when too much is done aside.
    """
    with database.writing() as session:
        search_id = _begin(session, hds_id, user_id)
    _carry_on(database, hds_id, search_id, seconds)
    return search_id


def search_where_due(database: Database, moment: datetime) -> int:
    """Search at each HDS that chose to have it done, unless it was done lately; how many searches that were."""
    with database.reading() as session:
        asked = [hds_id for hds_id in market_repository.every_hds(session) if _is_due(session, hds_id, moment)]
    return sum(_search_if_due(database, hds_id, moment) for hds_id in asked)


def _search_if_due(database: Database, hds_id: str, moment: datetime) -> bool:
    with database.writing() as session:
        market_repository.claim(session, hds_id)
        if not _is_due(session, hds_id, moment):
            return False
        search_id = _begin(session, hds_id, None)
    _carry_on(database, hds_id, search_id, CHORE_SECONDS)
    return True


def _is_due(session: Session, hds_id: str, moment: datetime) -> bool:
    hours = choices_of(session, hds_id).rings_every_hours
    if hours is None:
        return False
    last = market_repository.last_search(session, hds_id, moment - AGAIN)
    return last is None or last + timedelta(hours=hours) <= moment


def _begin(session: Session, hds_id: str, user_id: int | None) -> int:
    row = SwapSearch(hds_id=hds_id, begun_at=now(), begun_by=user_id)
    session.add(row)
    session.flush()
    return row.id


def _carry_on(database: Database, hds_id: str, search_id: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    with database.reading() as session:
        rows = market_repository.dossiers_to_come(session, hds_id, now())
        found = [market_of(session, hds_id, row, now()) for row in rows]
    markets = [one for one in found if not one.is_empty]
    answers = [_answer(one, until, len(markets) - place) for place, one in enumerate(markets)]
    with database.writing() as session:
        row = session.get_one(SwapSearch, search_id)
        outcome = propose_found(session, row, list(zip(markets, answers, strict=True)))
        outcome.settle(session, row, markets)


def _answer(market: OpenMarket, until: float, to_go: int) -> RingsAnswer:
    """What is found in one market, in its part of the time that is left for all that are still to go."""
    begun = time.monotonic()
    own = begun + (until - begun) / to_go
    request = RingsRequest(dossier=market.dossier, roster=market.roster, market=market.market, until=own)
    return RingsAnswer.model_validate_json(
        run_module("api.swaps.rings_child", request.model_dump_json().encode(), "rings")
    )
