"""A dossier as the files that it could have come from."""

from __future__ import annotations

import io
import tempfile
import zipfile
from enum import StrEnum
from pathlib import Path

from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.dossier import DossierReading, write_dossier


class Format(StrEnum):
    """The shapes in which a dossier goes out."""

    ZIP = "zip"
    XLSX = "xlsx"


MEDIA_TYPE = {
    Format.ZIP: "application/zip",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The first moment that a zip knows: the same dossier gives the same bytes."""


def exported(dossier: Dossier, as_format: Format) -> bytes:
    """The zip of the folder, or the workbook."""
    return zipped(dossier) if as_format is Format.ZIP else _workbook(dossier)


def zipped(dossier: Dossier) -> bytes:
    """The files of the dossier at the root of a zip."""
    content = io.BytesIO()
    with tempfile.TemporaryDirectory() as room, zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        folder = Path(room) / "dossier"
        write_dossier(dossier, folder)
        for file in sorted(folder.iterdir()):
            archive.writestr(zipfile.ZipInfo(file.name, _FIXED_TIME), file.read_bytes(), zipfile.ZIP_DEFLATED)
    return content.getvalue()


def _workbook(dossier: Dossier) -> bytes:
    # only who exports a workbook pays for the library that writes one
    from scheduler.dossier.workbook_out import workbook_bytes

    return workbook_bytes(DossierReading(dossier, shifts_of(dossier)))
