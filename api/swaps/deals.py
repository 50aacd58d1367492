"""Deals: proposed, agreed with, approved and done; done means done once.

Every step first makes the GPs concerned hold still, in one order everywhere, so that of two steps that meet one goes
first and the other sees what it left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import now
from api.db.tables.swaps import SwapConsent, SwapDeal, SwapOffer
from api.errors import Problem
from api.swaps import deal_repository, group_repository, notices, repository
from api.swaps.audience import circle_of, class_of, is_for_all
from api.swaps.choices import SwapChoices, choices_in
from api.swaps.deal_repository import ConsentRow, DealRows, MoveRow
from api.swaps.hands import end, pass_on, require_uncalled
from api.swaps.market import YEAR
from api.swaps.party import require_party
from api.swaps.proposing import kind_of
from api.swaps.schemas import MoveAsked, MoveJudged
from api.swaps.table import Table, require_legal, require_possible, table_for
from api.swaps.taking import matched
from scheduler.messages import text
from scheduler.swaps.moves import Move
from scheduler.swaps.offers import Wanted
from scheduler.swaps.situation import involved_gps


def moves_of(asked: Sequence[MoveAsked | MoveJudged]) -> list[Move]:
    """The moves as the engine knows them."""
    return [Move(shift_id=one.shift_id, from_gp=one.from_gp_id, to_gp=one.to_gp_id) for one in asked]


def propose(session: Session, member: Member, asked: Sequence[MoveAsked], key: str | None) -> DealRows:
    """Propose a deal; it is done at once when everybody agreed beforehand by offering.

    What is private of a colleague keeps nobody from proposing: that colleague is asked then, and sees it. Raises
    Problem: `forbidden` without a part in it, `breaks_rules` with every other reason, `wrong_state` when it is too late
    or not open to a taker yet.
    """
    require_party(member, asked)
    if key is not None and (known := deal_repository.deal_of_key(session, member.hds_id, member.user_id, key)):
        return _same(session, known, asked)
    table = table_for(session, member.hds_id, moves_of(asked), still=True)
    choices = choices_in(table.settings)
    # the first of two alike may have been done while this one waited for it
    if key is not None and (known := deal_repository.deal_of_key(session, member.hds_id, member.user_id, key)):
        return _same(session, known, asked)
    require_possible(table, member)
    _require_in_time(table, choices)
    used = _standing(session, member, table, asked, choices)
    willing = {one.from_gp_id for one in asked if one.shift_id in used} - _kept_from(table) | {member.gp_id}
    agreed = table.is_legal and willing.issuperset(involved_gps(table.moves))
    at_once = agreed and (member.has(Role.PLANNER) or not choices.approval)
    if not at_once:
        require_uncalled(session, member.hds_id, table)
    else:
        _require_few_handovers(session, member.hds_id, table, choices)
    rows = _written(session, member, table, choices, used, willing, key, done=at_once)
    _go_on(session, member, rows, table, choices, used.values())
    return rows


def _go_on(
    session: Session,
    member: Member,
    rows: DealRows,
    table: Table,
    choices: SwapChoices,
    used: Collection[SwapOffer],
) -> None:
    """What comes of a deal that was just written: it is done, or those are told whose turn it is."""
    deal = rows.deal
    after = {"moves": [str(move) for move in table.moves], "kind": deal.kind}
    act = Act("swap.proposed", _subject(deal), after=after)
    if deal.state == "done":
        done = Act("swap.done", _subject(deal))
        pass_on(session, member.hds_id, member.user_id, table, done, led_by=act, deal_id=deal.id)
        return
    for offer in used:
        offer.state, offer.revision, offer.changed_at = "proposed", offer.revision + 1, deal.created_at
    if not all(consent.agreed for consent in rows.consents):
        notices.proposed(session, deal)
    _settle(session, member, deal, rows.consents, table, choices, act)


def _same(session: Session, deal: SwapDeal, asked: Sequence[MoveAsked]) -> DealRows:
    (rows,) = deal_repository.rows_of(session, [deal])
    moves = ((one.shift_id, one.from_gp_id, one.to_gp_id) for one in asked)
    ids = rows.ids
    if set(moves) != {(row.shift_id, ids.get(row.from_number or 0), ids[row.to_number]) for row in rows.moves}:
        raise Problem("idempotency_key_reused")
    return rows


def _kept_from(table: Table) -> set[str | None]:
    """The GPs whom anything keeps from their part, which an offer made before does not say yes to."""
    return set() if table.is_legal else {one.gp_id for one in table.verdict.reasons}


def _require_in_time(table: Table, choices: SwapChoices) -> None:
    moment = now()
    for duty in table.duties.values():
        if choices.too_late(duty.starts_at, moment):
            raise Problem("wrong_state", text("swaps.too_late", shift=duty.shift_id, hours=choices.last_hours))


def _written(
    session: Session,
    member: Member,
    table: Table,
    choices: SwapChoices,
    used: Mapping[str, SwapOffer],
    willing: Container[str | None],
    key: str | None,
    *,
    done: bool,
) -> DealRows:
    at = now()
    deal = SwapDeal(
        hds_id=member.hds_id, kind=kind_of(table.moves), proposed_by=member.user_id, idempotency_key=key,
        created_at=at, changed_at=at, expires_at=_ends_at(table, choices, at),
        state="done" if done else "proposed", done_at=at if done else None,
    )  # fmt: skip
    session.add(deal)
    session.flush()
    moves = [
        MoveRow(
            deal.id, one.shift_id, table.numbers[str(one.from_gp)], table.numbers[str(one.to_gp)],
            used[one.shift_id].id if one.shift_id in used else None,
        )
        for one in sorted(table.moves, key=attrgetter("shift_id"))
    ]  # fmt: skip
    consents = [
        ConsentRow(deal.id, table.numbers[gp_id], *((True, at) if gp_id in willing else (None, None)))
        for gp_id in involved_gps(table.moves)
    ]
    deal_repository.add_parts(session, moves, consents)
    return DealRows(deal, moves, consents, {number: gp_id for gp_id, number in table.numbers.items()})


def _ends_at(table: Table, choices: SwapChoices, moment: datetime) -> datetime:
    """When a question that is asked at a moment ends without an answer."""
    last = choices.last_moment(min(duty.starts_at for duty in table.duties.values()))
    return min(last, moment + timedelta(hours=choices.answer_hours))


def _standing(
    session: Session, member: Member, table: Table, asked: Sequence[MoveAsked], choices: SwapChoices
) -> dict[str, SwapOffer]:
    """The offers whose givers agree by them with all that the deal means for these givers, by the id of the shift."""
    offers, groups = group_repository.live_offers(session, table.field.hds_id, table.duties)
    meant = {
        one.shift_id: offer
        for one in asked
        if (offer := offers.get(one.shift_id)) is not None
        and offer.gp_number == table.numbers[one.from_gp_id]
        and _is_meant(session, member, table, one, offer, groups, choices)
    }
    agreed = {gp_id for gp_id in {one.from_gp_id for one in asked} if _agrees(table, gp_id, asked, meant)}
    return {one.shift_id: meant[one.shift_id] for one in asked if one.from_gp_id in agreed}


def _is_meant(
    session: Session,
    member: Member,
    table: Table,
    one: MoveAsked,
    offer: SwapOffer,
    groups: Mapping[int, int | None],
    choices: SwapChoices,
) -> bool:
    taker = table.numbers[one.to_gp_id]
    # asked by name: in the offer, or by who made it
    may_at_once = offer.colleague_number == taker or offer.gp_number == member.gp_number
    for_anybody = may_at_once or is_for_all(offer, groups)
    if not for_anybody and not circle_of(session, offer.hds_id, taker).is_meant(offer, groups):
        return False
    dossier, day = table.field.ground.dossier, table.situation.shift(one.shift_id).day
    if not may_at_once and not choices.open_to(class_of(dossier, one.to_gp_id, day), offer.created_at, now()):
        raise Problem("wrong_state", text("swaps.not_open_yet"))
    return True


def _agrees(table: Table, gp_id: str, asked: Sequence[MoveAsked], offers: Mapping[str, SwapOffer]) -> bool:
    """Whether a GP's offers say yes to each duty that the GP would give, and each that the GP gets answers one."""
    given = [offers.get(one.shift_id) for one in asked if one.from_gp_id == gp_id]
    got = [table.situation.shift(one.shift_id) for one in asked if one.to_gp_id == gp_id]
    if None in given:
        return False
    calendar = table.field.ground.dossier.calendar
    in_return = [
        Wanted.model_validate(offer.wanted).among(got, calendar)
        for offer in given
        if offer is not None and offer.wanted is not None
    ]
    return matched([shift.id for shift in got], in_return, ()) is not None


