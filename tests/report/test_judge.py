"""The judgement of a result for the output."""

from __future__ import annotations

import pytest

from scheduler.domain.shift import Burden
from scheduler.report import judge as room
from tests.report.results import one_away, two_posts


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


def test_the_largest_deviation_is_told_with_and_without_who_could_not_be_there() -> None:
    """A is away and lacks five thirds of a shift; B, of three shifts against five thirds, is the largest beside."""
    judgement = room.judge(*one_away())
    assert judgement.out_of_reach == {"A"}
    assert judgement.largest_deviation == pytest.approx(5 / 3)
    assert judgement.fairness_is_proven
    assert judgement.has_others_within_reach
    assert judgement.largest_deviation_within_reach == pytest.approx(4 / 3)
    assert judgement.deviation_bound_within_reach == pytest.approx(4 / 3)
    assert judgement.fairness_within_reach_is_proven
    assert judgement.burden_is_optimal(Burden.EVENING)


def test_what_is_proven_of_all_is_not_proven_of_the_others() -> None:
    """The bound on those who could be there is lower than what they have."""
    judgement = room.judge(*one_away(deviation_bound_within_reach={Burden.EVENING: 1.0}))
    assert judgement.fairness_is_proven
    assert not judgement.fairness_within_reach_is_proven
    assert not judgement.burden_is_optimal(Burden.EVENING)


def test_without_shortfalls_both_are_the_same() -> None:
    """The bound of all holds where nobody is left aside."""
    dossier, result = one_away()
    present = dossier.replace(absences=())
    judgement = room.judge(present, result)
    assert (judgement.shortfalls, judgement.has_others_within_reach) == ({}, False)
    assert judgement.largest_deviation_within_reach == judgement.largest_deviation
    assert judgement.deviation_bound_within_reach == judgement.deviation_bound
