"""Rest after a night."""

from datetime import time

import pytest

from scheduler.domain.people import Role
from scheduler.rules import rest_after_night
from tests.duty_builders import a_dossier, a_roster, a_shift

NIGHT = a_shift("2027-02-01", "night")


@pytest.mark.parametrize(("start", "breaks"), [(time(21, 45), True), (time(22), False), (time(22, 15), False)])
def test_fourteen_hours_after_a_night_are_enough(start: time, breaks: bool) -> None:
    """A night ends at 08:00, so another shift may start at 22:00."""
    later = a_shift("2027-02-02", "evening", start=start)
    assert bool(list(rest_after_night.check(a_dossier(), a_roster({"G1": [NIGHT, later]})))) == breaks


def test_only_a_night_asks_for_it() -> None:
    """After a day shift the common rest is enough."""
    pair = [a_shift("2027-02-01", "late"), a_shift("2027-02-02", "day", start=time(10))]
    assert not list(rest_after_night.check(a_dossier(), a_roster({"G1": pair})))


def test_a_standby_night_asks_for_nothing() -> None:
    """A night on standby is no worked night."""
    pair = [a_shift("2027-02-01", "night", role=Role.STANDBY), a_shift("2027-02-02", "evening")]
    assert not list(rest_after_night.check(a_dossier(), a_roster({"G1": pair})))


def test_the_next_night_comes_after_fifteen_hours() -> None:
    """Nights of 23:00 to 08:00 may follow each other under fourteen hours and not under fifteen and a quarter."""
    pair = [NIGHT, a_shift("2027-02-02", "night")]
    strict = a_dossier(rules={"rest_after_night_hours": 15.25})
    assert not list(rest_after_night.check(a_dossier(), a_roster({"G1": pair})))
    (found,) = rest_after_night.check(strict, a_roster({"G1": pair}))
    assert found.detail == {"hours": 15.0, "needed": 15.25}
