"""The judgement of a result for the output."""

from __future__ import annotations

import pytest

from scheduler.report import judge as room
from tests.report.results import two_posts


def test_reasons_are_found_for_every_open_shift() -> None:
    """In a roster of usual size each open shift has its reasons."""
    dossier, result = two_posts(filled=False)
    judgement = room.judge(dossier, result)
    assert len(judgement.unfilled) == len(result.roster.shifts)
    assert all(sum(reasons.values()) == len(dossier.gps) - 1 for _, reasons in judgement.unfilled)


def test_reasons_are_left_out_where_finding_them_would_take_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run stopped at once has open shifts past number: the first have reasons, all of them are listed."""
    dossier, result = two_posts(filled=False)
    monkeypatch.setattr(room, "MOST_ASKED", 12)
    judgement = room.judge(dossier, result)
    told = [bool(reasons) for _, reasons in judgement.unfilled]
    assert len(told) == len(result.roster.shifts)
    assert 2 <= sum(told) < 10
    assert told[0]
