"""What sickness makes of the hours worked, in the words that payment reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from api.clock import local
from api.db.tables.payouts import CallIn, Worked
from api.db.tables.sickness import SicknessCase
from api.dossiers.mapping import gp_ids
from api.payouts import worked
from api.payouts.schemas import StretchEntry
from api.sickness import repository
from api.sickness.cases import Gap
from scheduler.domain.dossier import Dossier


def tell_worked(
    session: Session, user_id: int | None, case: SicknessCase, dossier: Dossier, taker: int | None = None,
    parts: Sequence[Gap] = (),
) -> None:  # fmt: skip
    """Say who works the shift: who fell ill up to then (and whoever did before), and `taker` the `parts`; nobody else.

    Where the taker does all of it there is nothing to say that the roster does not.
    """
    ids, begun = gp_ids(session, case.hds_id), _worked_before(session, case)
    taken = [(taker, *part) for part in parts] if taker is not None else []
    whole = taken == [(taker, case.starts_at, case.ends_at)]
    if whole and not repository.is_told(session, case.hds_id, case.shift_id):
        return
    entry = [
        StretchEntry(gp_id=ids[number], start=local(start), end=local(end))
        for number, start, end in (*begun, *taken)
        if number is not None
    ]
    before = worked.told(session, Worked, case.hds_id, case.shift_id, lock=True)
    worked.enter(session, case.hds_id, user_id, Worked, before, None if whole else entry, dossier)


def _worked_before(session: Session, case: SicknessCase) -> list[tuple[int, datetime, datetime]]:
    """Who worked until somebody fell ill: as was told, of a shift that changed hands before, else the GP of it."""
    told = repository.told(session, case.hds_id, [case.shift_id])
    worked = [(row.gp_number, row.starts_at, min(row.ends_at, case.since)) for row in told]
    if not told:
        worked = [(case.gp_number, case.starts_at, case.since)]
    return [(number, start, end) for number, start, end in worked if number is not None and start < end]


def forget_worked(session: Session, user_id: int | None, case: SicknessCase) -> None:
    """It is worked as rostered after all."""
    if repository.is_told(session, case.hds_id, case.shift_id):
        before = worked.told(session, Worked, case.hds_id, case.shift_id, lock=True)
        worked.enter(session, case.hds_id, user_id, Worked, before, None)


def tell_calls(
    session: Session, hds_id: str, user_id: int | None, standby_id: str, calls: Sequence[tuple[int, Gap]],
    dossier: Dossier,
) -> None:  # fmt: skip
    """Say when which GPs were called in from a standby shift; in place of what was said of it before."""
    ids = gp_ids(session, hds_id)
    entry = [StretchEntry(gp_id=ids[number], start=local(start), end=local(end)) for number, (start, end) in calls]
    before = worked.told(session, CallIn, hds_id, standby_id, lock=True)
    worked.enter(session, hds_id, user_id, CallIn, before, entry or None, dossier)
