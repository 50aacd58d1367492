"""Shifts that were fixed beforehand."""

import pytest

from scheduler.domain.dossier import Lock
from scheduler.rules import coverage, locks
from scheduler.rules.lineup import Lineup
from tests.duty_builders import a_dossier, a_gp, a_roster, a_shift

SHIFT, OTHER = a_shift("2027-02-01"), a_shift("2027-02-02")
DOSSIER = a_dossier(a_gp("G1"), a_gp("G2"), locks=(Lock(shift_id=SHIFT.id, gp_id="G1"),))


def test_a_kept_lock_is_no_breach() -> None:
    """The shift is where it was put."""
    assert not list(locks.check(DOSSIER, a_roster({"G1": [SHIFT], "G2": [OTHER]})))


def test_another_gp_breaks_a_lock() -> None:
    """The sentence names both GPs."""
    (found,) = locks.check(DOSSIER, a_roster({"G2": [SHIFT]}))
    assert found.text == f"Dienst {SHIFT.id} is vastgezet op G1 en staat op G2."


def test_an_open_shift_breaks_a_lock() -> None:
    """A locked shift may not stay open."""
    (found,) = locks.check(DOSSIER, a_roster({}, unfilled=[SHIFT]))
    assert found.detail["reason"] == "open"


@pytest.mark.parametrize("gp_id", ["G1", "G2"])
def test_the_duties_of_one_gp_are_judged_alone(gp_id: str) -> None:
    """A roster that leaves the locked shift out says nothing about it."""
    roster = a_roster({"G1": [SHIFT], "G2": [OTHER]})
    assert not list(locks.check(DOSSIER, roster.of(gp_id)))


def test_coverage_names_each_open_shift() -> None:
    """A shift without GP is a breach of coverage, and only that one."""
    (found,) = coverage.check(DOSSIER, a_roster({"G1": [SHIFT]}, unfilled=[OTHER]))
    assert found.shift_ids == (OTHER.id,)
    assert found.text == f"Dienst {OTHER.id} heeft geen huisarts."


def test_the_quick_reading_keeps_a_locked_shift_for_its_gp() -> None:
    """The mask rules it out for everybody else."""
    lineup = Lineup.of([SHIFT, OTHER])
    assert locks.mask(DOSSIER, "G1", lineup) == [True, True]
    assert locks.mask(DOSSIER, "G2", lineup) == [False, True]