def answer(session: Session, member: Member, deal_id: int, *, agreed: bool, reason: str) -> SwapDeal:
    """One GP of a deal agrees or refuses; the last one who agrees makes it done, or puts it before the planner.

    Each yes is judged by what that GP may know. What became private of another since that one's yes ends the deal, and
    nobody is told what it was. Raises Problem: `not_found`, `wrong_state`, `swap_outdated`, `breaks_rules`.
    """
    deal, table = _opened(session, member, deal_id, ("proposed",))
    consents = deal_repository.consents(session, [deal_id])
    consent = next((one for one in consents if one.gp_number == member.gp_number), None)
    if consent is None:
        raise Problem("forbidden", text("swaps.not_yours"))
    if agreed:
        require_possible(table, member)
    consent.agreed, consent.answered_at = agreed, now()
    if not agreed:
        end(session, member.hds_id, [deal], "refused", reason or text("swaps.refused"))
        record(session, member.hds_id, member.user_id, Act("swap.refused", _subject(deal), reason=reason))
        return deal
    act = Act("swap.agreed", _subject(deal), reason=reason)
    _settle(session, member, deal, consents, table, choices_in(table.settings), act)
    return deal


def withdraw(session: Session, member: Member, deal_id: int) -> SwapDeal:
    """Who proposed a deal, gives a duty away by it, or agreed with it takes that back while it is not done."""
    deal, _ = _opened(session, member, deal_id, repository.LIVE_DEALS)
    may = {row.from_number for row in deal_repository.moves(session, [deal_id])}
    may |= {one.gp_number for one in deal_repository.consents(session, [deal_id]) if one.agreed}
    if deal.proposed_by != member.user_id and (member.gp_number is None or member.gp_number not in may):
        raise Problem("forbidden", text("swaps.not_yours"))
    record(session, member.hds_id, member.user_id, Act("swap.withdrawn", _subject(deal)))
    end(session, member.hds_id, [deal], "withdrawn", text("swaps.withdrawn"))
    return deal


