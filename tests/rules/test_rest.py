"""Rest between two shifts."""

from datetime import time

import pytest

from scheduler.domain.people import Role
from scheduler.rules import rest
from tests.duty_builders import a_dossier, a_roster, a_shift

EVENING = a_shift("2027-02-01", "evening")


@pytest.mark.parametrize(("start", "breaks"), [(time(9, 45), True), (time(10), False), (time(10, 15), False)])
def test_the_needed_hours_are_enough_and_less_is_not(start: time, breaks: bool) -> None:
    """After an evening until 23:00, eleven hours are over at 10:00 exactly."""
    later = a_shift("2027-02-02", "day", start=start)
    found = list(rest.check(a_dossier(), a_roster({"G1": [EVENING, later]})))
    assert bool(found) == breaks


def test_a_breach_names_both_shifts_and_the_hours() -> None:
    """Who reads of a breach sees which shifts and how far off they are."""
    later = a_shift("2027-02-02", "day")
    (found,) = rest.check(a_dossier(), a_roster({"G1": [EVENING, later]}))
    assert found.shift_ids == (EVENING.id, later.id)
    assert found.detail == {"hours": 9.0, "needed": 11.0}
    assert str(found) == f"G1 heeft 9 uur rust tussen {EVENING.id}, {later.id}, waar 11 uur nodig is."


def test_hours_are_elapsed_when_the_clock_goes_forward() -> None:
    """In the night of 28 March 2027 the eleven hours of the clock from 23:00 to 10:00 are ten."""
    later = a_shift("2027-03-28", "day", start=time(10))
    (found,) = rest.check(a_dossier(), a_roster({"G1": [a_shift("2027-03-27"), later]}))
    assert found.detail["hours"] == 10.0


@pytest.mark.parametrize("standby", [0, 1])
def test_standby_needs_no_rest(standby: int) -> None:
    """A standby shift before or after another is no breach, for it may well be free."""
    roles = [Role.CONSULT, Role.CONSULT]
    roles[standby] = Role.STANDBY
    pair = [a_shift("2027-02-01", "evening", role=roles[0]), a_shift("2027-02-02", "day", role=roles[1])]
    assert not list(rest.check(a_dossier(), a_roster({"G1": pair})))


def test_two_gps_do_not_share_a_rest() -> None:
    """The same two shifts with two GPs are no breach."""
    later = a_shift("2027-02-02", "day")
    assert not list(rest.check(a_dossier(), a_roster({"G1": [EVENING], "G2": [later]})))


def test_a_trainee_rests_too() -> None:
    """Beside two trainers with a shift each, the trainee is the one without rest."""
    later = a_shift("2027-02-02", "day")
    roster = a_roster({"G1": [EVENING], "G2": [later]}, trainees={EVENING.id: "T1", later.id: "T1"})
    (found,) = rest.check(a_dossier(), roster)
    assert found.gp_id == "T1"
