"""Queries about callers."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.auth.principal import Caller, Role
from api.db.tables.people import Gp, Hds, Membership


@dataclass(frozen=True)
class AtHds:
    """The roles of a caller at one HDS; `gp_id` with the role `gp`."""

    hds_id: str
    hds_name: str
    roles: tuple[Role, ...]
    gp_id: str | None


def memberships(session: Session, who: Caller) -> list[AtHds]:
    """Where the caller is something, by name of the HDS; a token shows its own HDS and roles only."""
    query = (
        select(Hds.id, Hds.name, Membership.role, Gp.gp_id)
        .join(Membership, Membership.hds_id == Hds.id)
        .outerjoin(Gp, Gp.number == Membership.gp_number)
        .where(Membership.user_id == who.user_id)
        .order_by(Hds.name, Hds.id, Membership.role)
    )
    found: dict[str, AtHds] = {}
    for hds_id, name, value, gp_id in session.execute(query):
        role = Role(value)
        if (who.scopes is not None and role not in who.scopes) or who.token_hds not in (None, hds_id):
            continue
        known = found.get(hds_id, AtHds(hds_id, name, (), None))
        found[hds_id] = AtHds(hds_id, name, (*known.roles, role), gp_id or known.gp_id)
    return list(found.values())