def approve(session: Session, member: Member, deal_id: int, *, agreed: bool, reason: str) -> SwapDeal:
    """The planner lets a deal go on that everybody agreed with, or stops it."""
    deal, table = _opened(session, member, deal_id, ("awaiting_planner",))
    if not agreed:
        record(session, member.hds_id, member.user_id, Act("swap.stopped", _subject(deal), reason=reason))
        end(session, member.hds_id, [deal], "refused", reason or text("swaps.stopped"))
        return deal
    act = Act("swap.done", _subject(deal), reason=reason)
    _perform(session, member, deal, table, choices_in(table.settings), act)
    return deal


def _opened(session: Session, member: Member, deal_id: int, states: Sequence[str]) -> tuple[SwapDeal, Table]:
    """A deal in one of these states with what it is about, all for this transaction alone.

    To a GP the deals of others are not there (Problem `not_found`).
    """
    seen = deal_repository.deal(session, member.hds_id, deal_id)
    rows = deal_repository.moves(session, [deal_id])
    if seen is None or not _may_see(session, member, seen, rows):
        raise Problem("not_found")
    ids = repository.ids_of(session, deal_repository.concerned(rows))
    moves = [
        Move(
            shift_id=row.shift_id,
            from_gp=None if row.from_number is None else ids[row.from_number],
            to_gp=ids[row.to_number],
        )
        for row in rows
    ]
    table = table_for(session, member.hds_id, moves, still=True)
    deal = deal_repository.deal(session, member.hds_id, deal_id, lock=True)
    assert deal is not None
    if deal.state not in states:
        raise Problem("wrong_state", text(f"swaps.state.{deal.state}"))
    if deal.expires_at <= now():
        raise Problem("wrong_state", text("swaps.state.expired"))
    return deal, table


