"""Queries on whole dossiers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import delete, exists, func, literal, select, union_all, update
from sqlalchemy.orm import Session

from api.clock import now
from api.db.tables import dossier as t
from api.db.tables.people import User
from api.db.tables.planning import PlanningRound
from api.db.tables.rosters import Duty, RosterVersion
from api.db.tables.runs import RosterRun
from api.dossiers.mapping import MAPPINGS
from api.paging import Cut
from scheduler.messages import text


def add(session: Session, user_id: int | None, hds_id: str, values: Mapping[str, object]) -> t.Dossier:
    """A new dossier without parts."""
    row = t.Dossier(hds_id=hds_id, changed_at=now(), changed_by=user_id, **values)
    session.add(row)
    session.flush()
    return row


def one(session: Session, hds_id: str, dossier_id: int, *, lock: bool = False) -> t.Dossier | None:
    """The dossier if it is one of this HDS; with `lock` other writers of it wait until the commit."""
    query = select(t.Dossier).where(t.Dossier.hds_id == hds_id, t.Dossier.id == dossier_id)
    return session.scalars(query.with_for_update() if lock else query).one_or_none()


def page(session: Session, hds_id: str, cut: Cut) -> Sequence[t.Dossier]:
    """The dossiers of the HDS, the newest first, one more than fits on the page."""
    query = select(t.Dossier).where(t.Dossier.hds_id == hds_id)
    if cut.after is not None:
        query = query.where(t.Dossier.id < cut.after_number())
    return session.scalars(query.order_by(t.Dossier.id.desc()).limit(cut.limit + 1)).all()


def counts(session: Session, dossier_id: int) -> dict[str, int]:
    """The number of rows of each part, by the name of its file."""
    of_part = [
        select(literal(mapped.field).label("part"), func.count().label("count"))
        .select_from(mapped.table)
        .where(mapped.table.dossier_id == dossier_id)
        for mapped in MAPPINGS
    ]
    found = {row["part"]: row["count"] for row in session.execute(union_all(*of_part)).mappings()}
    return {mapped.field: found[mapped.field] for mapped in MAPPINGS}


def touch(session: Session, hds_id: str, dossier_id: int, user_id: int | None) -> bool:
    """Count one change more; False when there is no such dossier.

    Call it first in a change: from here to the commit other writers of the dossier wait.
    """
    changed = session.execute(
        update(t.Dossier)
        .where(t.Dossier.hds_id == hds_id, t.Dossier.id == dossier_id)
        .values(revision=t.Dossier.revision + 1, changed_at=now(), changed_by=user_id)
        .execution_options(synchronize_session=False)
        .returning(t.Dossier.id)
    )
    return changed.first() is not None


def is_in_use(session: Session, dossier_id: int) -> bool:
    """Whether a run, a version, a duty or a round was made of the dossier."""
    uses = [exists().where(table.dossier_id == dossier_id) for table in (RosterRun, RosterVersion, Duty, PlanningRound)]
    return any(session.scalar(select(use)) for use in uses)


def remove(session: Session, row: t.Dossier) -> None:
    """Delete the dossier with all its parts."""
    session.execute(delete(t.AgreementPost).where(t.AgreementPost.dossier_id == row.id))
    for table in reversed(t.PARTS):
        session.execute(delete(table).where(table.dossier_id == row.id))
    session.delete(row)
    session.flush()


def username(session: Session, user_id: int | None) -> str:
    """What to call who changed something."""
    name = None if user_id is None else session.scalar(select(User.display_name).where(User.id == user_id))
    return name or text("dossiers.nobody")
