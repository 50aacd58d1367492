"""What nobody can do by API: found an HDS with its first administrator, let an account serve at a further HDS, and let
somebody back in whom no administrator can. Whoever runs the installation does it, and it is on record without a user.
"""

from __future__ import annotations

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.audit import Act, record
from api.audit.trail import INSTALLATION
from api.auth.principal import Role, plain_name
from api.clock import now
from api.db.tables.people import Hds, Membership, User
from api.users import repository
from api.users.service import add_membership, create_user, one_time_password, set_password
from scheduler.domain.plain_text import begins_like_formula, has_line_break
from scheduler.errors import AnwError
from scheduler.messages import text

_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class NotDone(AnwError):
    """What was asked can't be done as things are."""

    code = "installation_refused"


def found_hds(
    session: Session, hds_id: str, name: str, administrator: str, *, email: str | None, by_provider: bool
) -> str | None:
    """A new HDS with an administrator; returns the one-time password of an account that is made for it.

    An account that exists serves here too, as it is. With `by_provider` a new one logs in by the OIDC provider under
    `email`. Raises NotDone for an id that is taken or can't be one, a name that is empty, of more lines or like a
    formula, and a provider without address.
    """
    if not _ID.fullmatch(hds_id):
        raise NotDone(text("users.installation.wrong_id", hds_id=hds_id))
    if not name.strip() or has_line_break(name) or begins_like_formula(name.strip()):
        raise NotDone(text("users.installation.wrong_name"))
    if session.get(Hds, hds_id) is not None:
        raise NotDone(text("users.installation.hds_taken", hds_id=hds_id))
    if by_provider and not email:
        raise NotDone(text("users.email_needed"))
    session.add(Hds(id=hds_id, name=name, created_at=now()))
    session.flush()
    known, password = repository.user_named(session, plain_name(administrator)), None
    if known is None:
        password = None if by_provider else one_time_password()
        known = create_user(
            session, administrator, email=email, password=password, must_change_password=not by_provider
        )
    add_membership(session, known.id, hds_id, Role.ADMINISTRATOR)
    record(session, hds_id, None, Act("hds.founded", f"hds/{hds_id}", after={"administrator": known.id}))
    return password


def grant(session: Session, username: str, hds_id: str, role: Role, gp_id: str | None) -> None:
    """Give an account a role at an HDS; raises NotDone for an unknown account or HDS, or a role that is held already,
    Problem for a GP who is not there.
    """
    user = _account(session, username)
    if session.get(Hds, hds_id) is None:
        raise NotDone(text("users.installation.no_hds", hds_id=hds_id))
    if session.get(Membership, (user.id, hds_id, role.value)) is not None:
        raise NotDone(text("users.installation.held"))
    add_membership(session, user.id, hds_id, role, gp_id)
    record(session, hds_id, None, Act("user.granted", f"user/{user.id}", after={"role": role.value, "gp_id": gp_id}))


def let_back_in(session: Session, username: str) -> str:
    """A one-time password for an account, which is enabled again; its sessions and tokens end.

    Raises NotDone for an unknown account and for one that logs in by the provider.
    """
    user = _account(session, username)
    if user.password_hash is None:
        raise NotDone(text("users.by_provider"))
    password = one_time_password()
    user.disabled_at = None
    repository.end_access(session, user.id, None)
    set_password(session, user, password, must_change=True)
    record(session, INSTALLATION, None, Act("user.password_reset", f"user/{user.id}"))
    return password


def _account(session: Session, username: str) -> User:
    user = session.scalar(select(User).where(User.username == plain_name(username)).with_for_update())
    if user is None:
        raise NotDone(text("users.installation.no_user", username=username))
    return user
