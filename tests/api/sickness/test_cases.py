"""What is left of a shift, and how long somebody has to answer."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from api.db.tables.sickness import SicknessCall, SicknessCase
from api.sickness.cases import gaps
from api.sickness.choices import Rung, SicknessChoices
from tests.api.sickness.ward import at

START, END = at("2027-01-06T17:00"), at("2027-01-06T23:00")
MINUTES = 360
spans = st.tuples(st.integers(-60, MINUTES + 60), st.integers(1, MINUTES)).map(lambda one: (one[0], one[0] + one[1]))


def _case(since: int = 0) -> SicknessCase:
    return SicknessCase(id=1, starts_at=START, ends_at=END, since=START + timedelta(minutes=since))


def _call(first: int, last: int, *, ended: bool = False) -> SicknessCall:
    return SicknessCall(
        case_id=1, starts_at=START + timedelta(minutes=first), ends_at=START + timedelta(minutes=last),
        ended_at=START if ended else None,
    )  # fmt: skip


@given(since=st.integers(0, MINUTES - 1), called=st.lists(spans, max_size=4), undone=st.lists(spans, max_size=2))
def test_each_minute_is_called_for_or_open(
    since: int, called: list[tuple[int, int]], undone: list[tuple[int, int]]
) -> None:
    """Minute by minute, whatever standbys are called in; calls that were undone do not count."""
    calls = [*(_call(*one) for one in called), *(_call(*one, ended=True) for one in undone)]
    found = gaps(_case(since), calls)
    for minute in range(since, MINUTES):
        moment = START + timedelta(minutes=minute)
        covered = any(first <= minute < last for first, last in called)
        assert covered != any(start <= moment < end for start, end in found)
    assert all(start < end <= END for start, end in found)
    assert all(end < start for (_, end), (start, _) in pairwise(found))


@given(
    ladder=st.lists(st.builds(Rung, within_hours=st.integers(1, 200), answer_minutes=st.integers(1, 2000)), max_size=4),
    ahead=st.integers(1, 20_000),
)
def test_who_is_asked_has_time_until_the_shift_at_most(ladder: list[Rung], ahead: int) -> None:
    """The minutes of the nearest rung that the time left fits in, never beyond the moment somebody is needed."""
    choices = SicknessChoices(ladder=ladder, answer_minutes=3000)
    moment = START - timedelta(minutes=ahead)
    fits = [rung for rung in ladder if ahead <= rung.within_hours * 60]
    nearest = min((rung.within_hours for rung in fits), default=None)
    allowed = {rung.answer_minutes for rung in fits if rung.within_hours == nearest} or {3000}
    assert choices.answer_by(START, END, moment) in {min(moment + timedelta(minutes=one), START) for one in allowed}


def test_who_is_asked_while_the_shift_runs_has_time_until_its_end_at_most() -> None:
    """Somebody is needed at once, and gets the shortest time."""
    choices = SicknessChoices()
    assert choices.answer_by(START, END, at("2027-01-06T18:00")) == at("2027-01-06T18:05")
    assert choices.answer_by(START, END, at("2027-01-06T22:58")) == END


def test_there_is_too_little_time_from_the_last_minutes_on() -> None:
    """At that moment, not a second before."""
    choices = SicknessChoices(last_minutes=30)
    assert choices.is_short(START, at("2027-01-06T16:30"))
    assert not choices.is_short(START, at("2027-01-06T16:30") - timedelta(seconds=1))
