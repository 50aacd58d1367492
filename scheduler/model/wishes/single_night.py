"""Nights that stand alone, where the HDS would rather have them in series."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.time import DAY
from scheduler.model.duty import by_day, nights
from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes.term import Term, when_all


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each day on which the GP may have a night."""
    weight = roster_model.dossier.weights.single_night
    if not weight:
        return
    for gp_id in roster_model.gp_ids:
        on = {day: roster_model.whether_any(those) for day, those in by_day(nights(roster_model.duties[gp_id])).items()}
        for day, worked in on.items():
            beside = [on[other] for other in (day - DAY, day + DAY) if other in on]
            yield Term(weight, when_all(roster_model, [worked], unless=beside))
