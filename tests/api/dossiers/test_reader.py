"""Dossiers that somebody sent are read apart, a few at a time."""

from __future__ import annotations

from pathlib import Path

import pytest

from api import apart
from api.dossiers import reader
from api.dossiers.reader import read_apart
from api.errors import Problem
from scheduler.dossier import write_dossier
from tests.duty_builders import a_dossier


def test_a_dossier_is_read_apart_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The dossier comes back whole, and the process that reads it is told no secret of the service."""
    monkeypatch.setenv("ANW_SECRET", "geheim")
    write_dossier(a_dossier(), tmp_path / "d")
    assert read_apart(tmp_path / "d", "test").dossier == a_dossier()
    assert "ANW_SECRET" not in apart.environment()


def test_a_wrong_one_gives_its_mistakes(tmp_path: Path) -> None:
    """Mistakes come back with their number."""
    write_dossier(a_dossier(hds_name=" "), tmp_path / "d")
    outcome = read_apart(tmp_path / "d", "elders")
    assert outcome.dossier is None
    assert {mistake.column for mistake in outcome.mistakes} == {"hds.id", "hds.name"}
    assert outcome.count == 2


def test_who_waits_too_long_for_a_turn_is_sent_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While as many are reading as may, another is told to come back, and a place that is free again is taken."""
    monkeypatch.setattr(reader, "LONGEST_WAIT", 0.05)
    write_dossier(a_dossier(), tmp_path / "d")
    with reader._turn(), reader._turn(), pytest.raises(Problem) as refused:
        read_apart(tmp_path / "d", "test")
    assert refused.value.code == "too_many_attempts"
    assert read_apart(tmp_path / "d", "test").dossier is not None
