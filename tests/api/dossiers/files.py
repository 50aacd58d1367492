"""Dossiers as people send them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from scheduler.domain.dossier import Dossier
from scheduler.dossier.writing import write_dossier

DEMO = Path(__file__).resolve().parents[3] / "data" / "demo"
DEMO_HDS = "fictief-350-3-7"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def zip_of(files: Mapping[str, bytes], folder: str = "") -> bytes:
    """A zip of these files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, each in files.items():
            archive.writestr(f"{folder}{name}", each)
    return content.getvalue()


def files_in(folder: Path) -> dict[str, bytes]:
    """The files of a folder."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


def files_of(dossier: Dossier, room: Path) -> dict[str, bytes]:
    """The files of a dossier."""
    write_dossier(dossier, room / "written")
    return files_in(room / "written")


def send(
    client: TestClient, content: bytes, *, hds_id: str = "test", name: str = "dossier.zip", **more: Any
) -> httpx2.Response:
    """POST a file as a new dossier."""
    found: httpx2.Response = client.post(f"/api/v1/hds/{hds_id}/dossiers", files={"file": (name, content)}, **more)
    return found
