"""Hours without anybody, by the clock, for each post and for all together; and in words."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from scheduler.anw_hours import Gap, describe_gaps, find_gaps
from scheduler.demand import shifts_of
from scheduler.domain.calendar import Calendar
from scheduler.domain.people import Post, Role
from scheduler.domain.shift import ShiftType
from scheduler.domain.time import Period
from tests.builders import dossier

WEEKS = Period(start=date(2027, 1, 4), end=date(2027, 1, 17))
ALL = frozenset({"weekday", "saturday", "sunday", "holiday"})


def _type(name: str, start: int, end: int, days: frozenset[str] = ALL, **more: Any) -> ShiftType:
    fields = {"post_id": "P", "role": Role.CONSULT, "headcount": 1} | more
    return ShiftType(id=name, days=days, start=time(start), end=time(end), **fields)


NIGHT, EVENING = _type("N", 23, 8), _type("E", 17, 23, frozenset({"weekday"}))
DAYTIME = _type("D", 8, 23, ALL - {"weekday"})


def _gaps(*types: ShiftType, period: Period = WEEKS, posts: tuple[str, ...] = ("P",)) -> tuple[Gap, ...]:
    asked = dossier((), (), types, period=period, posts=tuple(Post(id=one, name=one, patients=1) for one in posts))
    return find_gaps(posts, shifts_of(asked), period, asked.calendar)


def _words(*types: ShiftType, period: Period = WEEKS, post: str | None = "P", **more: Any) -> str:
    gaps = [gap for gap in _gaps(*types, period=period, **more) if gap.post_id == post]
    return describe_gaps(gaps, period, Calendar())


def test_a_week_around_the_clock_has_no_gaps() -> None:
    """Evenings, nights and days in the weekend leave nobody waiting, over a holiday and a clock change too."""
    assert _gaps(NIGHT, EVENING, DAYTIME) == ()
    assert _gaps(NIGHT, EVENING, DAYTIME, period=Period(start=date(2027, 3, 22), end=date(2027, 4, 5))) == ()


@pytest.mark.parametrize(
    ("types", "words"),
    [
        ((NIGHT, EVENING), "zaterdag t/m zondag 8–23"),
        ((NIGHT, DAYTIME), "maandag t/m vrijdag 18–23"),
        ((EVENING, DAYTIME), "alle dagen 23–8"),
        ((NIGHT.replace(days=ALL - {"saturday"}), EVENING, DAYTIME), "zaterdag 23–8"),
        ((NIGHT, EVENING.replace(days=frozenset({"mon", "tue", "wed", "fri"})), DAYTIME), "donderdag 17–23"),
        ((NIGHT, EVENING.replace(start=time(17, 30)), DAYTIME), "maandag t/m vrijdag 17–17:30"),
        ((NIGHT, EVENING.replace(start=time(18)), DAYTIME), ""),
        ((NIGHT, EVENING, DAYTIME.replace(valid_until=date(2027, 1, 15))), "za 16 jan, zo 17 jan 8–23"),
        ((), "zaterdag t/m zondag 8–8; maandag t/m vrijdag 18–8"),
    ],
)  # fmt: skip
def test_gaps_are_told_by_day_and_clock(types: tuple[ShiftType, ...], words: str) -> None:
    """What comes back on every day of a kind is told once; the evening begins at five where some shift does."""
    assert _words(*types) == words


def test_holidays_are_days_of_their_own() -> None:
    """A holiday has no evening shift of a working day: its gap is told under its own name."""
    period = Period(start=date(2027, 12, 20), end=date(2027, 12, 31))
    assert _words(NIGHT, EVENING, DAYTIME.replace(days=frozenset({"sunday"})), period=period) == "feestdagen 8–23"


def test_many_single_dates_are_counted() -> None:
    """Three are named."""
    types = NIGHT, EVENING.replace(valid_until=date(2027, 1, 8)), DAYTIME
    words = _words(*types)
    assert words == "ma 11 jan, di 12 jan, wo 13 jan en nog 2 dagen 17–23"


def test_hours_with_only_a_standby_are_gaps_of_their_own() -> None:
    """A standby is nobody on duty, and better than nobody at all."""
    standby = _type("S", 23, 3, role=Role.STANDBY)
    found = {(gap.start.hour, gap.end.hour, gap.has_standby) for gap in _gaps(EVENING, DAYTIME, standby)}
    assert found == {(23, 3, True), (3, 8, False)}


def test_posts_are_told_apart_from_all_together() -> None:
    """A post that closes at night has gaps there; the HDS has none while another post is open."""
    found = _gaps(NIGHT, EVENING, DAYTIME, EVENING.replace(id="Q", post_id="Q"), posts=("P", "Q"))
    assert {gap.post_id for gap in found} == {"Q"}


def test_a_gap_belongs_to_the_day_on_which_its_duties_begin() -> None:
    """Hours before eight in the morning are of the evening before."""
    [gap, *_] = [gap for gap in _gaps(EVENING, DAYTIME, _type("N", 23, 3)) if gap.post_id == "P"]
    assert (gap.day, gap.start.isoformat()) == (date(2027, 1, 4), "2027-01-05T03:00:00+01:00")
