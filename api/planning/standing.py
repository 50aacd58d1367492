"""Where everybody stands against the share: in the draft, in the roster in force, or against nothing yet."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import URL
from sqlalchemy.orm import Session

from api.clock import now
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.planning import PlanningRound
from api.db.tables.rosters import RosterVersion
from api.dossiers.mapping import read_dossier
from api.kept import BYTES_OF_SHIFT, ROSTERS, Kept
from api.planning import people
from api.planning.course import is_shown
from api.planning.draft import Draft, field_of
from api.swaps import grounds
from scheduler.demand import shifts_of
from scheduler.domain.people import Contract
from scheduler.domain.shift import Burden
from scheduler.swaps.situation import Ground, Situation

MOST_SECONDS_OLD = 60.0
"""While hundreds hand in at once, shares are worked out once a minute and not after each change."""
_MANY_SHIFTS = 6000
"""Of a region: what is opened here is not known yet when it is weighed."""


class Against(StrEnum):
    """What the shares are held against."""

    NONE = "none"
    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True)
class Standing:
    """One GP: hours meant and in the roster, and the deviation in shifts, of each burden; `place` in the own class.

    Places count up from 1, for who is furthest below the share in all hours but standby; equals have the same.
    """

    gp_id: str
    name: str
    contract: Contract
    share: dict[Burden, float]
    done: dict[Burden, float]
    shifts: dict[Burden, float]
    place: int = 0
    of: int = 0

    @property
    def total_share(self) -> float:
        """Hours meant of all burdens but standby."""
        return _active(self.share)

    @property
    def total_done(self) -> float:
        """Hours in the roster of all burdens but standby."""
        return _active(self.done)

    @property
    def behind(self) -> float:
        """Hours done less hours meant, standby apart; negative: below the share."""
        return round(self.total_done - self.total_share, 6)


def standings(session: Session, row: PlanningRound, *, for_planner: bool) -> tuple[Against, list[Standing]]:
    """Where everybody who takes part stands, furthest below first; GPs know the draft once it is shown to them."""
    against, situation = _situation(session, row, for_planner=for_planner)
    dossier = situation.dossier
    gp_ids = dict.fromkeys((*people.committed(dossier), *people.free_locums(dossier), *situation.by_gp))
    everybody = [_standing(situation, gp_id) for gp_id in gp_ids if gp_id in dossier.gp_by_id]
    return against, sorted(_placed(everybody), key=lambda one: (one.behind, one.gp_id))


def _situation(session: Session, row: PlanningRound, *, for_planner: bool) -> tuple[Against, Situation]:
    if row.state == "published":
        field = grounds.field_of(session, row.dossier_id)
        return Against.PUBLISHED, field.situation(session, None)
    shown = for_planner or is_shown(session, row, now())
    version = None if row.version_id is None or not shown else session.get_one(RosterVersion, row.version_id)
    if version is None:
        return Against.NONE, Situation(ground_of(session, row.dossier_id), {}, {}, {}, {})
    return Against.DRAFT, Draft(version, field_of(session, version)).whole(session)


def _standing(situation: Situation, gp_id: str) -> Standing:
    gp, targets = situation.dossier.gp_by_id[gp_id], situation.ground.targets
    done = situation.hours(gp_id)
    return Standing(
        gp_id=gp_id, name=gp.name, contract=gp.contract, done=done,
        share={burden: targets.get((gp_id, burden), 0.0) for burden in done},
        shifts={burden: situation.deviation(gp_id, burden) for burden in done},
    )  # fmt: skip


def _placed(everybody: Iterable[Standing]) -> Iterable[Standing]:
    by_class: defaultdict[Contract, list[Standing]] = defaultdict(list)
    for one in everybody:
        by_class[one.contract].append(one)
    for those in by_class.values():
        behind = sorted(one.behind for one in those)
        first = {value: place for place, value in reversed(list(enumerate(behind, start=1)))}
        for one in those:
            yield replace(one, place=first[one.behind], of=len(those))


def _active(hours: dict[Burden, float]) -> float:
    return sum(value for burden, value in hours.items() if burden is not Burden.STANDBY)


class _Opened:
    """One dossier with its shares, as long as there is no draft: they change with every wish that is handed in."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._revision, self._read_at = 0, 0.0
        self._ground: Ground | None = None

    def ground(self, session: Session, row: DossierRow) -> Ground:
        """As it was at most `MOST_SECONDS_OLD` ago; one caller opens it for all who ask about this dossier."""
        with self._lock:
            fresh = row.revision == self._revision or time.monotonic() - self._read_at < MOST_SECONDS_OLD
            if fresh and self._ground is not None:
                return self._ground
            dossier = read_dossier(session, row)
            shifts = shifts_of(dossier)
            self._ground = Ground(dossier, shifts, {shift.id: shift for shift in shifts}, None, None)
            self._revision, self._read_at = row.revision, time.monotonic()
            return self._ground


_KEPT: Kept[tuple[URL, int], _Opened] = Kept(ROSTERS, lambda _: BYTES_OF_SHIFT * _MANY_SHIFTS)


def ground_of(session: Session, dossier_id: int) -> Ground:
    """The shares of a dossier; HDSs whose GPs hand in at the same time don't push each other's out."""
    row = session.get_one(DossierRow, dossier_id)
    return _KEPT.get((session.get_bind().engine.url, row.id), _Opened).ground(session, row)
