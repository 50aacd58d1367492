"""Queries on dossiers."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from api.clock import now
from api.db.tables import dossier as t


def add(session: Session, user_id: int | None, hds_id: str, values: dict[str, object]) -> t.Dossier:
    """A new dossier without parts."""
    row = t.Dossier(hds_id=hds_id, changed_at=now(), changed_by=user_id, **values)
    session.add(row)
    session.flush()
    return row


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
