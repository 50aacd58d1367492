"""Who is paid for whose duties from which day on: rows of a dossier, as finance sees and keeps them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.dossier import PayeeRow
from api.dossiers.mapping import gp_numbers, read_dossier
from api.dossiers.repository import touch
from api.errors import Problem
from api.etag import require_match
from api.payouts import repository
from api.payouts.schemas import PayeeEntry
from scheduler.domain.settings import Payee
from scheduler.errors import DossierError
from scheduler.messages import text


def dossier_of(session: Session, hds_id: str, dossier_id: int | None) -> DossierRow:
    """The dossier asked for; without one the latest that a roster in force comes from, else the latest of all.

    Raises Problem `not_found`.
    """
    if dossier_id is not None:
        return repository.dossier(session, hds_id, dossier_id)
    used = repository.dossiers_in_force(session, hds_id)
    found = used[0] if used else repository.newest_dossier(session, hds_id)
    if found is None:
        raise Problem("not_found", text("payouts.no_dossier"))
    return found


def add(session: Session, who: Member, dossier_id: int, entry: PayeeEntry, if_match: str | None) -> PayeeRow:
    """Pay a GP's duties to another payee from a day on; raises DossierError with all that is wrong with it."""
    from scheduler.payout.iban import normal_iban
    from scheduler.payout.payees import payee_mistakes

    row = _locked(session, who.hds_id, dossier_id, if_match)
    dossier = read_dossier(session, row)
    fresh = Payee(**entry.model_dump())
    standing = [payee for payee in dossier.payees if payee.gp_id == entry.gp_id]
    if mistakes := list(payee_mistakes(dossier.replace(payees=(*standing, fresh)))):
        raise DossierError(mistakes)
    number = gp_numbers(session, who.hds_id, [entry.gp_id])[entry.gp_id]
    values = entry.model_dump(exclude={"gp_id"}) | {"iban": normal_iban(entry.iban)}
    payee = PayeeRow(dossier_id=dossier_id, gp_number=number, **values)
    session.add(payee)
    touch(session, who.hds_id, dossier_id, who.user_id)
    session.flush()
    act = Act("payee.added", f"dossier/{dossier_id}/payee/{payee.id}", None, _told(payee), gp_number=number)
    record(session, who.hds_id, who.user_id, act)
    return payee


def remove(session: Session, who: Member, payee_id: int, if_match: str | None) -> None:
    """Take a row away: the one before it holds on again. What closed runs paid by it stays paid."""
    payee = repository.payee(session, who.hds_id, payee_id)
    _locked(session, who.hds_id, payee.dossier_id, if_match)
    act = Act(
        "payee.removed", f"dossier/{payee.dossier_id}/payee/{payee.id}", _told(payee), gp_number=payee.gp_number
    )  # fmt: skip
    session.delete(payee)
    touch(session, who.hds_id, payee.dossier_id, who.user_id)
    session.flush()
    record(session, who.hds_id, who.user_id, act)


def _locked(session: Session, hds_id: str, dossier_id: int, if_match: str | None) -> DossierRow:
    row = repository.dossier(session, hds_id, dossier_id, lock=True)
    require_match(if_match, row.revision, repository.user_name(session, row.changed_by), row.changed_at)
    return row


def _told(payee: PayeeRow) -> dict[str, Any]:
    return {
        "valid_from": payee.valid_from.isoformat(), "payee_name": payee.payee_name, "iban": payee.iban,
        "basis": payee.basis,
    }  # fmt: skip