def _may_see(session: Session, member: Member, deal: SwapDeal, rows: Sequence[MoveRow]) -> bool:
    if member.has(Role.PLANNER) or deal.proposed_by == member.user_id:
        return True
    asked = {one.gp_number for one in deal_repository.consents(session, [deal.id])}
    return member.gp_number in asked | deal_repository.concerned(rows)


def _settle(
    session: Session,
    member: Member,
    deal: SwapDeal,
    consents: Sequence[SwapConsent | ConsentRow],
    table: Table,
    choices: SwapChoices,
    act: Act,
) -> None:
    """After this act of a member: do the deal when everybody agreed, or put it before the planner."""
    agreed = all(consent.agreed for consent in consents)
    if agreed and not member.has(Role.PLANNER) and not table.is_legal:
        record(session, member.hds_id, member.user_id, act)
        end(session, member.hds_id, [deal], "expired", text("swaps.no_longer"))
        return
    if agreed and (member.has(Role.PLANNER) or not choices.approval):
        _perform(session, member, deal, table, choices, Act("swap.done", _subject(deal)), led_by=act)
        return
    if agreed:
        deal.state, deal.revision, deal.changed_at = "awaiting_planner", deal.revision + 1, now()
        # the planner has the time that each of them had
        deal.expires_at = _ends_at(table, choices, deal.changed_at)
        for offer in deal_repository.offers_of_deal(session, deal.id):
            offer.state, offer.revision, offer.changed_at = "awaiting_planner", offer.revision + 1, deal.changed_at
        session.flush()
        notices.awaits_planner(session, deal)
    record(session, member.hds_id, member.user_id, act)


def _perform(
    session: Session,
    member: Member,
    deal: SwapDeal,
    table: Table,
    choices: SwapChoices,
    act: Act,
    *,
    led_by: Act | None = None,
) -> None:
    """Do it: the duties must still be with who gives them away, and the whole must still be legal."""
    require_legal(table, member)
    _require_in_time(table, choices)
    _require_few_handovers(session, member.hds_id, table, choices)
    at = now()
    deal.state, deal.revision, deal.changed_at, deal.done_at = "done", deal.revision + 1, at, at
    pass_on(session, member.hds_id, member.user_id, table, act, led_by=led_by, deal_id=deal.id)


def _require_few_handovers(session: Session, hds_id: str, table: Table, choices: SwapChoices) -> None:
    if choices.handovers_per_year is None or kind_of(table.moves) != "handover":
        return
    since = now() - YEAR
    for gp_id, given in Counter(move.from_gp for move in table.moves if move.from_gp is not None).items():
        done = deal_repository.handovers_done(session, hds_id, table.numbers[gp_id], since)
        if done + given > choices.handovers_per_year:
            raise Problem("wrong_state", text("swaps.too_many_handovers", most=choices.handovers_per_year))


def _subject(deal: SwapDeal) -> str:
    return f"deal/{deal.id}"
