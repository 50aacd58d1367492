"""The soft parts as the model holds them, under the names they have in `scheduler.wishes`."""

from collections.abc import Callable, Iterator, Mapping

from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes import (
    avoid_wish,
    christmas_and_new_year,
    night_before_clinic,
    prefer_wish,
    same_holiday_again,
    saturday_and_sunday,
    single_night,
    spacing,
)
from scheduler.model.wishes.term import Term

TERMS: Mapping[str, Callable[[RosterModel], Iterator[Term]]] = {
    "avoid_wish": avoid_wish.terms,
    "prefer_wish": prefer_wish.terms,
    "night_before_clinic": night_before_clinic.terms,
    "saturday_and_sunday": saturday_and_sunday.terms,
    "same_holiday_again": same_holiday_again.terms,
    "single_night": single_night.terms,
    "spacing": spacing.terms,
    "christmas_and_new_year": christmas_and_new_year.terms,
}

__all__ = ["TERMS", "Term"]
