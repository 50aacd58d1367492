"""Nights in a row."""

from scheduler.domain.people import Role
from scheduler.domain.shift import Shift
from scheduler.rules import night_series
from tests.duty_builders import a_dossier, a_roster, a_shift


def nights(*days: int) -> list[Shift]:
    """Nights on these days of February."""
    return [a_shift(f"2027-02-{day:02}", "night") for day in days]


def test_three_nights_in_a_row_are_allowed() -> None:
    """The default allows three."""
    assert not list(night_series.check(a_dossier(), a_roster({"G1": nights(1, 2, 3)})))


def test_a_fourth_night_is_too_many() -> None:
    """The whole series is told once, however long it is."""
    series = nights(1, 2, 3, 4, 5)
    (found,) = night_series.check(a_dossier(), a_roster({"G1": series}))
    assert found.detail == {"nights": 5, "most": 3}
    assert found.shift_ids == tuple(shift.id for shift in series)


def test_a_day_between_begins_a_new_series() -> None:
    """Two times two nights are no series of four."""
    assert not list(night_series.check(a_dossier(), a_roster({"G1": nights(1, 2, 4, 5)})))


def test_standby_does_not_count() -> None:
    """A night on standby neither adds to a series nor joins two."""
    standby = a_shift("2027-02-03", "night", role=Role.STANDBY)
    roster = a_roster({"G1": [*nights(1, 2, 4, 5), standby]})
    assert not list(night_series.check(a_dossier(), roster))
