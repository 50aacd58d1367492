"""Who worked at Christmas does not work on the New Year's Eve or New Year's Day that follow."""

from __future__ import annotations

from collections import defaultdict

from scheduler.domain.settings import Strictness
from scheduler.model.duty import Duty, active
from scheduler.model.roster_model import RosterModel
from scheduler.rules.christmas_and_new_year import christmas_of, new_year_after


def post(roster_model: RosterModel) -> None:
    """No doctor has both a Christmas and the New Year after it; last year's Christmas is ruled out beforehand."""
    if roster_model.dossier.rules.christmas_and_new_year is not Strictness.FORBID:
        return
    for duties in roster_model.everyone():
        christmas, new_year = by_year(duties)
        for year in sorted(christmas.keys() & new_year.keys()):
            roster_model.not_all((roster_model.any_of(christmas[year]), roster_model.any_of(new_year[year])))


def by_year(duties: list[Duty]) -> tuple[dict[int, list[Duty]], dict[int, list[Duty]]]:
    """The duties of each Christmas and those of each New Year, both under the year of that Christmas."""
    christmas: defaultdict[int, list[Duty]] = defaultdict(list)
    new_year: defaultdict[int, list[Duty]] = defaultdict(list)
    for duty in active(duties):
        if (year := christmas_of(duty.day)) is not None:
            christmas[year].append(duty)
        if (year := new_year_after(duty.day)) is not None:
            new_year[year].append(duty)
    return dict(christmas), dict(new_year)
