"""Where versions and duties meet `scheduler.domain`; nowhere else."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from sqlalchemy import ColumnElement, and_, insert, select
from sqlalchemy.orm import Session

from api.clock import local, now
from api.db.inserting import insert_into
from api.db.tables.rosters import Assignment, Duty, Snapshot
from api.dossiers.mapping import gp_ids, gp_numbers
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import DAY, Period
from scheduler.domain.time import local as moment_of


def store_snapshot(session: Session, dossier: Dossier) -> str:
    """Keep the dossier as it is now; returns its SHA-256, the same for the same dossier."""
    return store_content(session, dossier.model_dump_json().encode())


def store_content(session: Session, content: bytes) -> str:
    """Keep the JSON of a dossier; returns its SHA-256, under which it is found."""
    digest = hashlib.sha256(content).hexdigest()
    packed = gzip.compress(content, compresslevel=6, mtime=0)
    session.execute(
        insert_into(session, Snapshot).values(sha256=digest, content=packed, created_at=now()).on_conflict_do_nothing()
    )
    return digest


def load_snapshot(session: Session, digest: str) -> Dossier:
    """The dossier that was kept under `digest`; raises sqlalchemy.exc.NoResultFound when there is none."""
    content = session.scalars(select(Snapshot.content).where(Snapshot.sha256 == digest)).one()
    return Dossier.model_validate_json(gzip.decompress(content))


def write_assignments(
    session: Session, hds_id: str, version_id: int, roster: Roster, locked: frozenset[str] = frozenset()
) -> None:
    """Write every shift of `roster` as the rows of a version that has none yet."""
    numbers = gp_numbers(session, hds_id, (*roster.by_gp, *roster.by_trainee))
    rows = [
        shift_values(shift)
        | {
            "version_id": version_id,
            "gp_number": numbers.get(roster.gp_of.get(shift.id, "")),
            "trainee_number": numbers.get(roster.trainee_of.get(shift.id, "")),
            "locked": shift.id in locked,
        }
        for shift in roster.shifts
    ]
    if rows:
        session.execute(insert(Assignment), rows)


def shift_values(shift: Shift) -> dict[str, Any]:
    """The columns of `assignment` or `duty` that tell of the shift itself."""
    return {
        "shift_id": shift.id, "post_id": shift.post_id, "role": shift.role, "burden": shift.burden,
        "is_night": shift.is_night, "starts_at": shift.starts_at, "ends_at": shift.ends_at,
    }  # fmt: skip


def read_roster(session: Session, hds_id: str, version_id: int) -> Roster:
    """The roster of a version."""
    rows = session.execute(
        select(Assignment.__table__)
        .where(Assignment.version_id == version_id)
        .order_by(Assignment.starts_at, Assignment.shift_id)
    ).all()
    ids = gp_ids(session, hds_id)
    return Roster(
        shifts=tuple(shift_of(row) for row in rows),
        gp_of=_named({row.shift_id: row.gp_number for row in rows}, ids),
        trainee_of=_named({row.shift_id: row.trainee_number for row in rows}, ids),
    )


def read_duties(session: Session, hds_id: str, dossier_id: int) -> Roster:
    """The roster in force of a dossier, with who performs each shift now."""
    return _in_force(session, hds_id, Duty.dossier_id == dossier_id)


def read_duties_in(session: Session, hds_id: str, period: Period) -> Roster:
    """The roster in force of an HDS for the shifts that start in `period`, of whichever dossiers they are."""
    return _in_force(session, hds_id, starts_in(period))


def read_duties_of(session: Session, hds_id: str, shift_ids: Iterable[str]) -> Roster:
    """The roster in force of an HDS for some shifts alone."""
    return _in_force(session, hds_id, Duty.shift_id.in_(list(shift_ids)))


def starts_in(period: Period) -> ColumnElement[bool]:
    """The condition that a duty starts on a day of `period`, by the local clock."""
    return and_(
        Duty.starts_at >= moment_of(period.start, time(0)), Duty.starts_at < moment_of(period.end + DAY, time(0))
    )


def _in_force(session: Session, hds_id: str, wanted: ColumnElement[bool]) -> Roster:
    rows = session.execute(
        select(Duty.__table__).where(Duty.hds_id == hds_id, wanted).order_by(Duty.starts_at, Duty.shift_id)
    ).all()
    ids = gp_ids(session, hds_id)
    return Roster(
        shifts=tuple(shift_of(row) for row in rows),
        gp_of=_named({row.shift_id: row.performer_number for row in rows}, ids),
        trainee_of=_named({row.shift_id: row.trainee_number for row in rows}, ids),
    )


def shift_of(row: Any) -> Shift:
    """The shift of a row of `assignment` or `duty`."""
    return Shift(
        id=row.shift_id, post_id=row.post_id, role=row.role, burden=row.burden, is_night=row.is_night,
        start=local(row.starts_at), end=local(row.ends_at),
    )  # fmt: skip


def _named(numbers: Mapping[str, int | None], ids: Mapping[int, str]) -> dict[str, str]:
    return {shift_id: ids[number] for shift_id, number in numbers.items() if number is not None}
