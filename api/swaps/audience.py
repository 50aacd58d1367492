"""For whom an offer is meant: one colleague, the own practice, a group, or all, each class of GPs in its turn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from api.db.tables.swaps import SwapOffer
from api.swaps import group_repository, repository
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract
from scheduler.payout.payees import contract_on


class LocumClass(StrEnum):
    """Locums in the order in which posts serve them: those with agreed hours, then those without."""

    COMMITTED = "committed_locum"
    FREE = "free_locum"


AccessClass = Contract | LocumClass
TAKERS: tuple[AccessClass, ...] = (Contract.PRACTICE_OWNER, Contract.SALARIED, LocumClass.COMMITTED, LocumClass.FREE)
"""The classes that may be on duty, in the order in which posts serve them."""


def class_of(dossier: Dossier, gp_id: str, day: date) -> AccessClass:
    """The class of a GP by the agreement in force on the day that a duty starts (by the list of GPs without one)."""
    contract = contract_on(dossier, gp_id, day)
    if contract is not Contract.LOCUM:
        return contract
    agreement = dossier.agreement_on(gp_id, day)
    return LocumClass.COMMITTED if agreement is not None and agreement.hours else LocumClass.FREE


def is_for_all(offer: SwapOffer, narrowed: Mapping[int, int | None]) -> bool:
    """Whether an offer is for whoever may take it."""
    return offer.audience == "all" and offer.id not in narrowed


@dataclass(frozen=True)
class Circle:
    """To whom a GP belongs: the others of the own practice (by number), and groups (by id)."""

    number: int | None
    mates: frozenset[int]
    groups: frozenset[int]

    def is_meant(self, offer: SwapOffer, narrowed: Mapping[int, int | None]) -> bool:
        """Whether an offer is for this GP, or the GP's own; `narrowed` has the group of each offer that has one."""
        if self.number is None:
            return False
        if self.number in {offer.gp_number, offer.colleague_number}:
            return True
        if offer.audience == "practice":
            return offer.gp_number in self.mates
        return is_for_all(offer, narrowed) or narrowed.get(offer.id) in self.groups


def circle_of(session: Session, hds_id: str, number: int | None) -> Circle:
    """The circle of a GP at an HDS, in all its dossiers."""
    mates = repository.mates_anywhere(session, hds_id, number)
    groups = frozenset() if number is None else group_repository.groups_of(session, number)
    return Circle(number, mates, groups)


def narrowed(session: Session, offers: Iterable[SwapOffer]) -> Mapping[int, int | None]:
    """The group to which each of these offers is narrowed, under the id of the offer; others are left out."""
    return group_repository.narrowed(session, [offer.id for offer in offers if offer.audience == "all"])
