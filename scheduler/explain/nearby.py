"""Rules for which only duties near each other matter, and how near that is."""

from __future__ import annotations

from datetime import timedelta

from scheduler.domain.settings import RuleParameters
from scheduler.rules import (
    christmas_and_new_year,
    four_weeks,
    night_before_clinic,
    night_series,
    no_overlap,
    rest,
    rest_after_night,
    rest_after_series,
    saturday_and_sunday,
    week,
    weekends,
)

NEARBY = frozenset(
    room.NAME
    for room in (
        no_overlap, rest, rest_after_night, night_series, rest_after_series, week, four_weeks, weekends,
        christmas_and_new_year, night_before_clinic, saturday_and_sunday,
    )
)  # fmt: skip
"""Rules that see duties within `reach` of each other only; every other rule is asked about the whole period."""
_MANY_YEARS = 36_525


def reach(rules: RuleParameters) -> timedelta:
    """Generously how far apart two duties can stand and still meet in one of the rules of `NEARBY`."""
    rest_hours = max(rules.min_rest_hours, rules.rest_after_night_hours, rules.rest_after_night_series_hours)
    days = rest_hours / 24 + rules.max_consecutive_nights + 4
    return max(weekends.WINDOW, four_weeks.WINDOW) + timedelta(days=min(days, _MANY_YEARS))
