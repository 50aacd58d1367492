"""Who takes part in a round: GPs with a share to do, and free locums, who agreed to no hours."""

from __future__ import annotations

from collections import defaultdict

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import QUALIFIED, Contract
from scheduler.explain.candidates import qualified


def committed(dossier: Dossier) -> tuple[str, ...]:
    """The GPs who have agreed to do duties in the period, in the order of the dossier: owners, and who agreed hours."""
    bound = _bound(dossier)
    return tuple(gp_id for gp_id in qualified(dossier) if bound.get(gp_id))


def free_locums(dossier: Dossier) -> tuple[str, ...]:
    """The GPs who may do duties in the period and owe none."""
    bound = _bound(dossier)
    return tuple(gp_id for gp_id in qualified(dossier) if gp_id in bound and not bound[gp_id])


def _bound(dossier: Dossier) -> dict[str, bool]:
    """Whether a GP owes duties, for everybody with an agreement in the period that lets them do any."""
    found: defaultdict[str, bool] = defaultdict(bool)
    for row in dossier.agreements:
        if row.contract in QUALIFIED and dossier.period.overlap(row.valid_from, row.valid_until):
            found[row.gp_id] |= row.contract is Contract.PRACTICE_OWNER or bool(row.hours)
    return dict(found)
