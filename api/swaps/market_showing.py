"""Wants and searches as callers see them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from api.clock import local, now
from api.db.tables.market import SwapSearch, SwapWant
from api.dossiers.mapping import gp_ids
from api.swaps import market_repository
from api.swaps.market_schemas import SearchShown, WantShown
from scheduler.swaps.offers import Wanted


def wants_shown(session: Session, hds_id: str, rows: Sequence[SwapWant]) -> list[WantShown]:
    """Wants with what came of them."""
    ids, used, moment = gp_ids(session, hds_id), market_repository.used(session, [row.id for row in rows]), now()
    return [
        WantShown(
            id=row.id, gp_id=ids[row.gp_number], wanted=Wanted.model_validate(row.wanted), most=row.most,
            taken=used.get(row.id, 0), revision=row.revision, created_at=local(row.created_at),
            expires_at=local(row.expires_at),
            state="withdrawn" if row.state == "withdrawn" else "expired" if row.expires_at <= moment else "open",
        )
        for row in rows
    ]  # fmt: skip


def searches_shown(session: Session, rows: Sequence[SwapSearch]) -> list[SearchShown]:
    """Searches with the deals that came of them."""
    deals = market_repository.deals_found(session, [row.id for row in rows])
    return [_search_shown(row, deals[row.id]) for row in rows]


def _search_shown(row: SwapSearch, deal_ids: Sequence[int]) -> SearchShown:
    names = ("offers", "wants", "open_duties", "moved", "bound", "left_out")
    figures: dict[str, int] = {name: int(row.found.get(name, 0)) for name in names}
    missing = figures["bound"] - figures["moved"]
    return SearchShown(
        id=row.id, begun_at=local(row.begun_at),
        finished_at=None if row.finished_at is None else local(row.finished_at),
        is_optimal=row.finished_at is not None and missing == 0, deal_ids=list(deal_ids),
        gap=round(missing / figures["bound"], 4) if figures["bound"] else 0.0, **figures,
    )  # fmt: skip
