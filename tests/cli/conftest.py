"""A tiny dossier of two days with a roster that is complete and legal."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.dossier.folders import Folder

COMPLETE = "shift_id,gp_id\nE/2027-01-07/1,G1\nN/2027-01-07/1,G2\nE/2027-01-08/1,G5\nN/2027-01-08/1,G1\n"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """Thursday and Friday, an evening and a night each."""
    small = Folder(tmp_path / "dossier")
    small.change("hds.toml", "start = 2027-01-04", "start = 2027-01-07")
    small.change("hds.toml", "end = 2027-01-17", "end = 2027-01-08")
    small.change("past_holidays.csv", "G1,", "G2,")
    return small


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    """A folder with the complete roster, as made by hand."""
    place = tmp_path / "roster"
    place.mkdir()
    (place / "roster.csv").write_text(COMPLETE)
    return place
