"""From what a search found to deals that wait for consent."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import now
from api.db.base import Base
from api.db.tables.market import SwapFound, SwapPickup, SwapSearch, SwapWant, SwapWantUse
from api.db.tables.swaps import SwapConsent, SwapDeal, SwapMove, SwapOffer
from api.swaps import market_repository, notices, repository
from api.swaps.choices import SwapChoices, choices_of
from api.swaps.market import OpenMarket, room_of
from api.swaps.rings_request import RingsAnswer
from api.swaps.schemas import MOST_MOVES
from api.swaps.taking import matched
from scheduler.errors import OutdatedMoves
from scheduler.swaps.moves import Move
from scheduler.swaps.offers import Wanted
from scheduler.swaps.situation import Situation, involved_gps
from scheduler.swaps.verdict import is_legal


@dataclass
class Outcome:
    """What was proposed, and what could not be."""

    moved: int = 0
    bound: int = 0
    left_out: int = 0
    deal_ids: list[int] = field(default_factory=list)

    def __iadd__(self, other: Outcome) -> Outcome:
        self.moved += other.moved
        self.bound += other.bound
        self.left_out += other.left_out
        self.deal_ids += other.deal_ids
        return self

    def settle(self, session: Session, row: SwapSearch, markets: Sequence[OpenMarket]) -> None:
        """Keep what came of a search, and put it on record."""
        row.finished_at = now()
        row.found = {
            "offers": sum(len(one.market.offers) for one in markets),
            "wants": sum(len(one.market.wants) for one in markets),
            "open_duties": sum(len(one.market.open_shifts or ()) for one in markets),
            "moved": self.moved, "bound": self.bound, "left_out": self.left_out,
        }  # fmt: skip
        session.flush()
        act = Act("swap.rings_searched", f"search/{row.id}", after=row.found | {"deal_ids": self.deal_ids})
        record(session, row.hds_id, row.begun_by, act)


@dataclass(frozen=True)
class _Stand:
    """What is offered and wanted now, for this transaction alone, and who does what."""

    situation: Situation
    numbers: Mapping[str, int]
    offers: Mapping[str, SwapOffer]
    wants: Mapping[int, Sequence[SwapWant]]
    left: Counter[int]

    def wants_used(self, moves: Sequence[Move]) -> dict[str, int] | None:
        """The want that each duty answers which is taken for nothing; None where offers or wants are gone by now."""
        found: dict[str, int] = {}
        for move in moves:
            offer = self.offers.get(move.shift_id)
            if move.from_gp is not None and (offer is None or offer.gp_number != self.numbers[move.from_gp]):
                return None
        for gp_id in dict.fromkeys(move.to_gp for move in moves if move.to_gp is not None):
            taken = [move.shift_id for move in moves if move.to_gp == gp_id]
            given = [self.offers[move.shift_id] for move in moves if move.from_gp == gp_id]
            uses = self._matched(gp_id, taken, given)
            if uses is None:
                return None
            found |= uses
        return found

    def _matched(self, gp_id: str, taken: Sequence[str], given: Sequence[SwapOffer]) -> dict[str, int] | None:
        must = [self._suiting(one.wanted, taken) for one in given if one.wanted is not None]
        places = [
            (row.id, self._suiting(row.wanted, taken))
            for row in self.wants.get(self.numbers[gp_id], ())
            for _ in range(min(self.left[row.id], len(taken)))
        ]
        uses = matched(taken, must, [suits for _, suits in places])
        return None if uses is None else {shift_id: places[place][0] for shift_id, place in uses.items()}

    def _suiting(self, wanted: object, taken: Iterable[str]) -> frozenset[str]:
        told, calendar = Wanted.model_validate(wanted), self.situation.dossier.calendar
        return told.among((self.situation.shift(shift_id) for shift_id in taken), calendar)


def propose_found(session: Session, row: SwapSearch, found: Sequence[tuple[OpenMarket, RingsAnswer]]) -> Outcome:
    """Propose what still stands of what was found in each market, each proposal as one deal.

    Who gave a duty away for nothing has agreed by that; everybody else is asked.
    """
    outcome = Outcome()
    # those of all markets at once, and before anything else is held: in the order of every other step
    repository.hold_roster(session, row.hds_id)
    repository.hold_still(session, {number for market, answer in found for number in _concerned(market, answer)})
    for market, answer in found:
        outcome += _propose(session, row, market, answer)
    return outcome


def _concerned(market: OpenMarket, answer: RingsAnswer) -> Iterator[int]:
    return (market.field.number[gp_id] for moves in answer.proposals for gp_id in involved_gps(moves))


def _propose(session: Session, row: SwapSearch, market: OpenMarket, answer: RingsAnswer) -> Outcome:
    stand = _stand(session, row, market)
    outcome, deals, uses = Outcome(bound=answer.bound), [], []
    for moves in answer.proposals:
        used = stand.wants_used(moves) if len(moves) <= MOST_MOVES and _still_legal(stand.situation, moves) else None
        if used is None:
            outcome.left_out += 1
            continue
        for want_id in used.values():
            stand.left[want_id] -= 1
        deals.append(moves)
        uses.append(used)
        outcome.moved += len(moves)
    outcome.deal_ids = _written(session, row, stand, deals, uses)
    return outcome


def _stand(session: Session, row: SwapSearch, market: OpenMarket) -> _Stand:
    hds_id = row.hds_id
    # what was offered anew since the search began may be for others, or for something in return
    offers = {
        offer.shift_id: offer
        for offer in market_repository.open_offers(session, hds_id, lock=True)
        if offer.created_at <= row.begun_at
    }
    rows = market_repository.standing_wants(session, hds_id, now(), lock=True)
    used = market_repository.used(session, [want.id for want in rows])
    wants: defaultdict[int, list[SwapWant]] = defaultdict(list)
    for want in rows:
        wants[want.gp_number].append(want)
    left = Counter({want.id: max(0, room_of(want, used)) for want in rows})
    return _Stand(market.field.situation(session), market.field.number, offers, wants, left)


def _still_legal(situation: Situation, moves: Sequence[Move]) -> bool:
    try:
        return is_legal(situation, moves)
    except OutdatedMoves:
        return False


def _written(
    session: Session, row: SwapSearch, stand: _Stand, deals: Sequence[Sequence[Move]], uses: Sequence[Mapping[str, int]]
) -> list[int]:
    at, choices = now(), choices_of(session, row.hds_id)
    made = [_deal(row, stand, moves, at, choices) for moves in deals]
    session.add_all(made)
    session.flush()
    rows: defaultdict[type[Base], list[dict[str, object]]] = defaultdict(list)
    for deal, moves, used in zip(made, deals, uses, strict=True):
        for table, part in _parts(row, stand, deal, moves, used):
            rows[table].append(part)
    for table, parts in rows.items():
        session.execute(insert(table), parts)
    for deal, moves in zip(made, deals, strict=True):
        for move in moves:
            if (offer := stand.offers.get(move.shift_id)) is not None:
                offer.state, offer.revision, offer.changed_at = "proposed", offer.revision + 1, deal.created_at
        notices.asked(session, deal, moves, [stand.numbers[gp_id] for gp_id in _asked(stand, moves)])
    session.flush()
    return [deal.id for deal in made]


def _deal(row: SwapSearch, stand: _Stand, moves: Sequence[Move], at: datetime, choices: SwapChoices) -> SwapDeal:
    first = choices.last_moment(min(stand.situation.shift(move.shift_id).starts_at for move in moves))
    until = at + timedelta(hours=choices.answer_hours)
    return SwapDeal(
        hds_id=row.hds_id, kind=kind_of(moves), proposed_by=row.begun_by, created_at=at, changed_at=at,
        expires_at=min(first, until),
    )  # fmt: skip


def kind_of(moves: Sequence[Move]) -> str:
    """What a set of moves is: a handover where nobody gets anything back, an exchange between two, else a ring."""
    takers, givers = {move.to_gp for move in moves}, {move.from_gp for move in moves}
    if takers.isdisjoint(givers):
        return "handover"
    return "exchange" if takers == givers and len(takers) == 2 else "ring"


def _asked(stand: _Stand, moves: Sequence[Move]) -> list[str]:
    """Everybody but those who give duties away for nothing, which they offered to do."""
    takers = {move.to_gp for move in moves}
    givers = {move.from_gp for move in moves if move.shift_id in stand.offers}
    return [gp_id for gp_id in involved_gps(moves) if gp_id in takers or gp_id not in givers]


def _parts(
    row: SwapSearch, stand: _Stand, deal: SwapDeal, moves: Sequence[Move], used: Mapping[str, int]
) -> Iterator[tuple[type[Base], dict[str, object]]]:
    """The rows of a deal, each with its table."""
    numbers, asked = stand.numbers, _asked(stand, moves)
    for move in moves:
        here = {"deal_id": deal.id, "shift_id": move.shift_id, "to_number": numbers[str(move.to_gp)]}
        if move.from_gp is None:
            yield SwapPickup, here
        else:
            offer = stand.offers[move.shift_id]
            yield SwapMove, here | {"from_number": numbers[move.from_gp], "offer_id": offer.id}
    for gp_id in involved_gps(moves):
        silent = gp_id in asked
        agreed, at = (None, None) if silent else (True, deal.created_at)
        yield (
            SwapConsent,
            {"deal_id": deal.id, "gp_number": numbers[gp_id], "agreed": agreed, "answered_at": at},
        )
    for shift_id, want_id in used.items():
        yield SwapWantUse, {"deal_id": deal.id, "shift_id": shift_id, "want_id": want_id}
    yield SwapFound, {"deal_id": deal.id, "search_id": row.id}
