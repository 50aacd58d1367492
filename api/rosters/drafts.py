"""Keeping a roster as a new draft version of a dossier, wherever it came from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.clock import now
from api.db.tables.rosters import RosterVersion
from api.errors import Problem
from api.rosters.figures import figures_of, proof_of
from api.rosters.mapping import write_assignments
from api.rosters.opened import opened
from api.rosters.overlaps import refuse_double_booking
from api.rosters.repository import dossier_of, last_number, version_of_run

if TYPE_CHECKING:
    from scheduler.domain.result import RosterResult
    from scheduler.domain.roster import Roster


def store_draft(
    session: Session,
    *,
    hds_id: str,
    dossier_id: int,
    snapshot: str,
    result: RosterResult | None,
    roster: Roster,
    origin: str,
    user_id: int | None,
    run_id: str | None = None,
    parent_id: int | None = None,
    note: str = "",
    locked: frozenset[str] = frozenset(),
    figures: dict[str, Any] | None = None,
    proof: dict[str, Any] | None = None,
) -> RosterVersion:
    """Keep `roster` as the next draft of a dossier, judged with the dossier under `snapshot`.

    `result` is what the run proved of it, if a run made it (else `proof`); `figures` (`figures_of`) are computed where
    they are not given; `locked` are ids of shifts. A second call for the same `run_id` gives back the same version and
    writes nothing. Writing the audit trail and committing are the caller's. Raises Problem: `not_found` for a dossier
    of another HDS, `breaks_rules` where a GP would be in two places at once, which no version may hold.
    """
    if dossier_of(session, hds_id, dossier_id, lock=True) is None:
        raise Problem("not_found")
    if run_id is not None and (earlier := version_of_run(session, run_id)) is not None:
        return earlier
    refuse_double_booking(opened(session, snapshot).dossier, roster)
    figures = figures or _judged(session, snapshot, roster, result)
    number, moment = last_number(session, dossier_id) + 1, now()
    version = RosterVersion(
        hds_id=hds_id, dossier_id=dossier_id, number=number, snapshot=snapshot, parent_id=parent_id, run_id=run_id,
        origin=origin, state="draft", note=note, figures=figures, proof=proof_of(result) if result else proof or {},
        revision=1, created_at=moment, created_by=user_id, changed_at=moment, changed_by=user_id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    write_assignments(session, hds_id, version.id, roster, locked & frozenset(roster.gp_of))
    return version


def _judged(session: Session, snapshot: str, roster: Roster, result: RosterResult | None) -> dict[str, Any]:
    from scheduler.verify import verify

    basis = opened(session, snapshot)
    targets = basis.shares.targets if result is None else result.targets
    return figures_of(verify(basis.dossier, roster, targets), len(roster.shifts))
