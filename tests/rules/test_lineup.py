"""Shifts in columns."""

from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.rules.lineup import Lineup
from tests.duty_builders import a_shift
from tests.strategies import dossiers, rosters


def test_an_empty_lineup_touches_nothing() -> None:
    """No shifts, no places."""
    moment = datetime(2027, 2, 1, tzinfo=UTC)
    assert list(Lineup.of([]).touching(moment, moment + timedelta(days=1))) == []


def test_places_are_of_the_order_given() -> None:
    """A line-up need not be in order of start."""
    later, earlier = a_shift("2027-02-02"), a_shift("2027-02-01")
    lineup = Lineup.of([later, earlier])
    assert lineup.on == {later.day: (0,), earlier.day: (1,)}
    assert list(lineup.touching(earlier.starts_at, earlier.ends_at)) == [1]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_touching_finds_the_shifts_that_overlap(data: st.DataObject) -> None:
    """The quick search finds what asking every shift finds, whatever the order."""
    shifts = data.draw(st.permutations(data.draw(rosters(data.draw(dossiers()))).shifts[:25]))
    start = data.draw(st.sampled_from([s.starts_at for s in shifts] + [s.ends_at for s in shifts])) if shifts else None
    if start is not None:
        end = start + timedelta(hours=data.draw(st.sampled_from((1, 6, 9, 30))))
        found = set(Lineup.of(shifts).touching(start, end))
        assert found == {place for place, shift in enumerate(shifts) if shift.touches(start, end)}
