"""What was fixed before solving stays as given."""

from __future__ import annotations

from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """A locked shift does not stay open; that no other GP gets it is ruled out beforehand."""
    for lock in roster_model.dossier.locks:
        if lock.shift_id in roster_model.unfilled:
            roster_model.model.add(roster_model.unfilled[lock.shift_id] == 0)
