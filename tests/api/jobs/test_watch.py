"""Who is dead is told by a stopwatch of one's own, whatever any clock of day says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from api.jobs.watch import Watch

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


class Seen:
    """A watch of ten seconds with a stopwatch that the test moves."""

    def __init__(self) -> None:
        self.seconds = 100.0
        self.watch = Watch(10.0, lambda: self.seconds)

    def look(self, after: float, **beats: datetime) -> frozenset[str]:
        """Who is dead, `after` seconds later, of the executors `a` and `b` that both have work."""
        self.seconds += after
        return self.watch.dead(beats, ["a", "b"])


def test_who_beats_lives_and_who_stops_is_dead_in_time() -> None:
    """Exactly when the time is over, not before; the other lives on."""
    seen = Seen()
    for beat in range(4):
        assert seen.look(2.5, a=NOON, b=NOON + timedelta(seconds=beat)) == frozenset()
    assert seen.look(2.4, a=NOON, b=NOON + timedelta(seconds=5)) == frozenset()
    assert seen.look(0.1, a=NOON, b=NOON + timedelta(seconds=5)) == {"a"}


@pytest.mark.parametrize("step", [timedelta(days=-400), timedelta(microseconds=1), timedelta(days=400)])
def test_any_new_beat_is_a_sign_of_life_whatever_time_it_tells(step: timedelta) -> None:
    """A clock that is moved, back or forth, kills nobody."""
    seen = Seen()
    for beat in range(12):
        assert seen.look(2.5, a=NOON + beat * step, b=NOON + beat * step) == frozenset()


def test_who_has_no_heartbeat_is_dead_at_once() -> None:
    """It has signed off, or was buried."""
    assert Seen().look(0.0, b=NOON) == {"a"}


def test_time_in_which_nothing_could_be_seen_counts_for_nobody() -> None:
    """After a database that was away everybody gets the whole time again."""
    seen = Seen()
    seen.look(0.0, a=NOON, b=NOON)
    assert seen.look(60.0, a=NOON, b=NOON) == frozenset()
    for _ in range(3):
        assert seen.look(2.5, a=NOON, b=NOON) == frozenset()
    assert seen.look(2.5, a=NOON, b=NOON) == {"a", "b"}


def test_who_has_no_work_in_hand_is_of_no_interest() -> None:
    """Only work is taken over."""
    watch = Watch(10.0, lambda: 0.0)
    assert watch.dead({}, []) == frozenset()
