"""Snapshots of dossiers opened once: what never changes is kept, so that verdicts and reasons come quickly."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.kept import BYTES_OF_SHIFT, ROSTERS, Kept
from api.rosters.mapping import load_snapshot
from scheduler.demand import shifts_of
from scheduler.domain.dossier import Dossier
from scheduler.domain.shift import Shift

if TYPE_CHECKING:
    from scheduler.fair_shares import FairShares


class Opened:
    """A dossier as it was, with what follows from it alone; shared between threads, never changed."""

    def __init__(self, dossier: Dossier) -> None:
        self.dossier = dossier

    @cached_property
    def shifts(self) -> tuple[Shift, ...]:
        """Every shift of the period, in order of start and id."""
        return shifts_of(self.dossier)

    @cached_property
    def shift_by_id(self) -> Mapping[str, Shift]:
        """Each shift under its id."""
        return {shift.id: shift for shift in self.shifts}

    @cached_property
    def shares(self) -> FairShares:
        """Target hours of each GP and burden, with the steps that led to them."""
        from scheduler.fair_shares import fair_shares

        return fair_shares(self.dossier, self.shifts)


_KEPT: Kept[str, Opened] = Kept(ROSTERS, lambda dossier: BYTES_OF_SHIFT * len(dossier.shifts))


def opened(session: Session, digest: str) -> Opened:
    """The dossier kept under `digest`, opened; raises sqlalchemy.exc.NoResultFound when there is none."""
    return _KEPT.get(digest, lambda: Opened(load_snapshot(session, digest)))
