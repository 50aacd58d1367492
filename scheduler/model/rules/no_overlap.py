"""No two shifts of one doctor overlap, standby included."""

from __future__ import annotations

from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """Ask that overlapping shifts exclude each other."""
    roster_model.keeps_apart = True
