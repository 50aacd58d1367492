"""The draft of a round opened for verdicts: its shifts and shares as it was made, the rules as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import URL
from sqlalchemy.orm import Session

from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.planning import PlanningRound
from api.db.tables.rosters import RosterVersion
from api.dossiers.mapping import gp_ids, read_dossier
from api.errors import Problem
from api.kept import BYTES_OF_SHIFT, ROSTERS, Kept
from api.neighbours.busy import around_of, busy_at, elsewhere_of
from api.planning import people, repository
from api.rosters import versions
from api.rosters.opened import opened
from scheduler.domain.availability import BusyElsewhere
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift
from scheduler.messages import text
from scheduler.swaps.situation import Ground, Situation

Key = tuple[URL, int, tuple[int, datetime], str, frozenset[int]]


class Field:
    """What no step changes: the ground of verdicts on a draft, and who takes part."""

    def __init__(self, ground: Ground, gp_id: Mapping[int, str]) -> None:
        self.ground, self.gp_id = ground, gp_id
        self.number = {gp_id: number for number, gp_id in gp_id.items()}

    @property
    def dossier(self) -> Dossier:
        """The dossier as it is now."""
        return self.ground.dossier

    @cached_property
    def committed(self) -> frozenset[str]:
        """The GPs with a share to do."""
        return frozenset(people.committed(self.dossier))

    @cached_property
    def free_locums(self) -> frozenset[str]:
        """The GPs who may do duties and owe none."""
        return frozenset(people.free_locums(self.dossier))

    def situation(self, rows: Sequence[Any], elsewhere: Sequence[BusyElsewhere] = ()) -> Situation:
        """Who has what of these rows (`shift_id`, `gp_number`, `trainee_number`), and is where else meanwhile."""
        gp_of = {row.shift_id: self.gp_id[row.gp_number] for row in rows if row.gp_number is not None}
        trainee_of = {row.shift_id: self.gp_id[row.trainee_number] for row in rows if row.trainee_number is not None}
        ground = self.ground.with_elsewhere(elsewhere)
        return Situation(ground, gp_of, trainee_of, self._indexed(gp_of), self._indexed(trainee_of))

    def _indexed(self, who: Mapping[str, str]) -> dict[str, tuple[Shift, ...]]:
        lists: dict[str, list[Shift]] = {}
        for shift_id, gp_id in who.items():
            lists.setdefault(gp_id, []).append(self.ground.shift_by_id[shift_id])
        return {
            gp_id: tuple(sorted(own, key=lambda shift: (shift.starts_at, shift.id))) for gp_id, own in lists.items()
        }


@dataclass(frozen=True)
class Draft:
    """The draft of a round, opened."""

    version: RosterVersion
    field: Field

    def situation_of(self, session: Session, numbers: Iterable[int]) -> Situation:
        """What these GPs have, and nobody else."""
        asked = frozenset(numbers)
        period, gp_id = self.field.dossier.period, self.field.gp_id
        busy = elsewhere_of(session, period, asked, gp_id)
        around = around_of(session, self.version.hds_id, period, gp_id, asked)
        return self.field.situation(repository.placed_with(session, self.version.id, asked), [*busy, *around])

    def whole(self, session: Session) -> Situation:
        """What everybody has."""
        busy = busy_at(session, self.version.hds_id, self.field.dossier.period, self.field.gp_id)
        return self.field.situation(repository.placed(session, self.version.id), busy)


def draft_of(session: Session, row: PlanningRound, *, lock: bool = False) -> Draft:
    """The draft of a round; with `lock` nobody else changes it until the commit.

    Raises Problem `wrong_state` when none was picked yet, or it is a draft no longer.
    """
    if row.version_id is None:
        raise Problem("wrong_state", text("planning.no_draft"))
    version = versions.version_of(session, row.hds_id, row.version_id, lock=lock)
    versions.require_draft(version)
    return Draft(version, field_of(session, version))


_KEPT: Kept[Key, Field] = Kept(ROSTERS, lambda field: BYTES_OF_SHIFT * len(field.ground.shifts))


def field_of(session: Session, version: RosterVersion) -> Field:
    """A version opened for verdicts by the rules of its dossier as they are now."""
    dossier = session.get_one(DossierRow, version.dossier_id)
    known = gp_ids(session, version.hds_id)
    # a change that is rolled back leaves its revision to another one, made at another moment
    revision = (dossier.revision, dossier.changed_at)
    key = (session.get_bind().engine.url, dossier.id, revision, version.snapshot, frozenset(known))

    def made() -> Field:
        basis = opened(session, version.snapshot)
        ground = Ground(read_dossier(session, dossier), basis.shifts, basis.shift_by_id, basis.shares.targets, None)
        return Field(ground, known)

    return _KEPT.get(key, made)
