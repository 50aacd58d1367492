"""Weekends of which a GP works both days, where the HDS would avoid that."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.settings import Strictness
from scheduler.domain.time import DAY
from scheduler.model.duty import active, by_day
from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes.term import Term, when_all


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each weekend with duties on both days."""
    dossier = roster_model.dossier
    if dossier.rules.saturday_and_sunday is not Strictness.AVOID:
        return
    for gp_id in roster_model.gp_ids:
        days = by_day(active(roster_model.duties[gp_id]))
        for saturday in days:
            if saturday.weekday() == 5 and saturday + DAY in days:
                both = [roster_model.whether_any(days[day]) for day in (saturday, saturday + DAY)]
                yield Term(dossier.weights.saturday_and_sunday, when_all(roster_model, both))
