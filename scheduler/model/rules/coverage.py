"""Every shift has a GP: posted where none may stay open, for proofs and tests."""

from __future__ import annotations

from scheduler.model.roster_model import RosterModel


def post(roster_model: RosterModel) -> None:
    """No shift of the window stays open. That it has one GP at most is part of every model."""
    for literal in roster_model.unfilled.values():
        roster_model.model.add(literal == 0)
