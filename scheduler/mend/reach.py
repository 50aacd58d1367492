"""Which shifts of a GP can stand in the way of a further one: what may have to move before the GP can take it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import ceil

from scheduler.domain.availability import Limit
from scheduler.domain.settings import RuleParameters
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY, saturday_of_weekend
from scheduler.rules import four_weeks, weekends
from scheduler.rules.own_limit import counts
from scheduler.rules.rest_after_series import SERIES


def in_the_way(rules: RuleParameters, limits: Sequence[Limit], own: Shift, other: Shift) -> bool:
    """Whether one GP's two shifts may stand together in a breach of any rule; True too often, never too seldom."""
    if own.starts_at < other.ends_at and other.starts_at < own.ends_at:
        return True
    if any(counts(limit, own) and counts(limit, other) for limit in limits):
        return True
    if own.is_standby or other.is_standby:
        return False
    return abs(own.day - other.day) < reach(rules) or _within_weekends(own, other)


def reach(rules: RuleParameters) -> timedelta:
    """How far apart two non-standby shifts lie at least that meet in no rule but those on weekends and own limits."""
    rest = max(rules.min_rest_hours, rules.rest_after_night_hours, rules.rest_after_night_series_hours)
    series = DAY * (ceil(rest / 24) + max(SERIES, rules.max_consecutive_nights) + 2)
    return max(four_weeks.WINDOW, series)


def loses_nothing(rules: RuleParameters) -> bool:
    """Whether who keeps every rule still does with one shift less: only then do the bounds hold.

    The rest after a series of nights is the exception: a night in between makes the series go on. It takes five
    nights in a row before that matters: three that make a series, the one in between, and the one after it.
    """
    return rules.max_consecutive_nights < SERIES + 2


def _within_weekends(own: Shift, other: Shift) -> bool:
    one, two = saturday_of_weekend(own.day), saturday_of_weekend(other.day)
    return one is not None and two is not None and abs(one - two) < weekends.WINDOW
