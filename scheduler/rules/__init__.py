"""The hard rules, one file each, read without a solver."""

from scheduler.rules import (
    absence,
    christmas_and_new_year,
    coverage,
    four_weeks,
    locks,
    may_work,
    night_before_clinic,
    night_series,
    no_overlap,
    own_limit,
    rest,
    rest_after_night,
    rest_after_series,
    saturday_and_sunday,
    trainee,
    week,
    weekends,
)
from scheduler.rules.violation import Rule, Violation

RULES: tuple[Rule, ...] = (
    Rule(coverage.NAME, coverage.check),
    Rule(may_work.NAME, may_work.check),
    Rule(absence.NAME, absence.check),
    Rule(no_overlap.NAME, no_overlap.check),
    Rule(rest.NAME, rest.check),
    Rule(rest_after_night.NAME, rest_after_night.check),
    Rule(night_series.NAME, night_series.check),
    Rule(rest_after_series.NAME, rest_after_series.check),
    Rule(week.NAME, week.check),
    Rule(four_weeks.NAME, four_weeks.check),
    Rule(weekends.NAME, weekends.check),
    Rule(own_limit.NAME, own_limit.check),
    Rule(christmas_and_new_year.NAME, christmas_and_new_year.check),
    Rule(locks.NAME, locks.check),
    Rule(trainee.NAME, trainee.check),
    Rule(night_before_clinic.NAME, night_before_clinic.check),
    Rule(saturday_and_sunday.NAME, saturday_and_sunday.check),
)

__all__ = ["RULES", "Rule", "Violation"]
