"""How much work a GP can do at most within the limits on time: valid upper bounds that ignore everybody else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Shift
from scheduler.domain.time import Period, first_monday_of_week, hours_between, saturday_of_weekend

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MINUTES_AN_HOUR = 60
WEEKS_TOGETHER = 4
WEEKENDS_IN_A_ROW = 5


@dataclass(frozen=True)
class Weeks:
    """Days in a row by ISO week and weekend: `week[d]` counts from 0, `weekend[d]` too (-1: an ordinary day)."""

    week: Ints
    weekend: Ints

    @property
    def count(self) -> int:
        """Number of weeks that the days touch."""
        return int(self.week[-1]) + 1


@dataclass(frozen=True)
class Times:
    """The distinct times at which there are shifts: the day each starts on, counted from 0, and its elapsed minutes."""

    day: Ints
    minutes: Ints
    weeks: Weeks


def weeks_of(days: Sequence[date]) -> Weeks:
    """The weeks and weekends of consecutive days."""
    mondays = [first_monday_of_week(day) for day in days]
    saturdays = [saturday_of_weekend(day) for day in days]
    ordinal = {day: number for number, day in enumerate(sorted({day for day in saturdays if day is not None}))}
    return Weeks(
        np.array([(monday - mondays[0]).days // 7 for monday in mondays], dtype=np.int64),
        np.array([-1 if day is None else ordinal[day] for day in saturdays], dtype=np.int64),
    )


def times_of(shifts: Sequence[Shift], period: Period) -> tuple[Times, Ints]:
    """The distinct times of the shifts of a period, and for each shift which of them it has."""
    keys = [(shift.starts_at, shift.ends_at, shift.day) for shift in shifts]
    distinct = sorted(set(keys))
    place = {key: number for number, key in enumerate(distinct)}
    times = Times(
        np.array([(day - period.start).days for _, _, day in distinct], dtype=np.int64),
        np.array([round(MINUTES_AN_HOUR * hours_between(start, end)) for start, end, _ in distinct], dtype=np.int64),
        weeks_of(list(period.days())),
    )
    return times, np.array([place[key] for key in keys], dtype=np.int64)


def most_duty_minutes(open_at: Bools, times: Times, rules: RuleParameters) -> Ints:
    """Per GP (row) the most minutes of duty at the times open to the GP (`open_at[gp, time]`), within the limits.

    Held are the limits on shifts in a week, hours in four weeks and weekends in five; rest is left aside.
    """
    on_weekend = times.weeks.weekend[times.day] >= 0
    most = round(rules.max_hours_per_4_weeks * MINUTES_AN_HOUR)
    weekly = _by_week(open_at, times, rules.max_shifts_per_week)
    on_weekdays = _by_week(open_at & ~on_weekend, times, rules.max_shifts_per_week)
    weekends = _best_weekends(_by_week(open_at & on_weekend, times, rules.max_shifts_per_week), rules)
    result: Ints = np.minimum(_by_four_weeks(weekly, most), _by_four_weeks(on_weekdays, most) + weekends)
    return result


def most_standby_minutes(open_at: Bools, times: Times) -> Ints:
    """Per GP (row) the most minutes of standby: each day all times open to the GP, at most a day and a half."""
    per_day = np.zeros((len(open_at), len(times.weeks.week)), dtype=np.int64)
    for time in range(len(times.day)):
        per_day[:, times.day[time]] += open_at[:, time] * times.minutes[time]
    result: Ints = np.minimum(per_day, round(36 * MINUTES_AN_HOUR)).sum(axis=1)
    return result


def binding_limits(open_at: Bools, times: Times, rules: RuleParameters) -> list[str]:
    """The limits that keep one GP (`open_at[time]`) from doing more: without one of them there would be more room.

    Where only dropping more than one at a time makes room, the limits on hours and shifts together.
    """
    looser = {
        "week": rules.replace(max_shifts_per_week=7 * 24),
        "four_weeks": rules.replace(max_hours_per_4_weeks=WEEKS_TOGETHER * 7 * 24),
        "weekends": rules.replace(max_weekends_in_5=WEEKENDS_IN_A_ROW),
    }
    now = int(most_duty_minutes(open_at[None, :], times, rules)[0])
    alone = [name for name, without in looser.items() if most_duty_minutes(open_at[None, :], times, without)[0] > now]
    both = looser["week"].replace(max_hours_per_4_weeks=looser["four_weeks"].max_hours_per_4_weeks)
    if not alone and most_duty_minutes(open_at[None, :], times, both)[0] > now:
        return ["week", "four_weeks"]
    return alone


def _by_week(open_at: Bools, times: Times, most_shifts: int) -> Ints:
    week_of_time = times.weeks.week[times.day]
    weekly = np.zeros((len(open_at), times.weeks.count), dtype=np.int64)
    for week in range(times.weeks.count):
        inside = open_at[:, week_of_time == week]
        minutes = times.minutes[week_of_time == week]
        if inside.shape[1]:
            weekly[:, week] = np.minimum(inside.sum(axis=1), most_shifts) * (inside * minutes).max(axis=1)
    return weekly


def _best_weekends(weekly: Ints, rules: RuleParameters) -> Ints:
    """Sum over the weekends, of each five in a row the best that the rule on weekends leaves; one weekend a week."""
    starts = range(0, weekly.shape[1], WEEKENDS_IN_A_ROW)
    blocks = [np.sort(weekly[:, first : first + WEEKENDS_IN_A_ROW], axis=1)[:, ::-1] for first in starts]
    result: Ints = np.sum([block[:, : rules.max_weekends_in_5].sum(axis=1) for block in blocks], axis=0)
    return result


def _by_four_weeks(weekly: Ints, most: int) -> Ints:
    """Sum of whole weeks, four in a row no more than the limit of 28 days, the fours cut where that leaves least."""
    cuts = [
        np.unique(np.concatenate([[0], np.arange(first, weekly.shape[1], WEEKS_TOGETHER)]))
        for first in range(WEEKS_TOGETHER)
    ]
    sums = [np.minimum(np.add.reduceat(weekly, cut, axis=1), most).sum(axis=1) for cut in cuts]
    result: Ints = np.min(sums, axis=0)
    return result
