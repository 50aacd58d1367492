"""How many minutes of a burden a GP can work at most: valid upper bounds that ignore everybody else."""

from __future__ import annotations

import numpy as np

from scheduler.solve.nearness import MINUTE
from scheduler.solve.problem import Bools, Floats, Ints, Problem

FOUR_WEEKS = 28


def most_minutes(problem: Problem, burden: int) -> Floats:
    """Per GP, minutes of the burden that absences, agreement, weekly, four-weekly and weekend limits leave room for."""
    slots, days, rules = problem.slots, problem.days, problem.dossier.rules
    own = np.flatnonzero(problem.burden == burden)
    open_slots = np.zeros((len(problem.gp_ids), len(slots.start)), dtype=np.bool_)
    for shift in own.tolist():
        open_slots[:, problem.slot[shift]] |= problem.may[:, shift]
    standby = bool(slots.standby[problem.slot[own[0]]])
    if standby:
        most = _apart(open_slots, slots.day, slots.minutes, days.count).sum(axis=1)
    else:
        four_weeks = round(rules.max_hours_per_4_weeks * MINUTE)
        in_weekend = days.weekend[slots.day] >= 0
        weekly = _by_week(open_slots, problem, rules.max_shifts_per_week)
        on_weekdays = _by_week(open_slots & ~in_weekend, problem, rules.max_shifts_per_week)
        weekends = _best_weekends(_by_week(open_slots & in_weekend, problem, rules.max_shifts_per_week), problem)
        most = np.minimum(_by_four_weeks(weekly, four_weeks), _by_four_weeks(on_weekdays, four_weeks) + weekends)
    limit = problem.limit[:, burden] if standby else np.minimum(problem.limit[:, burden], problem.limit[:, -1])
    result: Floats = np.minimum(most.astype(np.float64), limit)
    return result


def _apart(open_slots: Bools, day: Ints, minutes: Ints, days: int) -> Ints:
    """Per GP and day, the minutes of all open slots that start then, but no more than a day and a half."""
    per_day = np.zeros((len(open_slots), days), dtype=np.int64)
    for slot in range(len(day)):
        per_day[:, day[slot]] += open_slots[:, slot] * minutes[slot]
    return np.minimum(per_day, round(36 * MINUTE))


def _by_week(open_slots: Bools, problem: Problem, most_shifts: int) -> Ints:
    slots, days = problem.slots, problem.days
    week_of_slot = days.week[slots.day]
    weekly = np.zeros((len(open_slots), len(days.week_starts)), dtype=np.int64)
    for week in range(len(days.week_starts)):
        inside = open_slots[:, week_of_slot == week]
        minutes = slots.minutes[week_of_slot == week]
        if inside.shape[1]:
            weekly[:, week] = np.minimum(inside.sum(axis=1), most_shifts) * (inside * minutes).max(axis=1)
    return weekly


def _best_weekends(weekly: Ints, problem: Problem) -> Ints:
    """Sum over the weekends, of each five in a row the best that the rule on weekends leaves; one weekend a week."""
    most = problem.dossier.rules.max_weekends_in_5
    blocks = [np.sort(weekly[:, first : first + 5], axis=1)[:, ::-1] for first in range(0, weekly.shape[1], 5)]
    result: Ints = np.sum([block[:, :most].sum(axis=1) for block in blocks], axis=0)
    return result


def _by_four_weeks(weekly: Ints, most: int) -> Ints:
    """Sum of whole weeks, four at a time no more than the limit of 28 days."""
    blocks = np.add.reduceat(weekly, np.arange(0, weekly.shape[1], FOUR_WEEKS // 7), axis=1)
    result: Ints = np.minimum(blocks, most).sum(axis=1)
    return result
