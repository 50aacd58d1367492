"""What can be done with a whole dossier: take it in, replace it, take it out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.db.tables import dossier as t
from api.dossiers import repository
from api.dossiers.mapping import read_dossier, settings_values, write_parts
from api.dossiers.reading import read_source
from api.errors import Problem
from api.etag import require_match
from scheduler.domain.dossier import Dossier
from scheduler.dossier.schema import TABLES
from scheduler.dossier.writing import rows_of, settings_text
from scheduler.messages import text


def import_dossier(session: Session, user_id: int | None, hds_id: str, source: Path) -> t.Dossier:
    """Take in the dossier in a folder or workbook as a new one of the HDS; raises DossierError with every mistake."""
    return keep(session, user_id, hds_id, read_source(source, hds_id).dossier)


def keep(session: Session, user_id: int | None, hds_id: str, dossier: Dossier) -> t.Dossier:
    """Store a judged dossier as a new one of the HDS."""
    row = repository.add(session, user_id, hds_id, settings_values(dossier))
    write_parts(session, row.id, hds_id, dossier)
    record(session, hds_id, user_id, Act("dossier.imported", subject(row.id), after=summary(dossier)))
    return row


def replace(
    session: Session, user_id: int, hds_id: str, dossier_id: int, dossier: Dossier, if_match: str | None
) -> t.Dossier:
    """Put a judged dossier in the place of another; raises Problem when that changed after it was seen."""
    row = _locked(session, hds_id, dossier_id, if_match)
    before = summary(read_dossier(session, row))
    repository.touch(session, hds_id, dossier_id, user_id)
    for name, value in settings_values(dossier).items():
        setattr(row, name, value)
    write_parts(session, dossier_id, hds_id, dossier)
    session.flush()
    session.refresh(row)
    act = Act("dossier.replaced", subject(dossier_id), before=before, after=summary(dossier))
    record(session, hds_id, user_id, act)
    return row


def remove(session: Session, user_id: int, hds_id: str, dossier_id: int, if_match: str | None) -> None:
    """Take a dossier out; raises Problem (`wrong_state`) when a run or version was made of it."""
    row = _locked(session, hds_id, dossier_id, if_match)
    if repository.is_in_use(session, dossier_id):
        raise Problem("wrong_state", text("dossiers.in_use"))
    before = summary(read_dossier(session, row))
    repository.remove(session, row)
    record(session, hds_id, user_id, Act("dossier.removed", subject(dossier_id), before=before))


def found(session: Session, hds_id: str, dossier_id: int) -> t.Dossier:
    """The dossier of the HDS; raises Problem (`not_found`)."""
    row = repository.one(session, hds_id, dossier_id)
    if row is None:
        raise Problem("not_found")
    return row


def _locked(session: Session, hds_id: str, dossier_id: int, if_match: str | None) -> t.Dossier:
    """The dossier, with all other writers of it waiting until the commit."""
    row = repository.one(session, hds_id, dossier_id, lock=True)
    if row is None:
        raise Problem("not_found")
    require_match(if_match, row.revision, repository.username(session, row.changed_by), row.changed_at)
    return row


def subject(dossier_id: int) -> str:
    """How the audit trail names a dossier."""
    return f"dossier/{dossier_id}"


def summary(dossier: Dossier) -> Mapping[str, Any]:
    """What the audit trail keeps of a whole dossier: no personal data, but enough to tell it from any other."""
    counts: dict[str, int] = {}
    digest = hashlib.sha256(settings_text(dossier).encode())
    for spec in TABLES:
        rows = list(rows_of(dossier, spec))
        counts[spec.sheet] = len(rows)
        digest.update(repr(rows).encode())
    return {
        "hds_name": dossier.hds_name,
        "period": [dossier.period.start.isoformat(), dossier.period.end.isoformat()],
        "rows": counts,
        "sha256": digest.hexdigest(),
    }
