"""Overlapping shifts."""

from datetime import time

import pytest

from scheduler.domain.people import Role
from scheduler.rules import no_overlap
from tests.duty_builders import a_dossier, a_roster, a_shift


@pytest.mark.parametrize(("start", "breaks"), [(time(22, 45), True), (time(23), False), (time(23, 15), False)])
def test_one_shift_may_begin_when_the_other_ends(start: time, breaks: bool) -> None:
    """An evening ends at 23:00, and standby may start then."""
    standby = a_shift("2027-02-01", "night", role=Role.STANDBY, start=start)
    roster = a_roster({"G1": [a_shift("2027-02-01"), standby]})
    assert bool(list(no_overlap.check(a_dossier(), roster))) == breaks


def test_a_short_shift_in_between_does_not_hide_a_long_one() -> None:
    """Each shift that starts within the long one is told, also after a short one has ended."""
    long = a_shift("2027-02-01", "day", end=time(23))
    short, late = a_shift("2027-02-01", "day", number=2, start=time(9), end=time(10)), a_shift("2027-02-01", "late")
    found = list(no_overlap.check(a_dossier(), a_roster({"G1": [long, short, late]})))
    assert [violation.shift_ids for violation in found] == [(long.id, short.id), (long.id, late.id)]


def test_two_gps_may_work_together() -> None:
    """The same times with two GPs do not overlap."""
    roster = a_roster({"G1": [a_shift("2027-02-01")], "G2": [a_shift("2027-02-01", number=2)]})
    assert not list(no_overlap.check(a_dossier(), roster))
