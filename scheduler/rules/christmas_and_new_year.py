"""Who worked at Christmas does not work on the New Year's Eve or New Year's Day that follow."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.settings import Strictness
from scheduler.domain.shift import Shift
from scheduler.rules.duties import doctors
from scheduler.rules.lineup import Lineup
from scheduler.rules.violation import Violation

NAME = "christmas_and_new_year"


def check(dossier: Dossier, roster: Roster) -> Iterator[Violation]:
    """Find non-standby shifts on 31 December or 1 January after a worked 25 or 26 December, last year's included."""
    if dossier.rules.christmas_and_new_year is not Strictness.FORBID:
        return
    for doctor, shifts in doctors(roster):
        for year, ids in both(dossier, doctor, shifts).items():
            yield Violation(rule=NAME, gp_id=doctor, shift_ids=ids, detail={"year": str(year)})


def both(dossier: Dossier, doctor: str, shifts: Sequence[Shift]) -> dict[int, tuple[str, ...]]:
    """The years whose Christmas and the New Year after it the doctor both works, with the shifts of these days."""
    christmas: defaultdict[int, list[str]] = defaultdict(list)
    new_year: defaultdict[int, list[str]] = defaultdict(list)
    for shift in shifts:
        if shift.day.month in (1, 12) and not shift.is_standby:
            if (year := christmas_of(shift.day)) is not None:
                christmas[year].append(shift.id)
            if (year := new_year_after(shift.day)) is not None:
                new_year[year].append(shift.id)
    last_year = past_christmases(dossier, doctor)
    years = (year for year in sorted(new_year) if year in christmas or year in last_year)
    return {year: (*christmas.get(year, ()), *new_year[year]) for year in years}


def mask(dossier: Dossier, gp_id: str, lineup: Lineup) -> list[bool]:
    """For each shift whether it keeps clear of the New Year that follows a Christmas worked in the year before.

    The part of the rule that looks at one shift only; within the period two shifts break it together.
    """
    free = [True] * len(lineup)
    last_year = past_christmases(dossier, gp_id)
    if last_year and dossier.rules.christmas_and_new_year is Strictness.FORBID:
        for day, places in lineup.on.items():
            if new_year_after(day) in last_year:
                for place in places:
                    free[place] = lineup.shifts[place].is_standby
    return free


def past_christmases(dossier: Dossier, doctor: str) -> set[int]:
    """The years of which the doctor is on record, in `past_holidays.csv`, as having worked at Christmas."""
    days = dossier.past_holidays_by_gp.get(doctor, frozenset())
    return {year for day in days if (year := christmas_of(day)) is not None}


def christmas_of(day: date) -> int | None:
    """The year whose Christmas `day` is, if it is 25 or 26 December."""
    return day.year if day.month == 12 and day.day in (25, 26) else None


def new_year_after(day: date) -> int | None:
    """The year whose Christmas comes just before `day`, if that is 31 December or 1 January."""
    if (day.month, day.day) == (12, 31):
        return day.year
    return day.year - 1 if (day.month, day.day) == (1, 1) else None
