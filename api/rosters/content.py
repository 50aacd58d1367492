"""The content of a version, opened for judging: its dossier as it was, its roster and its locks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from api.db.tables.rosters import RosterVersion
from api.dossiers.mapping import gp_ids
from api.neighbours.busy import busy_at
from api.rosters import repository
from api.rosters.mapping import read_roster
from api.rosters.opened import Opened, opened
from scheduler.domain.availability import BusyElsewhere
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster


@dataclass(frozen=True)
class Content:
    """A version, opened; `locked` are ids of shifts, `elsewhere` what its GPs do outside of it
    by now (None: as the snapshot has it).
    """

    basis: Opened
    roster: Roster
    locked: frozenset[str]
    elsewhere: tuple[BusyElsewhere, ...] | None = None

    @cached_property
    def dossier(self) -> Dossier:
        """The dossier with which the version was made; what its GPs do outside the roster is known as it is now."""
        known = self.basis.dossier
        return known if self.elsewhere is None else known.with_elsewhere(self.elsewhere)


def content_of(session: Session, version: RosterVersion) -> Content:
    """Read a version whole; the shifts themselves come from its snapshot, where they are the same."""
    basis = opened(session, version.snapshot)
    rows = repository.placed(session, version.id)
    locked = frozenset(row.shift_id for row in rows if row.locked)
    ids = gp_ids(session, version.hds_id)
    elsewhere = busy_at(session, version.hds_id, basis.dossier.period, ids)
    if {row.shift_id for row in rows} != basis.shift_by_id.keys():
        return Content(basis, read_roster(session, version.hds_id, version.id), locked, elsewhere)
    gp_of = {row.shift_id: ids[row.gp_number] for row in rows if row.gp_number is not None}
    trainee_of = {row.shift_id: ids[row.trainee_number] for row in rows if row.trainee_number is not None}
    return Content(basis, Roster(shifts=basis.shifts, gp_of=gp_of, trainee_of=trainee_of), locked, elsewhere)
