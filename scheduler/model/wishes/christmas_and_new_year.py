"""Christmas and the New Year after it both worked, where the HDS would avoid that and does not forbid it."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.settings import Strictness
from scheduler.model.roster_model import RosterModel
from scheduler.model.rules.christmas_and_new_year import by_year
from scheduler.model.wishes.term import Term, when_all
from scheduler.rules.christmas_and_new_year import past_christmases


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each year of which a GP may work both, last year's Christmas included."""
    dossier = roster_model.dossier
    if dossier.rules.christmas_and_new_year is not Strictness.AVOID:
        return
    for gp_id in roster_model.gp_ids:
        christmas, new_year = by_year(roster_model.duties[gp_id])
        past = past_christmases(dossier, gp_id)
        for year, those in new_year.items():
            worked = [roster_model.whether_any(those)]
            if year not in past and year in christmas:
                worked.append(roster_model.whether_any(christmas[year]))
            if year in past or year in christmas:
                yield Term(dossier.weights.christmas_and_new_year, when_all(roster_model, worked))
