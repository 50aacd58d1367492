"""Queries about what is held of a GP, and the statements that erase it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from api.audit.erasure import ACTIONS
from api.clock import now
from api.db.tables import dossier as t
from api.db.tables.audit import AuditDetail, AuditEntry
from api.db.tables.market import GpGroupMember, SwapWant
from api.db.tables.neighbours import Guest, Neighbour
from api.db.tables.payouts import PaymentLine, PaymentRun
from api.db.tables.peak import Escalation
from api.db.tables.people import ApiToken, Gp, Hds, LoginSession, Membership, User
from api.db.tables.repair import Repair, RepairAway
from api.db.tables.rosters import Duty, Publication, RosterVersion
from api.db.tables.runs import RosterRun
from api.db.tables.sickness import SicknessAsk, SicknessCase
from api.db.tables.swaps import SwapConsent, SwapDeal, SwapMove, SwapOffer
from api.words import as_json, says

_WORDS = (
    RosterVersion.note, Publication.reason, RosterRun.error_detail, SwapOffer.note, SwapDeal.reason,
    SicknessCase.reason, Repair.reason, Repair.error_detail, Escalation.reason, Neighbour.message,
)  # fmt: skip
"""What others may have written about a GP, in tables of an HDS."""


def gp(session: Session, hds_id: str, gp_id: str, *, lock: bool = False) -> Gp | None:
    """The GP of the HDS; `lock` makes others who erase the same one wait."""
    query = select(Gp).where(Gp.hds_id == hds_id, Gp.gp_id == gp_id)
    return session.scalar(query.with_for_update() if lock else query)


def duties_to_come(session: Session, one: Gp, moment: datetime) -> int:
    """How many duties that end after `moment` the GP performs, answers for, or learns on, or does for a neighbour."""
    named = or_(
        Duty.performer_number == one.number,
        Duty.responsible_number == one.number,
        Duty.trainee_number == one.number,
    )
    guest = Duty.performer_number.in_(select(Guest.gp_number).where(Guest.home_number == one.number))
    whose = or_(and_(Duty.hds_id == one.hds_id, named), guest)
    return session.scalar(select(func.count()).where(Duty.ends_at > moment, whose)) or 0


def agreements_end(session: Session, one: Gp) -> date | None:
    """The last day of the last agreement of the GP in any dossier."""
    return session.scalar(select(func.max(t.AgreementRow.valid_until)).where(t.AgreementRow.gp_number == one.number))


def runs_under_way(session: Session, hds_id: str) -> int:
    """How many roster runs of the HDS wait or are worked on."""
    busy = RosterRun.state.in_(("queued", "running"))
    return session.scalar(select(func.count()).where(RosterRun.hds_id == hds_id, busy)) or 0


def unpaid_duties(session: Session, one: Gp) -> int:
    """Duties performed after the last day that a payment run closed; 0 at an HDS that closes none."""
    last = session.scalar(select(func.max(PaymentRun.period_end)).where(PaymentRun.hds_id == one.hds_id))
    if last is None:
        return 0
    starts = session.scalars(
        select(Duty.starts_at).where(Duty.hds_id == one.hds_id, Duty.performer_number == one.number)
    )
    return sum(moment.date() > last for moment in starts)


def payment_runs(session: Session, one: Gp) -> Sequence[Any]:
    """Number and day of closing of each payment run with a line of the GP."""
    return session.execute(
        select(PaymentRun.number, PaymentRun.closed_on)
        .join(PaymentLine, and_(PaymentLine.hds_id == PaymentRun.hds_id, PaymentLine.number == PaymentRun.number))
        .where(PaymentLine.hds_id == one.hds_id, PaymentLine.gp_number == one.number)
        .distinct()
        .order_by(PaymentRun.number)
    ).all()


def accounts(session: Session, one: Gp) -> list[User]:
    """The accounts that speak for the GP."""
    own = select(Membership.user_id).where(Membership.hds_id == one.hds_id, Membership.gp_number == one.number)
    return list(session.scalars(select(User).where(User.id.in_(own)).order_by(User.id)))


def memberships(session: Session, user_id: int) -> list[Membership]:
    """Every role of a user anywhere."""
    return list(session.scalars(select(Membership).where(Membership.user_id == user_id)))


def other_roles(session: Session, user: User, hds_id: str) -> bool:
    """Whether the user is more than a GP at the HDS."""
    return any(one.hds_id == hds_id and one.role != "gp" for one in memberships(session, user.id))


def logins(session: Session, user_id: int) -> tuple[list[LoginSession], list[ApiToken]]:
    """The sessions and tokens of a user."""
    sessions = session.scalars(select(LoginSession).where(LoginSession.user_id == user_id))
    return list(sessions), list(session.scalars(select(ApiToken).where(ApiToken.user_id == user_id)))


def audit_about(session: Session, chain: str, number: int | None, user_ids: Sequence[int]) -> Sequence[Any]:
    """The links of a chain that hold data of the GP, are about the accounts, or were made by them."""
    about: list[ColumnElement[bool]] = [
        AuditEntry.actor_id.in_(user_ids),
        AuditEntry.subject.in_([f"user/{one}" for one in user_ids]),
    ]
    if number is not None:
        about.append(AuditDetail.gp_number == number)
    return session.execute(
        select(AuditEntry.__table__, AuditDetail.before, AuditDetail.after, AuditDetail.reason, AuditDetail.gp_number)
        .join(AuditDetail, and_(AuditDetail.chain == AuditEntry.chain, AuditDetail.seq == AuditEntry.seq))
        .where(AuditEntry.chain == chain, or_(*about))
        .order_by(AuditEntry.seq)
    ).all()


def audit_naming(session: Session, chain: str, names: Iterable[str]) -> list[int]:
    """The links of a chain whose details hold one of these names, but for those that tell of erasures."""
    found: set[int] = set()
    said = [cast(column, String) for column in (AuditDetail.before, AuditDetail.after)]
    for name in filter(None, names):
        named = [column.contains(one, autoescape=True) for column in said for one in as_json(name)]
        named.append(AuditDetail.reason.contains(name, autoescape=True))
        rows = session.execute(
            select(AuditEntry.seq, AuditDetail.before, AuditDetail.after, AuditDetail.reason)
            .join(AuditDetail, and_(AuditDetail.chain == AuditEntry.chain, AuditDetail.seq == AuditEntry.seq))
            .where(AuditEntry.chain == chain, AuditEntry.action.not_in(sorted(ACTIONS)), or_(*named))
        )
        found |= {row.seq for row in rows if says(tuple(row[1:]), name)}
    return sorted(found)


def old_details(session: Session, chain: str, until: datetime) -> list[int]:
    """The links before `until` that still have details; those that tell of erasures are needed for ever."""
    return list(
        session.scalars(
            select(AuditEntry.seq)
            .join(AuditDetail, and_(AuditDetail.chain == AuditEntry.chain, AuditDetail.seq == AuditEntry.seq))
            .where(AuditEntry.chain == chain, AuditEntry.at < until, AuditDetail.salt != "")
            .where(AuditEntry.action.not_in(sorted(ACTIONS)))
        )
    )


def dossier_names(session: Session, one: Gp) -> set[str]:
    """The names by which dossiers know the GP."""
    return set(session.scalars(select(t.GpRow.name).where(t.GpRow.gp_number == one.number)))


def pseudonymise_dossiers(session: Session, one: Gp, pseudonym: str, user_id: int) -> int:
    """Take name, free text and wishes of the GP out of every dossier; returns how many held the GP."""
    held = select(t.GpRow.dossier_id).where(t.GpRow.gp_number == one.number)
    ids = list(session.scalars(held))
    session.execute(update(t.GpRow).where(t.GpRow.gp_number == one.number).values(name=pseudonym))
    session.execute(update(t.AbsenceRow).where(t.AbsenceRow.gp_number == one.number).values(reason=""))
    session.execute(update(RepairAway).where(RepairAway.gp_number == one.number).values(reason=""))
    session.execute(delete(t.WishRow).where(t.WishRow.gp_number == one.number))
    session.execute(
        update(t.PayeeRow)
        .where(t.PayeeRow.gp_number == one.number, t.PayeeRow.basis == "self_employed")
        .values(payee_name=pseudonym)
    )
    session.execute(
        update(t.Dossier)
        .where(t.Dossier.id.in_(ids))
        .values(revision=t.Dossier.revision + 1, changed_at=now(), changed_by=user_id)
    )
    return len(ids)


def forget_words(session: Session, one: Gp, names: set[str], pseudonym: str) -> None:
    """Take out what the GP wrote with swaps, and the name where others wrote it in notes and reasons."""
    session.execute(update(SwapOffer).where(SwapOffer.gp_number == one.number).values(note=""))
    session.execute(delete(SwapWant).where(SwapWant.gp_number == one.number))
    session.execute(delete(GpGroupMember).where(GpGroupMember.gp_number == one.number))
    moves = select(SwapMove.deal_id).where(or_(SwapMove.from_number == one.number, SwapMove.to_number == one.number))
    asked = select(SwapConsent.deal_id).where(SwapConsent.gp_number == one.number)
    deals = or_(SwapDeal.id.in_(moves), SwapDeal.id.in_(asked))
    session.execute(update(SwapDeal).where(deals).values(reason=""))
    of_hds = [(column, column.class_.hds_id == one.hds_id) for column in _WORDS]
    cases = select(SicknessCase.id).where(SicknessCase.hds_id == one.hds_id)
    for column, here in (*of_hds, (SicknessAsk.words, SicknessAsk.case_id.in_(cases))):
        for name in sorted(filter(None, names), key=len, reverse=True):
            session.execute(
                update(column.class_)
                .where(here, column.contains(name, autoescape=True))
                .values({column.key: func.replace(column, name, pseudonym)})
            )


def leave_hds(session: Session, user: User, hds_id: str) -> None:
    """Take away every role and token of a user at one HDS, and all sessions."""
    session.execute(delete(Membership).where(Membership.user_id == user.id, Membership.hds_id == hds_id))
    session.execute(delete(ApiToken).where(ApiToken.user_id == user.id, ApiToken.hds_id == hds_id))
    session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))


def hds(session: Session, hds_id: str, *, lock: bool = False) -> Hds:
    """The HDS."""
    query = select(Hds).where(Hds.id == hds_id)
    return session.scalars(query.with_for_update() if lock else query).one()
