"""The market of an HDS as a search sees it: what may go to whom now, and what is not promised yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.market import SwapWant
from api.db.tables.swaps import SwapOffer
from api.swaps import deal_repository, group_repository, market_repository
from api.swaps.audience import Circle, class_of, narrowed
from api.swaps.choices import SwapChoices, choices_of
from api.swaps.grounds import Field, field_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.swaps.offers import Market, Offer, Want, Wanted

YEAR = timedelta(days=365)


@dataclass(frozen=True)
class OpenMarket:
    """One dossier, with what its GPs do elsewhere, its roster in force and its market."""

    field: Field
    dossier: Dossier
    roster: Roster
    market: Market

    @property
    def is_empty(self) -> bool:
        """Whether there is nobody who would take anything."""
        return not (self.market.offers or self.market.wants)


def market_of(session: Session, hds_id: str, row: DossierRow, moment: datetime) -> OpenMarket:
    """Open offers, wants and open duties of a dossier that may change hands at `moment`.

    Left out: what begins too soon, what a deal under way is about, what is worked by a called standby, and what would
    go beyond an HDS's limit on handovers.
    """
    field, choices = field_of(session, row.id), choices_of(session, hds_id)
    situation = field.situation(session)
    promised = market_repository.promised(session, hds_id) | market_repository.settled(session, hds_id, moment)
    in_time = frozenset(
        shift.id
        for shift in field.ground.shifts
        if shift.id not in promised and not choices.too_late(shift.starts_at, moment)
    )
    up = [
        offer
        for offer in market_repository.open_offers(session, hds_id)
        if offer.shift_id in in_time and situation.gp_of.get(offer.shift_id) == field.gp_id[offer.gp_number]
    ]
    offers = [*_offers(session, field, choices, _within_limit(session, hds_id, choices, up, moment), moment)]
    never = ((field.gp_id[number], shift_id) for number, shift_id in market_repository.refusals(session, hds_id))
    market = Market(
        offers=tuple(offers), wants=tuple(_wants(session, hds_id, field, moment)),
        open_shifts=in_time - situation.gp_of.keys(), never=frozenset(never),
    )  # fmt: skip
    return OpenMarket(field, situation.dossier, situation.roster, market)


def _within_limit(
    session: Session, hds_id: str, choices: SwapChoices, up: Sequence[SwapOffer], moment: datetime
) -> Sequence[SwapOffer]:
    """The offers without those for nothing of GPs who may give away no more; the oldest are kept."""
    if choices.handovers_per_year is None:
        return up
    left: dict[int, int] = {}
    kept = []
    for offer in up:
        number = offer.gp_number
        if number not in left:
            done = deal_repository.handovers_done(session, hds_id, number, moment - YEAR)
            left[number] = choices.handovers_per_year - done
        if offer.wanted is None:
            left[number] -= 1
        if offer.wanted is not None or left[number] >= 0:
            kept.append(offer)
    return kept


def _offers(
    session: Session, field: Field, choices: SwapChoices, up: Sequence[SwapOffer], moment: datetime
) -> list[Offer]:
    """The offers as the engine knows them, each with the GPs for whom it is meant and open."""
    groups, dossier = narrowed(session, up), field.ground.dossier
    circles = circles_of(session, field)
    waits = any(choices.access_hours.values())
    found = []
    for offer in up:
        meant: frozenset[str] | None = None
        if offer.audience != "all" or offer.id in groups:
            meant = frozenset(gp_id for gp_id, circle in circles.items() if circle.is_meant(offer, groups))
        if waits and offer.colleague_number is None:
            day = field.ground.shift_by_id[offer.shift_id].day
            meant = frozenset(
                gp_id
                for gp_id in (circles if meant is None else meant)
                if choices.open_to(class_of(dossier, gp_id, day), offer.created_at, moment)
            )
        wanted = None if offer.wanted is None else Wanted.model_validate(offer.wanted)
        giver = field.gp_id[offer.gp_number]
        found.append(Offer(gp_id=giver, shift_id=offer.shift_id, in_return=wanted, only_for=meant))
    return found


def circles_of(session: Session, field: Field) -> Mapping[str, Circle]:
    """The circle of each GP of a dossier, with the practices as this dossier has them."""
    numbers = {gp_id: number for number, gp_id in field.gp_id.items() if gp_id in field.ground.dossier.gp_by_id}
    practices: defaultdict[str, set[int]] = defaultdict(set)
    for gp in field.ground.dossier.gps:
        if gp.practice_id is not None:
            practices[gp.practice_id].add(numbers[gp.id])
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for group_id, members in group_repository.members_of_all(session, field.hds_id).items():
        for number in members:
            groups[number].add(group_id)
    return {
        gp.id: Circle(
            number := numbers[gp.id],
            frozenset(practices[gp.practice_id] - {number}) if gp.practice_id is not None else frozenset(),
            frozenset(groups[number]),
        )
        for gp in field.ground.dossier.gps
    }


def _wants(session: Session, hds_id: str, field: Field, moment: datetime) -> list[Want]:
    rows = market_repository.standing_wants(session, hds_id, moment)
    used = market_repository.used(session, [row.id for row in rows])
    return [
        Want(gp_id=field.gp_id[row.gp_number], wanted=Wanted.model_validate(row.wanted), most=left)
        for row in rows
        if (left := room_of(row, used)) > 0 and field.gp_id[row.gp_number] in field.ground.dossier.gp_by_id
    ]


def room_of(row: SwapWant, used: Mapping[int, int]) -> int:
    """How many duties more a want would take."""
    return row.most - used.get(row.id, 0)
