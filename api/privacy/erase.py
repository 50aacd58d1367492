"""Erasing a GP on request: what names the person goes, what was paid and judged stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.audit.erasure import FIELD, Ranges, erase_details
from api.audit.trail import INSTALLATION
from api.clock import local, now, today
from api.db.tables.people import Gp, User
from api.errors import Problem
from api.messages.forgetting import forget_gp
from api.neighbours.forgetting import forget_links
from api.privacy import repository, snapshots
from api.privacy.retention import retention_of
from api.privacy.schemas import Erased, Kept
from api.sickness.forgetting import forget_illness_of
from scheduler.messages import text

ERASED = "privacy.erased"


def erase(session: Session, hds_id: str, gp_id: str, reason: str, user_id: int) -> Erased:
    """Erase what names the GP, all at once; raises Problem `not_found`, or `wrong_state` telling each reason why not.

    The audit trail and the payment runs still verify afterwards, and no paid or audited figure changes.
    """
    one = repository.gp(session, hds_id, gp_id, lock=True)
    if one is None:
        raise Problem("not_found")
    refusals = list(_refusals(session, one))
    if refusals:
        raise Problem("wrong_state", " ".join(refusals), reasons=refusals)
    pseudonym, moment = text("privacy.pseudonym", gp_id=gp_id), now()
    dossiers, changed, names = _forget_person(session, one, pseudonym, user_id)
    users = repository.accounts(session, one)
    user_ids = [user.id for user in users]
    forget_gp(session, one.hds_id, one.number, one.gp_id, user_ids, names)
    forget_illness_of(session, one.hds_id, one.number)
    forget_links(session, one.number)
    emptied = _empty_details(session, one, user_ids, names)
    disabled = [_close_account(session, user, hds_id, moment) for user in users]
    one.erased_at = moment
    _put_on_record(session, one, user_id, reason, emptied)
    return Erased(
        gp_id=gp_id, pseudonym=pseudonym, erased_at=local(moment), account_disabled=any(disabled),
        audit_details_erased=sum(last - first + 1 for ranges in emptied.values() for first, last in ranges),
        dossiers=dossiers, snapshots=changed, kept=list(_kept(session, one)),
    )  # fmt: skip


def _refusals(session: Session, one: Gp) -> Iterator[str]:
    """Every reason for which the GP can't be erased now."""
    if one.erased_at is not None:
        yield text("privacy.refused.erased", when=f"{local(one.erased_at):%d-%m-%Y}")
        return
    if count := repository.duties_to_come(session, one, now()):
        yield text("privacy.refused.duties", count=count)
    end = repository.agreements_end(session, one)
    if end is not None and end >= today():
        yield text("privacy.refused.agreement", end=f"{end:%d-%m-%Y}")
    if count := repository.unpaid_duties(session, one):
        yield text("privacy.refused.unpaid", count=count)
    if any(repository.other_roles(session, user, one.hds_id) for user in repository.accounts(session, one)):
        yield text("privacy.refused.roles")
    if repository.runs_under_way(session, one.hds_id):
        yield text("privacy.refused.run")


def _forget_person(session: Session, one: Gp, pseudonym: str, user_id: int) -> tuple[int, int, set[str]]:
    """Dossiers, snapshots and notes; returns how many dossiers and snapshots held the GP, and by which names."""
    names = repository.dossier_names(session, one)

    def forget(dossier: snapshots.Dossier) -> None:
        names.update(snapshots.names_of(dossier, one.gp_id))
        snapshots.pseudonymise(dossier, one.gp_id, pseudonym)

    changed = snapshots.rewrite(session, snapshots.snapshots_of(session, one.hds_id), forget)
    dossiers = repository.pseudonymise_dossiers(session, one, pseudonym, user_id)
    repository.forget_words(session, one, names, pseudonym)
    return dossiers, changed, names


def _empty_details(session: Session, one: Gp, user_ids: list[int], names: set[str]) -> dict[str, Ranges]:
    """Erase the details that hold data or the name of the GP, are about the account, or hold the GP's own reasons."""
    emptied: dict[str, Ranges] = {}
    for chain, number in ((one.hds_id, one.number), (INSTALLATION, None)):
        subjects = {f"user/{user_id}" for user_id in user_ids}
        seqs = [
            row.seq
            for row in repository.audit_about(session, chain, number, user_ids)
            if row.gp_number == one.number or row.subject in subjects or row.reason
        ]
        if chain == one.hds_id:
            seqs += repository.audit_naming(session, chain, names)
        emptied[chain] = erase_details(session, chain, seqs)
    return emptied


def _close_account(session: Session, user: User, hds_id: str, moment: datetime) -> bool:
    """Take the person out of the account; who has a role at another HDS only leaves this one."""
    repository.leave_hds(session, user, hds_id)
    if repository.memberships(session, user.id):
        return False
    user.username, user.display_name, user.email = f"gewist-{user.id}", "", None
    user.password_hash, user.oidc_issuer, user.oidc_subject = None, None, None
    user.disabled_at = moment
    return True


def _put_on_record(session: Session, one: Gp, user_id: int, reason: str, emptied: dict[str, Ranges]) -> None:
    """Tell in each chain what was erased; without the GP's number, as this must never be erased itself."""
    session.flush()
    for chain, ranges in emptied.items():
        if ranges or chain == one.hds_id:
            record(session, chain, user_id, Act(ERASED, f"gp/{one.gp_id}", after={FIELD: ranges}, reason=reason))


def _kept(session: Session, one: Gp) -> Iterator[Kept]:
    years = retention_of(repository.hds(session, one.hds_id)).payment_years
    for run in repository.payment_runs(session, one):
        until = date(run.closed_on.year + years, 12, 31)
        yield Kept(what=text("privacy.kept_run", number=run.number), kept_until=until)
