"""A right dossier for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dossier.folders import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small right dossier on disk."""
    return Folder(tmp_path / "dossier")
