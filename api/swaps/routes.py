"""Swaps: verdicts, offers, deals, and who could take a duty."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header, Path, Query
from sqlalchemy.orm import Session

from api.auth.access import Planner, PlannerOrGp, member
from api.auth.principal import Member, Role
from api.db.sessions import ReadSession, WriteSession
from api.db.tables.swaps import DEAL_STATES, OFFER_STATES, SwapDeal
from api.errors import Problem, problems
from api.fields import Identifier, Key, ShiftId
from api.paging import Page, PageCut, page_of
from api.room import room
from api.swaps import deal_repository, deals, offers, repository
from api.swaps.discreet import known_to
from api.swaps.grounds import field_of
from api.swaps.party import require_judge
from api.swaps.questions import Asking
from api.swaps.schemas import (
    Answer,
    DealAsked,
    DealShown,
    OfferAsked,
    OfferShown,
    RankingShown,
    VerdictAsked,
    VerdictShown,
)
from api.swaps.showing import deal_shown, offers_shown, own_offer_shown, ranking_shown, verdict_shown
from api.swaps.table import table_for

router = room("/hds/{hds_id}", "swaps")

TheGp = Annotated[Member, Depends(member(Role.GP))]
DealId = Annotated[Key, Path(description="The number of the deal.", examples=[9])]
OfferId = Annotated[Key, Path(description="The number of the offer.", examples=[4])]
Once = Annotated[
    Identifier | None,
    Header(alias="Idempotency-Key", description="The same key again gives the same deal.", examples=["7f3c"]),
]
REFUSALS = ("not_found", "breaks_rules", "swap_unsound", "swap_outdated", "wrong_state")


@router.post(
    "/swaps/verdict",
    summary="May these duties change hands?",
    responses=problems("forbidden", "too_many_questions", *REFUSALS),
)
def verdict(who: Asking, session: ReadSession, body: VerdictAsked) -> VerdictShown:
    """Judged as a whole, before anybody agrees: legal or not and why, hours, deviation and wishes. Changes nothing.

    A GP asks about swaps with a part in them, and is told what the roster and the own side say: whether a colleague can
    is known to that colleague, who sees it when asked for an answer.
    """
    require_judge(session, who, body.moves)
    table = table_for(session, who.hds_id, deals.moves_of(body.moves), still=False)
    return verdict_shown(table.verdict_for(who), who)


@router.get(
    "/swaps/candidates/{shift_id:path}",
    summary="Who could take a duty",
    responses=problems("not_found", "too_many_questions"),
)
def candidates(
    who: Asking,
    session: ReadSession,
    shift_id: Annotated[ShiftId, Path(description="The id of the shift.", examples=["avond/2027-03-05/1"])],
) -> RankingShown:
    """Best first: furthest below the share, then wishes, own post.

    A GP may ask about own duties and open ones, and gets by name whom the roster does not keep from it.
    """
    from scheduler.swaps.candidates import rank

    duty = repository.duty(session, who.hds_id, shift_id)
    if duty is None or not (who.has(Role.PLANNER) or duty.performer_number in (None, who.gp_number)):
        raise Problem("not_found")
    field = field_of(session, duty.dossier_id)
    ranking = rank(known_to(field.situation(session), who), shift_id)
    return ranking_shown(ranking, who, {gp.id: gp.name for gp in field.ground.dossier.gps})


@router.get("/swaps/offers", summary="Offers, the newest first", responses=problems("bad_cursor"))
def list_offers(
    who: PlannerOrGp,
    session: ReadSession,
    cut: PageCut,
    every: Annotated[bool, Query(description="Also those that are past.")] = False,
) -> Page[OfferShown]:
    """A GP sees the own offers and those meant for that GP; a page may hold fewer rows than asked for."""
    states = OFFER_STATES if every else repository.LIVE_OFFERS
    everything = repository.offers(session, who.hds_id, cut, states)
    shown = offers_shown(session, who, offers.visible(session, who, everything[: cut.limit]))
    return Page(items=shown, next=page_of(everything, cut, lambda row: (row.id,), lambda row: row.id).next)


@router.post("/swaps/offers", status_code=201, summary="Offer a duty", responses=problems("conflict", *REFUSALS))
def make_offer(who: TheGp, session: WriteSession, body: OfferAsked) -> OfferShown:
    """To one colleague, the own practice, an own group, or all; for nothing or in return for one of others."""
    return own_offer_shown(offers.offer(session, who, body), who, body)


@router.post(
    "/swaps/offers/{offer_id}/withdraw", summary="Take an offer back", responses=problems("not_found", "wrong_state")
)
def withdraw_offer(who: PlannerOrGp, session: WriteSession, offer_id: OfferId) -> OfferShown:
    """Possible while nobody has been promised the duty."""
    return offers_shown(session, who, [offers.withdraw(session, who, offer_id)])[0]


@router.post(
    "/swaps/deals",
    status_code=201,
    summary="Propose a deal",
    responses=problems("forbidden", "too_many_questions", "idempotency_key_reused", *REFUSALS),
)
def propose(who: Asking, session: WriteSession, body: DealAsked, key: Once = None) -> DealShown:
    """Who offered the duty has agreed already; a deal with which everybody agrees is done at once."""
    return deal_shown(deals.propose(session, who, body.moves, key))


@router.get("/swaps/deals", summary="Deals, the newest first", responses=problems("bad_cursor"))
def list_deals(
    who: PlannerOrGp,
    session: ReadSession,
    cut: PageCut,
    every: Annotated[bool, Query(description="Also those that are past.")] = False,
) -> Page[DealShown]:
    """A GP sees the own deals."""
    number = None if who.has(Role.PLANNER) else who.gp_number
    rows = deal_repository.deals(session, who.hds_id, cut, DEAL_STATES if every else repository.LIVE_DEALS, number)
    return page_of(deal_repository.rows_of(session, rows), cut, lambda row: (row.deal.id,), deal_shown)


@router.post("/swaps/deals/{deal_id}/answer", summary="Agree or refuse", responses=problems(*REFUSALS))
def answer(who: TheGp, session: WriteSession, deal_id: DealId, body: Answer) -> DealShown:
    """When the last of all concerned agrees it is done, or waits for the planner where the HDS wants that."""
    deal = deals.answer(session, who, deal_id, agreed=body.agreed, reason=body.reason)
    return _shown(session, deal)


@router.post("/swaps/deals/{deal_id}/withdraw", summary="Take a proposal back", responses=problems(*REFUSALS))
def withdraw_deal(who: PlannerOrGp, session: WriteSession, deal_id: DealId) -> DealShown:
    """Everything is reversible until it is done."""
    return _shown(session, deals.withdraw(session, who, deal_id))


@router.post("/swaps/deals/{deal_id}/approve", summary="The planner decides", responses=problems(*REFUSALS))
def approve(who: Planner, session: WriteSession, deal_id: DealId, body: Answer) -> DealShown:
    """A deal that everybody agreed with is done, or stopped."""
    deal = deals.approve(session, who, deal_id, agreed=body.agreed, reason=body.reason)
    return _shown(session, deal)


def _shown(session: Session, deal: SwapDeal) -> DealShown:
    return deal_shown(deal_repository.rows_of(session, [deal])[0])
