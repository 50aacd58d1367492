"""What can be done with a whole dossier: take it in, replace it, tell of it, take it out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.db.tables import dossier as t
from api.dossiers import repository
from api.dossiers.mapping import settings_values, write_parts
from api.dossiers.storable import note_what_does_not_fit
from scheduler.domain.dossier import Dossier
from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import DossierReading, Source, folder_source
from scheduler.dossier.schema import TABLES
from scheduler.dossier.workbook_in import as_sheets, workbook_source
from scheduler.dossier.writing import rows_of, settings_text
from scheduler.errors import DossierError
from scheduler.intake import judged


def read_source(source: Path, hds_id: str) -> DossierReading:
    """The dossier in a folder or workbook, which must be one of this HDS; raises DossierError with every mistake."""
    findings = Findings()
    if source.is_dir():
        return _judged(folder_source(source, findings), hds_id, findings)
    try:
        return _judged(workbook_source(source, findings), hds_id, findings)
    except DossierError as error:
        raise DossierError(as_sheets(error.mistakes, source)) from None


def _judged(source: Source, hds_id: str, findings: Findings) -> DossierReading:
    note_what_does_not_fit(source, hds_id, findings)
    return judged(source, findings)


def import_dossier(session: Session, user_id: int | None, hds_id: str, source: Path) -> t.Dossier:
    """Take in the dossier in a folder or workbook as a new one of the HDS; raises DossierError with every mistake."""
    return keep(session, user_id, hds_id, read_source(source, hds_id).dossier)


def keep(session: Session, user_id: int | None, hds_id: str, dossier: Dossier) -> t.Dossier:
    """Store a judged dossier as a new one of the HDS."""
    row = repository.add(session, user_id, hds_id, settings_values(dossier))
    write_parts(session, row.id, hds_id, dossier)
    record(session, hds_id, user_id, Act("dossier.imported", subject(row.id), after=summary(dossier)))
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
