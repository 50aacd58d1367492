"""A GP of a neighbour as a guest: what the own HDS lets the GP do, no more than that, and only on the day of the shift.

A guest is a locum without agreed hours: nothing of the fair shares falls to the guest, and no run of the solver puts
the guest on another day. The HDS where the shift is pays it, by its own tariffs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from api.clock import now
from api.db.tables.dossier import AgreementPost, AgreementRow, GpRow
from api.db.tables.neighbours import Guest
from api.db.tables.people import Gp
from api.errors import Problem
from api.lending import repository
from api.neighbours.persons import everyone
from api.neighbours.repository import gps
from scheduler.domain.people import GP, Agreement, Contract, Role
from scheduler.domain.shift import Shift
from scheduler.messages import text

LOCUM = Contract.LOCUM.value
PROVISIONAL = "gast"
"""The id of a guest who is none yet, in a verdict that is asked beforehand."""


@dataclass(frozen=True)
class Terms:
    """What the own HDS lets a GP do on a day, and by which name it knows the GP."""

    name: str
    roles: frozenset[Role]
    nights: bool
    registered_until: date | None

    def gp(self, gp_id: str) -> GP:
        """The GP as a dossier of the neighbour would hold it."""
        return GP(id=gp_id, name=self.name, contract=Contract.LOCUM, registered_until=self.registered_until)

    def agreement(self, gp_id: str, shift: Shift) -> Agreement:
        """The agreement for the day and the post of a shift."""
        return Agreement(
            gp_id=gp_id, valid_from=shift.day, valid_until=shift.day, posts=frozenset({shift.post_id}),
            roles=self.roles, hours=0.0, nights=self.nights, contract=Contract.LOCUM,
        )  # fmt: skip


def terms_on(agreements: Iterable[Any], day: date) -> Terms | None:
    """What an HDS lets its GP do on a day, of the rows of `repository.homes_of`; None without an agreement then."""
    for row in agreements:
        if row.valid_from <= day <= row.valid_until:
            return Terms(row.name, frozenset(map(Role, row.roles)), row.nights, row.registered_until)
    return None


def is_at(session: Session, hds_id: str, home_number: int) -> bool:
    """Whether the person is a GP of an HDS by itself, and so no guest there."""
    known = repository.guest(session, hds_id, home_number)
    guest_number = known.gp_number if known else None
    persons = gps(session, everyone(session, {home_number}))
    return any(gp.hds_id == hds_id and gp.number != guest_number for gp in persons)


def guest_for(session: Session, hds_id: str, home: Gp) -> Gp:
    """The guest that a GP of another HDS is here; a new one gets an id that tells nothing.

    Raises Problem `wrong_state` for who is a GP of this HDS already.
    """
    if is_at(session, hds_id, home.number):
        raise Problem("wrong_state", text("lending.own_gp"))
    known = repository.guest(session, hds_id, home.number)
    if known is not None:
        return session.get_one(Gp, known.gp_number)
    taken, count = repository.ids_taken(session, hds_id), repository.number_of_guests(session, hds_id)
    number = next(n for n in range(count + 1, count + 2 + len(taken)) if f"gast-{n}" not in taken)
    one = Gp(hds_id=hds_id, gp_id=f"gast-{number}")
    session.add(one)
    session.flush()
    session.add(
        Guest(gp_number=one.number, hds_id=hds_id, home_hds_id=home.hds_id, home_number=home.number, made_at=now())
    )
    session.flush()
    return one


def admit(session: Session, dossier_id: int, guest: Gp, terms: Terms, shift: Shift) -> None:
    """Put a guest in the dossier for the day of a shift; who is there for that day gets the post besides."""
    row = repository.locked_dossier(session, dossier_id)
    if repository.gp_row(session, dossier_id, guest.number) is None:
        session.add(
            GpRow(
                dossier_id=dossier_id, gp_number=guest.number, name=terms.name, contract=LOCUM,
                registered_until=terms.registered_until,
            )
        )  # fmt: skip
        session.flush()
    known = repository.agreement_on(session, dossier_id, guest.number, shift.day)
    if known is None:
        known = AgreementRow(
            dossier_id=dossier_id, gp_number=guest.number, valid_from=shift.day, valid_until=shift.day,
            roles=sorted(terms.roles), hours=0.0, nights=terms.nights, contract=LOCUM,
        )  # fmt: skip
        session.add(known)
        session.flush()
    if shift.post_id not in repository.posts_of(session, known.id):
        session.add(AgreementPost(agreement_id=known.id, post_id=shift.post_id, dossier_id=dossier_id))
    row.revision, row.changed_at = row.revision + 1, now()
    session.flush()
