"""Nights before a morning surgery, where the HDS would avoid them."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.settings import Strictness
from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes.term import Term
from scheduler.rules.night_before_clinic import ends_before_clinic


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each night that ends on a clinic day."""
    dossier = roster_model.dossier
    if dossier.rules.night_before_clinic is not Strictness.AVOID:
        return
    for gp_id in roster_model.gp_ids:
        for duty in roster_model.duties[gp_id]:
            if ends_before_clinic(dossier, gp_id, duty.shift):
                yield Term(dossier.weights.night_before_clinic, duty.taken)
