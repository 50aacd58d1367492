"""From the files of a dossier to the dossier, judged by the one door and by what the store asks beside it."""

from __future__ import annotations

from pathlib import Path

from api.dossiers.storable import note_what_does_not_fit
from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import DossierReading, Source, folder_source
from scheduler.dossier.workbook_in import as_sheets, workbook_source
from scheduler.errors import DossierError
from scheduler.intake import judged


def read_source(source: Path, hds_id: str) -> DossierReading:
    """The dossier in a folder or workbook, which must be one of this HDS; raises DossierError with every mistake."""
    findings = Findings()
    if source.is_dir():
        return judged_for(hds_id, folder_source(source, findings), findings)
    try:
        return judged_for(hds_id, workbook_source(source, findings), findings)
    except DossierError as error:
        raise DossierError(as_sheets(error.mistakes, source)) from None


def judged_for(hds_id: str, source: Source, findings: Findings) -> DossierReading:
    """The reading of a source that belongs to this HDS; raises DossierError with every mistake."""
    note_what_does_not_fit(source, hds_id, findings)
    return judged(source, findings)
