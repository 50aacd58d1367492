"""What was really worked on a duty, where that differs from the roster in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, now
from api.db.tables.payouts import CallIn, Worked
from api.db.tables.rosters import Duty
from api.dossiers.mapping import gp_ids, read_dossier
from api.etag import require_match
from api.payouts import repository
from api.payouts.mapping import actuals_of
from api.payouts.schemas import StretchEntry
from api.rosters.mapping import read_duties_of
from scheduler.domain.dossier import Dossier
from scheduler.errors import DossierError, Mistake
from scheduler.messages import text

Table = type[Worked] | type[CallIn]
NAMES: Mapping[Table, str] = {Worked: "worked", CallIn: "call_ins"}


@dataclass(frozen=True)
class Told:
    """What was told about one duty; `revision` is 0 when nothing was."""

    duty: Duty
    rows: Sequence[Worked] | Sequence[CallIn]
    revision: int
    changed_by: int | None
    changed_at: datetime


def told(session: Session, table: Table, hds_id: str, shift_id: str, *, lock: bool = False) -> Told:
    """What was told about a shift of the roster in force; raises Problem `not_found`."""
    duty = repository.duty(session, hds_id, shift_id, lock=lock)
    rows: Sequence[Worked] | Sequence[CallIn] = (
        repository.told(session, Worked, hds_id, [shift_id])
        if table is Worked
        else repository.told(session, CallIn, hds_id, [shift_id])
    )
    last = max(rows, key=lambda row: row.entered_at, default=None)
    if last is None:
        return Told(duty, rows, 0, None, duty.changed_at)
    return Told(duty, rows, int(last.entered_at.timestamp() * 1_000_000), last.entered_by, last.entered_at)


def put(
    session: Session, who: Member, table: Table, shift_id: str, entry: Sequence[StretchEntry] | None,
    if_match: str | None,
) -> Told:  # fmt: skip
    """Replace all that was told about a shift; None goes back to the roster, an empty list of worked says nobody did.

    Raises Problem `not_found`, `if_match_needed` or `changed_meanwhile`, DossierError with all that is wrong, also with
    what was told of the same shift in the other table.
    """
    before = told(session, table, who.hds_id, shift_id, lock=True)
    require_match(
        if_match, before.revision, repository.user_name(session, before.changed_by), before.changed_at
    )  # fmt: skip
    enter(session, who.hds_id, who.user_id, table, before, entry)
    return told(session, table, who.hds_id, shift_id)


def enter(
    session: Session, hds_id: str, user_id: int | None, table: Table, before: Told,
    entry: Sequence[StretchEntry] | None, dossier: Dossier | None = None,
) -> None:  # fmt: skip
    """As `put`, for a change that follows from another one (`user_id` None: of the service's own accord).

    `dossier` is the one of the duty where it is at hand already: reading a region's takes a while.
    """
    shift_id = before.duty.shift_id
    repository.forget_told(session, table, hds_id, shift_id)
    rows = [] if entry is None else _rows(session, hds_id, user_id, table, before, entry)
    session.add_all(rows)
    session.flush()
    if mistakes := _mistakes(session, hds_id, before.duty, rows, dossier):
        raise DossierError(mistakes)
    ids = gp_ids(session, hds_id)
    act = Act(
        f"{NAMES[table]}.{'withdrawn' if entry is None else 'told'}", f"duty/{shift_id}",
        {"stretches": [_shown(row, ids) for row in before.rows]}, {"stretches": [_shown(row, ids) for row in rows]},
    )  # fmt: skip
    record(session, hds_id, user_id, act)


def _rows(
    session: Session, hds_id: str, user_id: int | None, table: Table, before: Told, entry: Sequence[StretchEntry]
) -> list[Worked] | list[CallIn]:
    numbers = {gp_id: number for number, gp_id in gp_ids(session, hds_id).items()}
    unknown = [one.gp_id for one in entry if one.gp_id not in numbers]
    if unknown:
        name = f"{NAMES[table]}.csv"
        raise DossierError([Mistake(name, None, "gp_id", gp_id, text("payout.known_gp")) for gp_id in unknown])
    # an entry at the very moment of the one before, or by a clock set back, would be taken for the same revision
    entered = max(now(), before.changed_at + timedelta(microseconds=1))
    common = {"hds_id": hds_id, "shift_id": before.duty.shift_id, "entered_at": entered, "entered_by": user_id}
    if not entry and table is Worked:
        starts_at = before.duty.starts_at
        return [Worked(**common, gp_number=None, starts_at=starts_at, ends_at=starts_at)]
    stretches = [{"gp_number": numbers[one.gp_id], "starts_at": one.start, "ends_at": one.end} for one in entry]
    return [table(**common, **stretch) for stretch in stretches]  # type: ignore[return-value]


def _mistakes(
    session: Session, hds_id: str, duty: Duty, rows: Sequence[Worked | CallIn], dossier: Dossier | None
) -> list[Mistake]:
    """What the engine finds wrong with this shift and with all call-ins of its GPs."""
    from scheduler.payout.mistaken import actual_mistakes

    called = {row.gp_number for row in rows if isinstance(row, CallIn)}
    shift_ids = {duty.shift_id, *repository.shifts_with_call_ins_of(session, duty, called)}
    actuals = actuals_of(
        repository.told(session, Worked, hds_id, shift_ids), repository.told(session, CallIn, hds_id, shift_ids),
        gp_ids(session, hds_id),
    )  # fmt: skip
    dossier = dossier or read_dossier(session, repository.dossier(session, hds_id, duty.dossier_id))
    return list(actual_mistakes(dossier, read_duties_of(session, hds_id, shift_ids), actuals))


def _shown(row: Worked | CallIn, ids: Mapping[int, str]) -> dict[str, Any]:
    return {
        "gp_id": None if row.gp_number is None else ids[row.gp_number], "start": local(row.starts_at).isoformat(),
        "end": local(row.ends_at).isoformat(),
    }  # fmt: skip
