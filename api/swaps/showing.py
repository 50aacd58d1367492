"""From rows and verdicts to what callers see; what a GP may not know of a colleague stops here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.clock import local
from api.db.tables.swaps import SwapDeal, SwapOffer
from api.dossiers.mapping import gp_ids
from api.swaps import repository
from api.swaps.schemas import (
    CandidateShown,
    ChangeShown,
    ConsentShown,
    DealShown,
    ExcludedShown,
    MoveAsked,
    OfferShown,
    PartyShown,
    RankingShown,
    ReasonShown,
    VerdictShown,
)
from scheduler.messages import text
from scheduler.payout.money import euros_dutch
from scheduler.swaps.candidates import Ranking
from scheduler.swaps.offers import Wanted
from scheduler.swaps.verdict import Change, Party, Reason, SwapVerdict

_SAME = 1e-9


def offer_shown(row: SwapOffer, ids: Mapping[int, str]) -> OfferShown:
    """An offer as callers see it."""
    return OfferShown(
        id=row.id, shift_id=row.shift_id, gp_id=ids[row.gp_number], audience=row.audience,
        in_return=None if row.wanted is None else Wanted.model_validate(row.wanted), state=row.state, note=row.note,
        revision=row.revision, created_at=local(row.created_at), expires_at=local(row.expires_at),
    )  # fmt: skip


def deals_shown(session: Session, hds_id: str, deals: Sequence[SwapDeal]) -> list[DealShown]:
    """Deals with their duties and consents."""
    ids = gp_ids(session, hds_id)
    numbers = [deal.id for deal in deals]
    moves, consents = repository.moves(session, numbers), repository.consents(session, numbers)
    return [
        DealShown(
            id=deal.id, kind=deal.kind, state=deal.state, reason=deal.reason, revision=deal.revision,
            moves=[
                MoveAsked(shift_id=row.shift_id, from_gp_id=ids[row.from_number], to_gp_id=ids[row.to_number])
                for row in moves
                if row.deal_id == deal.id
            ],
            consents=[
                ConsentShown(gp_id=ids[row.gp_number], agreed=row.agreed) for row in consents if row.deal_id == deal.id
            ],
            created_at=local(deal.created_at), expires_at=local(deal.expires_at),
            done_at=None if deal.done_at is None else local(deal.done_at),
        )
        for deal in deals
    ]  # fmt: skip


def verdict_shown(verdict: SwapVerdict, member: Member) -> VerdictShown:
    """A verdict for whoever asks: the planner sees all, a GP the own side and no more than the rules of the other."""
    reasons = [reason_shown(one, member) for one in verdict.reasons]
    parties = [_party(one) for one in verdict.parties if member.has(Role.PLANNER) or one.gp_id == member.gp_id]
    told = text("swaps.illegal", reasons="; ".join(dict.fromkeys(one.text for one in reasons)))
    return VerdictShown(
        legal=verdict.is_legal,
        text=text("swaps.legal") if verdict.is_legal else told,
        reasons=reasons,
        parties=parties,
    )


def reason_shown(reason: Reason, member: Member) -> ReasonShown:
    """One reason; of a colleague only the rule and the shifts that the swap itself moves."""
    mine = member.has(Role.PLANNER) or reason.gp_id == member.gp_id
    return ReasonShown(
        gp_id=reason.gp_id,
        rule=reason.rule,
        text=reason.text if mine else reason.rule_name,
        shift_ids=[*reason.moved, *(reason.others if mine else ())],
    )


def _change(change: Change) -> ChangeShown:
    return ChangeShown(before=round(change[0], 4), after=round(change[1], 4))


def _party(party: Party) -> PartyShown:
    return PartyShown(
        gp_id=party.gp_id,
        hours={burden: _change(one) for burden, one in party.hours.items() if abs(one[1] - one[0]) > _SAME},
        deviation={burden: _change(one) for burden, one in party.deviation.items() if abs(one[1] - one[0]) > _SAME},
        soft_cost=round(party.soft_total, 4),
        pay_cents=party.pay_cents,
        pay_text=pay_text(party.pay_cents),
    )


def pay_text(cents: int | None) -> str:
    """What a change does to somebody's pay, in Dutch; None: it is not known."""
    if cents is None:
        return text("swaps.pay.unknown")
    key = "same" if cents == 0 else "more" if cents > 0 else "less"
    return text(f"swaps.pay.{key}", amount=euros_dutch(abs(cents)))


def ranking_shown(ranking: Ranking, member: Member, names: Mapping[str, str]) -> RankingShown:
    """Who could take a duty; figures of colleagues, and who could not and why, are for the planner."""
    planner = member.has(Role.PLANNER)
    return RankingShown(
        shift_id=ranking.shift_id,
        holder=ranking.holder,
        candidates=[
            CandidateShown(
                gp_id=one.gp_id, name=names.get(one.gp_id, one.gp_id), at_own_post=one.at_own_post,
                deviation=_change(one.deviation) if planner else None,
                soft_cost=round(one.soft_total, 4) if planner else None,
            )
            for one in ranking.candidates
        ],
        excluded=[
            ExcludedShown(gp_id=one.gp_id, reasons=[reason_shown(reason, member) for reason in one.reasons])
            for one in (ranking.excluded if planner else ())
        ],
        by_rule=dict(ranking.by_rule),
    )  # fmt: skip
