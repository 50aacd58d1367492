"""From rows and verdicts to what callers see; what a GP may not know of a colleague stops here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.clock import local
from api.db.tables.swaps import SwapConsent, SwapOffer
from api.swaps import discreet, repository
from api.swaps.audience import class_of, narrowed
from api.swaps.choices import choices_of
from api.swaps.deal_repository import ConsentRow, DealRows, MoveRow
from api.swaps.grounds import field_of
from api.swaps.schemas import (
    Audience,
    CandidateShown,
    ChangeShown,
    ConsentShown,
    DealShown,
    ExcludedShown,
    MoveShown,
    OfferAsked,
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


def offers_shown(session: Session, member: Member, rows: Sequence[SwapOffer]) -> list[OfferShown]:
    """Offers as the caller sees them."""
    groups = narrowed(session, rows)
    concerned = {number for row in rows for number in (row.gp_number, row.colleague_number) if number is not None}
    ids = repository.ids_of(session, concerned)
    opens = opening_times(session, member, rows)
    return [_offer_shown(row, ids, groups, opens.get(row.id)) for row in rows]


def own_offer_shown(row: SwapOffer, member: Member, asked: OfferAsked) -> OfferShown:
    """An offer that its giver has just made."""
    ids = {row.gp_number: str(member.gp_id)}
    if row.colleague_number is not None:
        ids[row.colleague_number] = str(asked.colleague_gp_id)
    return _offer_shown(row, ids, {row.id: asked.group_id} if asked.audience == "group" else {})


def _offer_shown(
    row: SwapOffer, ids: Mapping[int, str], groups: Mapping[int, int | None], opens_at: datetime | None = None
) -> OfferShown:
    """An offer with the ids of its GPs by number, and the group of those that have one."""
    return OfferShown(
        id=row.id, shift_id=row.shift_id, gp_id=ids[row.gp_number], group_id=groups.get(row.id),
        audience=cast(Audience, "group" if row.id in groups else row.audience),
        colleague_gp_id=None if row.colleague_number is None else ids[row.colleague_number],
        in_return=None if row.wanted is None else Wanted.model_validate(row.wanted), state=row.state, note=row.note,
        revision=row.revision, created_at=local(row.created_at), changed_at=local(row.changed_at),
        expires_at=local(row.expires_at), opens_at=opens_at,
    )  # fmt: skip


def opening_times(session: Session, member: Member, rows: Sequence[SwapOffer]) -> Mapping[int, datetime]:
    """When offers of others open to the class of the caller, for those that wait for that, under their ids."""
    waits = [row for row in rows if row.colleague_number is None and row.gp_number != member.gp_number]
    if not waits or member.gp_id is None or member.has(Role.PLANNER):
        return {}
    choices = choices_of(session, member.hds_id)
    if not choices.access_hours:
        return {}
    found: dict[int, datetime] = {}
    dossier_of = repository.dossiers_of(session, member.hds_id, [row.shift_id for row in waits])
    for row in waits:
        ground = field_of(session, dossier_of[row.shift_id]).ground
        if member.gp_id in ground.dossier.gp_by_id:
            own = class_of(ground.dossier, member.gp_id, ground.shift_by_id[row.shift_id].day)
            opens_at = choices.opens_at(own, row.created_at)
            if opens_at > row.created_at:
                found[row.id] = local(opens_at)
    return found


def deal_shown(rows: DealRows) -> DealShown:
    """A deal with its duties and consents."""
    deal, ids = rows.deal, rows.ids
    return DealShown(
        id=deal.id, kind=deal.kind, state=deal.state, reason=deal.reason, revision=deal.revision,
        moves=[_move(row, ids) for row in rows.moves], consents=[_consent(row, ids) for row in rows.consents],
        created_at=local(deal.created_at), expires_at=local(deal.expires_at), accepted_at=_accepted_at(rows.consents),
        done_at=None if deal.done_at is None else local(deal.done_at),
        ended_at=local(deal.changed_at) if deal.state in ("withdrawn", "refused", "expired") else None,
    )  # fmt: skip


def _move(row: MoveRow, ids: Mapping[int, str]) -> MoveShown:
    giver = None if row.from_number is None else ids[row.from_number]
    return MoveShown(shift_id=row.shift_id, from_gp_id=giver, to_gp_id=ids[row.to_number])


def _consent(row: SwapConsent | ConsentRow, ids: Mapping[int, str]) -> ConsentShown:
    at = None if row.answered_at is None else local(row.answered_at)
    return ConsentShown(gp_id=ids[row.gp_number], agreed=row.agreed, answered_at=at)


def _accepted_at(consents: Sequence[SwapConsent | ConsentRow]) -> datetime | None:
    """When the last of all agreed; None while somebody did not."""
    if not all(row.agreed for row in consents):
        return None
    return max((local(row.answered_at) for row in consents if row.answered_at is not None), default=None)


def verdict_shown(verdict: SwapVerdict, member: Member) -> VerdictShown:
    """A verdict by what the member may know (`Table.verdict_for`): planners see all, GPs the figures of the own side.

    It is certain unless a colleague of the GP who asks gets a duty: that colleague alone knows what stands in the way.
    """
    reasons = [reason_shown(one, member) for one in verdict.reasons]
    parties = [_party(one) for one in verdict.parties if member.has(Role.PLANNER) or one.gp_id == member.gp_id]
    is_certain = member.has(Role.PLANNER) or all(move.to_gp in (None, member.gp_id) for move in verdict.moves)
    told = text("swaps.illegal", reasons="; ".join(dict.fromkeys(one.text for one in reasons)))
    yes = text("swaps.legal" if is_certain else "swaps.legal_as_known")
    return VerdictShown(
        legal=verdict.is_legal,
        certain=is_certain or not verdict.is_legal,
        text=yes if verdict.is_legal else told,
        reasons=reasons,
        parties=parties,
    )


def reason_shown(reason: Reason, member: Member) -> ReasonShown:
    """One reason; of a colleague only the rule and the shifts that the swap itself moves."""
    others = reason.others if discreet.may_read(member, reason.gp_id) else ()
    words = discreet.words_of(reason, member)
    return ReasonShown(gp_id=reason.gp_id, rule=reason.rule, text=words, shift_ids=[*reason.moved, *others])


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
    """Who could take a duty; figures of colleagues, and who could not and why, are for the planner.

    A GP, for whom it was ranked by what colleagues know of each other, gets them by name: the order would tell shares.
    """
    planner = member.has(Role.PLANNER)
    found = [
        CandidateShown(
            gp_id=one.gp_id, name=names.get(one.gp_id, one.gp_id), at_own_post=one.at_own_post,
            deviation=_change(one.deviation) if planner else None,
            soft_cost=round(one.soft_total, 4) if planner else None,
        )
        for one in ranking.candidates
    ]  # fmt: skip
    return RankingShown(
        shift_id=ranking.shift_id,
        holder=ranking.holder,
        candidates=found if planner else sorted(found, key=lambda one: (one.name, one.gp_id)),
        excluded=[
            ExcludedShown(gp_id=one.gp_id, reasons=[reason_shown(reason, member) for reason in one.reasons])
            for one in (ranking.excluded if planner else ())
        ],
        by_rule=dict(ranking.by_rule),
    )  # fmt: skip
