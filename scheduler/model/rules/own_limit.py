"""A GP's hours stay within the ceiling that the GP has set."""

from __future__ import annotations

from scheduler.model.roster_model import RosterModel
from scheduler.rules.duties import TOLERANCE
from scheduler.rules.own_limit import counts


def post(roster_model: RosterModel) -> None:
    """The minutes of what falls under a GP's own limit stay at or under it."""
    for gp_id in roster_model.gp_ids:
        for limit in roster_model.dossier.limits_by_gp.get(gp_id, ()):
            counted = [(d.minutes, d) for d in roster_model.duties[gp_id] if counts(limit, d.shift)]
            roster_model.at_most(int((limit.max_hours + TOLERANCE) * 60), counted)
