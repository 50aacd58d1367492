"""Not both days of one weekend, where the HDS forbids that."""

from __future__ import annotations

from scheduler.domain.settings import Strictness
from scheduler.domain.time import DAY
from scheduler.model.duty import active, by_day
from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """No GP has a shift on both days of a weekend."""
    if roster_model.dossier.rules.saturday_and_sunday is not Strictness.FORBID:
        return
    for gp_id in roster_model.gp_ids:
        days = by_day(active(roster_model.duties[gp_id]))
        for saturday in days:
            if saturday.weekday() == 5 and saturday + DAY in days:
                both = (roster_model.any_of(days[saturday]), roster_model.any_of(days[saturday + DAY]))
                roster_model.not_all(both)
