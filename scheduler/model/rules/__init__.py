"""The hard rules as the model holds them: what they rule out beforehand, and what they post."""

from collections.abc import Callable, Mapping

from scheduler.domain.dossier import Dossier
from scheduler.model.roster_model import RosterModel
from scheduler.model.rules import (
    christmas_and_new_year,
    coverage,
    four_weeks,
    locks,
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
from scheduler.rules import absence as absence_rule
from scheduler.rules import christmas_and_new_year as christmas_rule
from scheduler.rules import locks as locks_rule
from scheduler.rules import may_work as may_work_rule
from scheduler.rules import night_before_clinic as clinic_rule
from scheduler.rules import trainee as trainee_rule
from scheduler.rules.lineup import Lineup

Mask = Callable[[Dossier, str, Lineup], list[bool]]
Post = Callable[[RosterModel], None]

PRUNE: Mapping[str, Mask] = {
    "may_work": may_work_rule.mask,
    "absence": absence_rule.mask,
    "locks": locks_rule.mask,
    "night_before_clinic": clinic_rule.mask,
    "christmas_and_new_year": christmas_rule.mask,
}
"""What a rule rules out for one GP and one shift: no variable is made for it."""

PRUNE_TRAINEE: Mapping[str, Mask] = {
    "trainee": trainee_rule.mask,
    "absence": absence_rule.mask,
    "christmas_and_new_year": christmas_rule.mask,
}
"""The same for a trainee beside the own trainer."""

POST: Mapping[str, Post] = {
    "coverage": coverage.post,
    "no_overlap": no_overlap.post,
    "rest": rest.post,
    "rest_after_night": rest_after_night.post,
    "night_series": night_series.post,
    "rest_after_series": rest_after_series.post,
    "week": week.post,
    "four_weeks": four_weeks.post,
    "weekends": weekends.post,
    "own_limit": own_limit.post,
    "christmas_and_new_year": christmas_and_new_year.post,
    "locks": locks.post,
    "trainee": trainee.post,
    "saturday_and_sunday": saturday_and_sunday.post,
}
"""What a rule posts about several shifts of the window."""

__all__ = ["POST", "PRUNE", "PRUNE_TRAINEE", "Mask"]
