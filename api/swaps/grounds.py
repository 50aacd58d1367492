"""The roster in force opened for verdicts: what no swap changes is kept, who does what is read afresh."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property

from sqlalchemy import URL
from sqlalchemy.orm import Session

from api.clock import now
from api.db.tables.dossier import Dossier as DossierRow
from api.dossiers.mapping import gp_ids, read_dossier
from api.kept import BYTES_OF_SHIFT, ROSTERS, Kept
from api.neighbours.busy import REACH, beside_of, elsewhere_at, elsewhere_of, has_beside
from api.neighbours.persons import Others
from api.payouts.mapping import table_of
from api.payouts.repository import tariffs
from api.rosters.mapping import shift_of
from api.rosters.published_shares import published_targets
from api.swaps import repository
from api.swaps.illness import absences_of_illnesses, find_illnesses
from scheduler.domain.availability import Absence, BusyElsewhere
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY
from scheduler.domain.time import local as at
from scheduler.errors import OutdatedMoves
from scheduler.messages import text
from scheduler.swaps.pay import ShiftPay
from scheduler.swaps.situation import Ground, Situation

Key = tuple[URL, int, repository.GroundState]


@dataclass(frozen=True)
class Field:
    """One dossier with its duties in force: the ground of verdicts, and the id of each GP by number.

    `is_bordered`: the HDS has rosters of other dossiers in force at the same time, or just before or after it.
    """

    hds_id: str
    dossier_id: int
    ground: Ground
    gp_id: Mapping[int, str]
    is_bordered: bool

    @cached_property
    def number(self) -> Mapping[str, int]:
        """The number of each GP by id."""
        return {gp_id: number for number, gp_id in self.gp_id.items()}

    def situation(
        self, session: Session, numbers: Iterable[int] | None = None, others: Others | None = None
    ) -> Situation:
        """Who does what now: of these GPs only, which is all that a verdict on them needs, or of everybody.

        What they do at other HDSs and in other rosters of this one, and who is ill, as it is now, counts too; `others`:
        their other numbers, where those are known.
        """
        asked = None if numbers is None else frozenset(numbers)
        gp_of: dict[str, str] = {}
        trainee_of: dict[str, str] = {}
        by_gp: dict[str, list[Shift]] = {}
        by_trainee: dict[str, list[Shift]] = {}
        gp_id, shift_by_id = self.gp_id, self.ground.shift_by_id
        # thousands of rows for every ranked list: taken apart, which is faster than asking each for its parts
        for shift_id, performer, trainee in repository.held(session, self.hds_id, self.dossier_id, asked):
            shift = shift_by_id.get(shift_id)
            if shift is None:
                # opened since this field was: to ask again will do
                raise OutdatedMoves([text("swaps.outdated", shift=shift_id)])
            gp_of[shift_id] = gp_id[performer]
            by_gp.setdefault(gp_id[performer], []).append(shift)
            if trainee is not None:
                trainee_of[shift_id] = gp_id[trainee]
                by_trainee.setdefault(gp_id[trainee], []).append(shift)
        ground = self.ground.with_absences(self._illnesses(session, asked))
        ground = ground.with_elsewhere(self._elsewhere(session, asked, others))
        return Situation(ground, gp_of, trainee_of, _whole(by_gp), _whole(by_trainee))

    def _illnesses(self, session: Session, numbers: Collection[int] | None) -> tuple[Absence, ...]:
        found = find_illnesses(session, self.hds_id, now(), numbers)
        return absences_of_illnesses(self.ground.dossier, found, self.gp_id)

    def _elsewhere(
        self, session: Session, numbers: Iterable[int] | None, others: Others | None
    ) -> tuple[BusyElsewhere, ...]:
        period = self.ground.dossier.period
        if numbers is None:
            away = elsewhere_at(session, self.hds_id, period, self.gp_id)
        else:
            away = elsewhere_of(session, period, numbers, self.gp_id, others)
        if not self.is_bordered:
            return away
        first, last = _reach(self.ground.dossier)
        # duties that may still change hands have nothing to do with what is longer ago
        first = max(first, now() - REACH)
        return (*away, *beside_of(session, self.hds_id, self.dossier_id, first, last, self.gp_id, numbers))


def _reach(dossier: Dossier) -> tuple[datetime, datetime]:
    """From when until when duties outside a roster still count for its rules."""
    return at(dossier.period.start - REACH, time(0)), at(dossier.period.end + REACH + DAY, time(0))


def _whole(lists: Mapping[str, list[Shift]]) -> dict[str, tuple[Shift, ...]]:
    return {gp_id: tuple(shifts) for gp_id, shifts in lists.items()}


_KEPT: Kept[Key, Field] = Kept(ROSTERS, lambda field: BYTES_OF_SHIFT * len(field.ground.shifts))


def field_of(session: Session, dossier_id: int) -> Field:
    """The duties in force of a dossier, opened for verdicts by its rules as they are now, its shares as published."""
    key = (session.get_bind().engine.url, dossier_id, repository.ground_state(session, dossier_id))
    return _KEPT.get(key, lambda: _opened(session, session.get_one(DossierRow, dossier_id)))


def _opened(session: Session, row: DossierRow) -> Field:
    dossier = read_dossier(session, row)
    shifts = tuple(shift_of(duty) for duty in repository.duties(session, row.hds_id, row.id))
    pay = ShiftPay(dossier, table_of(tariffs(session, row.hds_id)))
    # rights and absences hold as they are now, shares as they were published
    targets = published_targets(session, row.hds_id, row.id, shifts)
    ground = Ground(dossier, shifts, {shift.id: shift for shift in shifts}, targets, pay)
    is_bordered = has_beside(session, row.hds_id, row.id, *_reach(dossier))
    return Field(row.hds_id, row.id, ground, gp_ids(session, row.hds_id), is_bordered)
