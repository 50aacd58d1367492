"""Shifts in a time that the GP would rather have free."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.availability import WishKind
from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes.term import Term


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each wish and each duty that touches it."""
    dossier = roster_model.dossier
    for gp_id in roster_model.gp_ids:
        for wish in dossier.wishes_by_gp.get(gp_id, ()):
            if wish.wish is WishKind.AVOID:
                for duty in roster_model.duties[gp_id]:
                    if duty.shift.touches(*wish.interval):
                        yield Term(dossier.weights.avoid_wish * wish.weight, duty.taken)
