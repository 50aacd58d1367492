"""What is written reads back as the same dossier, and is never half-written."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings

from scheduler.domain.dossier import Dossier
from scheduler.dossier import read_dossier, write_dossier
from scheduler.errors import OutputError
from tests.dossier.folders import Folder
from tests.dossier.strategies import dossiers
from tests.shared_cases import shared_case, shared_case_names


@given(dossiers())
@settings(max_examples=30, deadline=None)
def test_a_written_dossier_reads_back_as_it_was(dossier: Dossier) -> None:
    """Every field of every file survives, whatever letters and figures it holds."""
    with tempfile.TemporaryDirectory() as place:
        write_dossier(dossier, Path(place) / "dossier")
        assert read_dossier(Path(place) / "dossier").dossier == dossier


@pytest.mark.parametrize("name", shared_case_names())
def test_a_shared_case_survives_a_round_trip(name: str, tmp_path: Path) -> None:
    """Dossiers from elsewhere come back the same, and what we wrote needs no notice."""
    dossier = read_dossier(shared_case(name)).dossier
    write_dossier(dossier, tmp_path / "copy")
    copy = read_dossier(tmp_path / "copy")
    assert copy.dossier == dossier
    assert {notice.code for notice in copy.notices} <= {
        "agreed_hours",
        "least_hours",
        "past_holiday_idle",
        "hours_of_owner",
    }


def test_writing_over_a_dossier_replaces_its_files_and_keeps_others(folder: Folder) -> None:
    """A planner's own notes in the folder stay; an optional file that is empty now is emptied."""
    folder.write("notities.txt", "van mij")
    dossier = folder.read().dossier.replace(wishes=(), hds_name="Nieuw")
    write_dossier(dossier, folder.path)
    assert folder.read().dossier == dossier
    assert (folder.path / "notities.txt").read_text() == "van mij"
    assert sorted(entry.name for entry in folder.path.parent.iterdir()) == ["dossier"]


def test_a_place_that_takes_no_folder_is_refused_and_left_alone(folder: Folder, tmp_path: Path) -> None:
    """A file in the place of the folder is not overwritten."""
    (tmp_path / "file").write_text("van mij")
    with pytest.raises(OutputError):
        write_dossier(folder.read().dossier, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "van mij"
