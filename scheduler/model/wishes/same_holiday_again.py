"""A holiday that the GP worked last year too."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.model.duty import active, by_day
from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes.term import Term
from scheduler.wishes.same_holiday_again import is_again


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each such holiday on which the GP may get a duty."""
    dossier = roster_model.dossier
    for gp_id in roster_model.gp_ids:
        past = dossier.past_holidays_by_gp.get(gp_id, frozenset())
        days = by_day(active(roster_model.duties[gp_id])) if past else {}
        for day, duties in days.items():
            if is_again(dossier, past, day):
                yield Term(dossier.weights.same_holiday_again, roster_model.whether_any(duties))
