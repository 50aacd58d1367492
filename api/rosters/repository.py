"""Every query on versions of the roster; those on the roster in force are in `force_repository.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.dossier import GpRow
from api.db.tables.people import Gp, User
from api.db.tables.rosters import Assignment, Duty, Publication, RosterVersion
from api.errors import Problem
from api.paging import Cut
from api.rosters.filters import Filters
from scheduler.domain.dossier import Lock

_ASSIGNMENTS = cast(Table, Assignment.__table__)


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
        found = found.where(RosterVersion.number < number_in(cut.after))
    return session.scalars(found.order_by(RosterVersion.number.desc()).limit(cut.limit + 1)).all()


def version_in_force(session: Session, hds_id: str, dossier_id: int) -> int | None:
    """The id of the version of a dossier that was published last, of what is in force."""
    last = select(func.max(Duty.publication_id)).where(Duty.hds_id == hds_id, Duty.dossier_id == dossier_id)
    return session.scalar(select(Publication.version_id).where(Publication.id == last.scalar_subquery()))


def number_in(key: Sequence[str | int]) -> int:
    """The number of a version in a cursor; raises Problem `bad_cursor`."""
    if len(key) == 1 and isinstance(key[0], int) and abs(key[0]) < 2**31:
        return key[0]
    raise Problem("bad_cursor")


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


def placed(session: Session, version_id: int) -> Sequence[Any]:
    """Who has each shift of a version: `shift_id`, `gp_number`, `trainee_number`, `locked`."""
    return session.execute(
        select(Assignment.shift_id, Assignment.gp_number, Assignment.trainee_number, Assignment.locked).where(
            Assignment.version_id == version_id
        )
    ).all()


def shifts_of_version(session: Session, version_id: int, filters: Filters, limit: int | None) -> Sequence[Any]:
    """The shifts of a version that pass, in order of start and id; at most `limit + 1` of them when it is given."""
    found = select(Assignment.__table__).where(
        Assignment.version_id == version_id, *filters.conditions(Assignment, Assignment.gp_number)
    )
    found = found.order_by(Assignment.starts_at, Assignment.shift_id)
    return session.execute(found if limit is None else found.limit(limit + 1)).all()


def number_of_gp(session: Session, hds_id: str, gp_id: str) -> int | None:
    """The number of a GP of the HDS."""
    return session.scalar(select(Gp.number).where(Gp.hds_id == hds_id, Gp.gp_id == gp_id))


def names_of(session: Session, dossier_ids: Iterable[int]) -> Mapping[tuple[int, int], str]:
    """The name of each GP as a dossier has it now, under the ids of dossier and GP number."""
    rows = session.execute(
        select(GpRow.dossier_id, GpRow.gp_number, GpRow.name).where(GpRow.dossier_id.in_(sorted(set(dossier_ids))))
    )
    return {(row.dossier_id, row.gp_number): row.name for row in rows}


def free(session: Session, version_id: int, shift_ids: Iterable[str]) -> None:
    """Leave shifts of a version open and unlocked, so that GPs may move between them."""
    values = {"gp_number": None, "trainee_number": None, "locked": False}
    _update(session, version_id, [{"of": shift_id} for shift_id in shift_ids], values)


def place(session: Session, version_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give open shifts of a version to GPs; each row names its shift under `of` and has the same columns."""
    if rows:
        _update(session, version_id, rows, {name: bindparam(name) for name in rows[0] if name != "of"})


def _update(session: Session, version_id: int, rows: Sequence[Mapping[str, Any]], values: Mapping[str, Any]) -> None:
    if rows:
        ours = update(_ASSIGNMENTS).where(
            _ASSIGNMENTS.c.version_id == version_id, _ASSIGNMENTS.c.shift_id == bindparam("of")
        )
        session.connection().execute(ours.values(values), [dict(row) for row in rows])
