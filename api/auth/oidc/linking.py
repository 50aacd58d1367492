"""Which account somebody has whom the provider knows: by issuer and subject, and by invitations to a verified address.

Administrators of several HDSs may invite the same person, who has one account: the first invitation becomes it, and
what later ones granted goes to it. Accounts with a password are never found by address.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.audit.trail import INSTALLATION
from api.auth.accounts import close_account
from api.auth.oidc.provider import Identity
from api.db.tables.people import Membership, User


def account_of(session: Session, identity: Identity) -> User | None:
    """The account of somebody, with every invitation taken up; None for who is not invited, or is disabled."""
    known = session.scalar(
        select(User).where(User.oidc_issuer == identity.issuer, User.oidc_subject == identity.subject).with_for_update()
    )
    if known is not None and known.disabled_at is not None:
        return None
    invited = [] if identity.email is None else list(_invited(session, identity.email))
    acts: list[Act] = []
    if known is None and invited:
        known = invited.pop(0)
        known.oidc_issuer, known.oidc_subject = identity.issuer, identity.subject
        acts.append(Act("user.linked", f"user/{known.id}", after={"by": "oidc"}))
    if known is None:
        return None
    for other in invited:
        _take_over(session, known.id, other)
        acts.append(Act("user.merged", f"user/{known.id}", after={"invitation": other.id}))
    for act in acts:
        record(session, INSTALLATION, known.id, act)
    return known


def _invited(session: Session, email: str) -> Sequence[User]:
    """Accounts that wait for somebody with this address; the oldest first."""
    return session.scalars(
        select(User)
        .where(
            func.lower(User.email) == email.lower(),
            User.oidc_subject.is_(None),
            User.password_hash.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(User.id)
        .with_for_update()
    ).all()


def _take_over(session: Session, user_id: int, other: User) -> None:
    """Give an account what another was granted, but for what it has already, and close the other."""
    held = set(session.execute(select(Membership.hds_id, Membership.role).where(Membership.user_id == user_id)).all())
    granted = session.execute(select(Membership.hds_id, Membership.role).where(Membership.user_id == other.id)).all()
    for hds_id, role in granted:
        one = (Membership.user_id == other.id, Membership.hds_id == hds_id, Membership.role == role)
        if (hds_id, role) in held:
            session.execute(delete(Membership).where(*one))
        else:
            session.execute(update(Membership).where(*one).values(user_id=user_id))
    close_account(other)
    session.flush()
