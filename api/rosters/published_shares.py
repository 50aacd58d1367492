"""The fair shares that a published roster was made by: what the dossier says later does not change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.db.tables.rosters import RosterVersion
from api.rosters import repository
from api.rosters.opened import opened
from scheduler.domain.shift import Burden, Shift

if TYPE_CHECKING:
    from scheduler.fair_shares import FairShares


def published_targets(
    session: Session, hds_id: str, dossier_id: int, shifts: Sequence[Shift]
) -> Mapping[tuple[str, Burden], float] | None:
    """Return the target hours of each GP and burden by the dossier as it was published last.

    `shifts` are those in force; extra shifts among them are shared as well. None when nothing is in force.
    """
    version_id = repository.version_in_force(session, hds_id, dossier_id)
    if version_id is None:
        return None
    return shares_as_published(session, session.get_one(RosterVersion, version_id), shifts).targets


def shares_as_published(session: Session, version: RosterVersion, shifts: Sequence[Shift]) -> FairShares:
    """Return the fair shares by the dossier of a version, with the shifts in force that the version does not know."""
    from scheduler.fair_shares import fair_shares

    basis = opened(session, version.snapshot)
    extra_shifts = [shift for shift in shifts if shift.id not in basis.shift_by_id]
    return fair_shares(basis.dossier, (*basis.shifts, *extra_shifts)) if extra_shifts else basis.shares
