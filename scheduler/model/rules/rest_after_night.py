"""After a night shift there is a longer rest."""

from __future__ import annotations

from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """Ask for `rest_after_night_hours` free of other shifts after each non-standby night.

    Of shifts that start together the model asks that only one is taken: the rule on overlap does so anyway.
    """
    needed = roster_model.dossier.rules.rest_after_night_hours
    roster_model.tails.append(lambda shift: needed if shift.is_night else 0.0)
