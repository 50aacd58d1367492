"""Every query on versions of the roster; those on the roster in force are in `force_repository.py`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.people import Gp, User
from api.db.tables.rosters import Assignment, RosterVersion
from api.paging import Cut
from scheduler.domain.dossier import Lock


def dossier_of(session: Session, hds_id: str, dossier_id: int, *, lock: bool = False) -> DossierRow | None:
    """A dossier of the HDS; with `lock` nobody else adds a version to it until the commit."""
    found = select(DossierRow).where(DossierRow.hds_id == hds_id, DossierRow.id == dossier_id)
    # no key: rows that refer to the dossier may still be added meanwhile
    return session.scalar(found.with_for_update(key_share=True) if lock else found)


def version_of(session: Session, hds_id: str, version_id: int, *, lock: bool = False) -> RosterVersion | None:
    """A version of the HDS that was not discarded; with `lock` nobody else changes it until the commit."""
    found = select(RosterVersion).where(
        RosterVersion.hds_id == hds_id, RosterVersion.id == version_id, RosterVersion.state != "discarded"
    )
    if not lock:
        return session.scalar(found)
    locked = found.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalar(locked)


def version_of_run(session: Session, run_id: str) -> RosterVersion | None:
    """The version that a run left."""
    return session.scalar(select(RosterVersion).where(RosterVersion.run_id == run_id))


def last_number(session: Session, dossier_id: int) -> int:
    """The number of the last version of a dossier; 0 when it has none."""
    found = session.scalar(select(func.max(RosterVersion.number)).where(RosterVersion.dossier_id == dossier_id))
    return found or 0


def versions_of(
    session: Session, hds_id: str, dossier_id: int, cut: Cut, states: Sequence[str]
) -> Sequence[RosterVersion]:
    """At most `cut.limit + 1` versions of a dossier in one of `states`, the latest first."""
    found = select(RosterVersion).where(
        RosterVersion.hds_id == hds_id, RosterVersion.dossier_id == dossier_id, RosterVersion.state.in_(states)
    )
    if cut.after is not None:
        found = found.where(RosterVersion.number < cut.after[0])
    return session.scalars(found.order_by(RosterVersion.number.desc()).limit(cut.limit + 1)).all()


def locks_of(session: Session, version_id: int) -> tuple[Lock, ...]:
    """The locked shifts of a version with their GPs, in order of start."""
    rows = session.execute(
        select(Assignment.shift_id, Gp.gp_id)
        .join(Gp, Gp.number == Assignment.gp_number)
        .where(Assignment.version_id == version_id, Assignment.locked)
        .order_by(Assignment.starts_at, Assignment.shift_id)
    )
    return tuple(Lock(shift_id=row.shift_id, gp_id=row.gp_id) for row in rows)


def usernames(session: Session, user_ids: Sequence[int | None]) -> Mapping[int, str]:
    """The names by which users log in, by id."""
    wanted = {user_id for user_id in user_ids if user_id is not None}
    if not wanted:
        return {}
    return {row.id: row.username for row in session.execute(select(User.id, User.username).where(User.id.in_(wanted)))}
