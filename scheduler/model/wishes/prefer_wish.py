"""Times in which a GP would like to work and has no shift."""

from __future__ import annotations

from collections.abc import Iterator

from scheduler.domain.availability import WishKind
from scheduler.model.roster_model import RosterModel
from scheduler.model.wishes.term import Term, when_all


def terms(roster_model: RosterModel) -> Iterator[Term]:
    """One term for each wish, true where no duty touches it."""
    dossier = roster_model.dossier
    for gp_id in roster_model.gp_ids:
        for wish in dossier.wishes_by_gp.get(gp_id, ()):
            if wish.wish is WishKind.PREFER:
                touching = [d.taken for d in roster_model.duties[gp_id] if d.shift.touches(*wish.interval)]
                missed = when_all(roster_model, (), unless=touching)
                yield Term(dossier.weights.prefer_wish * wish.weight, missed)
