"""Between two shifts there are hours of rest."""

from __future__ import annotations

from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """Ask for `min_rest_hours` free of other shifts after each non-standby shift.

    Between successive shifts or between any two comes to the same: a shift in between is too near to both.
    """
    needed = roster_model.dossier.rules.min_rest_hours
    roster_model.tails.append(lambda shift: needed)
