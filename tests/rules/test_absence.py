"""Absences."""

from datetime import date, datetime, time

import pytest

from scheduler.domain.availability import Absence
from scheduler.domain.time import local
from scheduler.rules import absence
from scheduler.rules.lineup import Lineup
from tests.duty_builders import a_dossier, a_roster, a_shift

EVENING = a_shift("2027-02-01")


def at(hour: int, minute: int = 0) -> datetime:
    """A moment on 1 February."""
    return local(date(2027, 2, 1), time(hour, minute))


@pytest.mark.parametrize(
    ("start", "end", "breaks"),
    [
        (at(8), at(17), False),
        (at(8), at(17, 15), True),
        (at(22, 45), at(23, 30), True),
        (at(23), at(23, 30), False),
        (at(18), at(19), True),
    ],
)
def test_an_absence_and_a_shift_may_meet_and_not_touch(start: datetime, end: datetime, breaks: bool) -> None:
    """Both are half open: one may start at the moment at which the other ends."""
    dossier = a_dossier(absences=(Absence(gp_id="G1", start=start, end=end),))
    assert bool(list(absence.check(dossier, a_roster({"G1": [EVENING]})))) == breaks


def test_an_absence_is_of_one_gp() -> None:
    """Somebody else may have the shift."""
    dossier = a_dossier(absences=(Absence(gp_id="G2", start=at(8), end=at(20)),))
    assert not list(absence.check(dossier, a_roster({"G1": [EVENING]})))


def test_a_trainee_is_absent_too() -> None:
    """The trainer is there, the trainee is not."""
    dossier = a_dossier(absences=(Absence(gp_id="T1", start=at(8), end=at(20)),))
    (found,) = absence.check(dossier, a_roster({"G1": [EVENING]}, trainees={EVENING.id: "T1"}))
    assert found.gp_id == "T1"
    assert "van 1 februari 2027 08:00 tot 1 februari 2027 20:00" in found.text


def test_the_quick_reading_lets_an_absence_and_a_shift_meet() -> None:
    """At the very edge the mask says what the check says."""
    away = (Absence(gp_id="G1", start=at(8), end=at(17)), Absence(gp_id="G1", start=at(23), end=at(23, 30)))
    lineup = Lineup.of([EVENING, a_shift("2027-02-01", "late"), a_shift("2027-02-01", "night")])
    assert absence.mask(a_dossier(absences=away), "G1", lineup) == [True, False, False]
