"""The figures of a draft put right after its shifts changed hands: of the whole, so not with each step of a GP."""

from __future__ import annotations

from sqlalchemy.orm import Session

from api.db.tables.planning import PlanningRound
from api.db.tables.rosters import RosterVersion
from api.planning import repository
from api.planning.phases import Phase
from api.rosters import versions
from api.rosters.content import content_of
from api.rosters.figures import figures_of

_KNOWN = "figures_of_revision"


def refigure(session: Session, version: RosterVersion) -> None:
    """Judge the whole draft, which is locked, as it is now."""
    # brings scipy: not before a draft changes
    from scheduler.verify import verify

    content = content_of(session, version)
    verdict = verify(content.dossier, content.roster, content.basis.shares.targets)
    version.figures = figures_of(verdict, len(content.roster.shifts))


def catch_up(session: Session, row: PlanningRound) -> bool:
    """Put the figures right if the draft of a locked round changed since they last were; whether they were not."""
    making = repository.phases_of(session, row.id)[Phase.MAKING]
    if row.version_id is None or not repository.counted_steps(session, row):
        return False
    version = versions.version_of(session, row.hds_id, row.version_id, lock=True)
    if version.state != "draft" or making.outcome.get(_KNOWN) == version.revision:
        return False
    refigure(session, version)
    making.outcome = {**making.outcome, _KNOWN: version.revision}
    session.flush()
    return True
