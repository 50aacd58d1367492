"""How much work fits within the limits on time."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.capacity import Bools, binding_limits, most_duty_minutes, most_standby_minutes, times_of, weeks_of
from scheduler.demand import shifts_of
from scheduler.domain.roster import Roster
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY, Period
from scheduler.rules import four_weeks, week, weekends
from tests.builders import agreement, dossier, gp, shift_type

EIGHT_WEEKS = Period(start=date(2027, 1, 4), end=date(2027, 2, 28))
SHIFT = 6 * 60


def every_evening(period: Period, rules: RuleParameters) -> tuple[int, list[str]]:
    """The most minutes of one GP who may do the evening of each day of the period, and the limits that bind."""
    shifts = shifts_of(dossier([gp("A")], [agreement("A")], [shift_type("e")], period=period))
    times, _ = times_of(shifts, period)
    open_at: Bools = np.ones((1, len(times.day)), dtype=np.bool_)
    return int(most_duty_minutes(open_at, times, rules)[0]), binding_limits(open_at[0], times, rules)


@pytest.mark.parametrize(
    ("rules", "shifts", "limits"),
    [
        ({"max_shifts_per_week": 1, "max_hours_per_4_weeks": 168}, 8, ["week"]),
        ({"max_shifts_per_week": 7, "max_hours_per_4_weeks": 18}, 6, ["four_weeks"]),
        ({"max_shifts_per_week": 7, "max_hours_per_4_weeks": 168, "max_weekends_in_5": 5}, 56, []),
        ({"max_shifts_per_week": 7, "max_hours_per_4_weeks": 168, "max_weekends_in_5": 0}, 40, ["weekends"]),
        ({"max_shifts_per_week": 2, "max_hours_per_4_weeks": 30}, 10, ["four_weeks"]),
        ({"max_shifts_per_week": 2, "max_hours_per_4_weeks": 48}, 16, ["week", "four_weeks"]),
    ],
)
def test_each_limit_leaves_so_many_evenings_of_eight_weeks(
    rules: dict[str, int], shifts: int, limits: list[str]
) -> None:
    """And only the limits without which more would fit are named."""
    assert every_evening(EIGHT_WEEKS, RuleParameters(**rules)) == (shifts * SHIFT, limits)


def test_four_weeks_in_a_row_are_cut_where_that_leaves_least() -> None:
    """Open in the fourth to the seventh week only: one stretch of four weeks, wherever the period starts."""
    period = Period(start=date(2027, 1, 4), end=date(2027, 3, 28))
    shifts = shifts_of(dossier([gp("A")], [agreement("A")], [shift_type("e")], period=period))
    times, _ = times_of(shifts, period)
    open_at = ((times.day >= 21) & (times.day < 49))[None, :]
    rules = RuleParameters(max_shifts_per_week=7, max_hours_per_4_weeks=18, max_weekends_in_5=5)
    assert most_duty_minutes(open_at, times, rules).tolist() == [3 * SHIFT]


def test_standby_is_no_more_than_a_day_and_a_half_a_day() -> None:
    """Two standby shifts of nine hours on each of two days fit, and no limit on duties counts."""
    types = [shift_type("a", "08:00", "17:00"), shift_type("b", "23:00", "08:00")]
    period = Period(start=date(2027, 1, 4), end=date(2027, 1, 5))
    times, _ = times_of(shifts_of(dossier([gp("A")], [agreement("A")], types, period=period)), period)
    assert most_standby_minutes(np.ones((1, 4), dtype=np.bool_), times).tolist() == [36 * 60]


def test_weeks_begin_on_monday_and_weekends_are_counted() -> None:
    """From a Sunday: a weekend of one day, a week, and the weekend after it."""
    found = weeks_of([date(2027, 1, 3) + DAY * number for number in range(8)])
    assert found.week.tolist() == [0, 1, 1, 1, 1, 1, 1, 1]
    assert found.weekend.tolist() == [0, -1, -1, -1, -1, -1, 1, 1]
    assert found.count == 2


def _keeps_limits(shifts: tuple[Shift, ...], rules: RuleParameters) -> bool:
    plain = dossier([gp("A")], [agreement("A")], [shift_type("e")], rules=rules)
    roster = Roster(shifts=shifts, gp_of={shift.id: "A" for shift in shifts})
    return not any(list(room.check(plain, roster)) for room in (week, four_weeks, weekends))


@settings(max_examples=25, deadline=None)
@given(
    st.integers(1, 3), st.sampled_from((6.0, 12.0, 17.5, 30.0)), st.integers(0, 2),
    st.sets(st.integers(0, 41), min_size=1, max_size=8),
)  # fmt: skip
def test_no_set_of_shifts_that_keeps_the_limits_is_larger(
    weekly: int, hours: float, weekend: int, days: set[int]
) -> None:
    """Against every choice among up to eight evenings in six weeks."""
    period = Period(start=date(2027, 5, 29), end=date(2027, 7, 9))
    rules = RuleParameters(max_shifts_per_week=weekly, max_hours_per_4_weeks=hours, max_weekends_in_5=weekend)
    every = shifts_of(dossier([gp("A")], [agreement("A")], [shift_type("e")], period=period))
    open_to = [shift for number, shift in enumerate(every) if number in days]
    times, _ = times_of(open_to, period)
    most = most_duty_minutes(np.ones((1, len(open_to)), dtype=np.bool_), times, rules)[0]
    best = max(
        (count for count in range(len(open_to) + 1) for some in combinations(open_to, count)
         if _keeps_limits(some, rules)),
        default=0,
    )  # fmt: skip
    assert best * SHIFT <= most
