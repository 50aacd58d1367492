"""Extra shifts that nobody turned out to be needed for are closed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, now
from api.db.tables.peak import ExtraShift
from api.db.tables.rosters import Duty
from api.dossiers import repository as dossiers
from api.errors import Problem
from api.peak import repository
from api.rosters import force_repository as force
from api.swaps import repository as swaps
from scheduler.messages import text


def close(session: Session, member: Member, shift_ids: Sequence[str], reason: str) -> list[str]:
    """Take extra shifts out of force and out of the dossier, all or none.

    Raises Problem `not_found` for what is no extra shift in force, `wrong_state` with every objection: it has a GP, has
    begun, or hours were told of it.
    """
    swaps.hold_roster(session, member.hds_id)
    held = swaps.locked_duties(session, member.hds_id, shift_ids)
    extras = repository.extras(session, member.hds_id, held)
    if set(extras) != set(shift_ids):
        raise Problem("not_found")
    objections = list(_objections(session, member.hds_id, held))
    if objections:
        raise Problem("wrong_state", "\n".join(objections), errors=[{"expected": one} for one in objections])
    for dossier_id in sorted({extra.dossier_id for extra in extras.values()}):
        _close(session, member, dossier_id, [one for one in extras.values() if one.dossier_id == dossier_id], reason)
    return sorted(extras)


def _objections(session: Session, hds_id: str, held: Mapping[str, Duty]) -> Iterator[str]:
    moment, entered = now(), force.shifts_with_hours(session, hds_id)
    for shift_id, duty in sorted(held.items()):
        if duty.performer_number is not None:
            yield text("peaks.filled", shift=shift_id)
        if duty.starts_at <= moment:
            yield text("peaks.begun", shift=shift_id, start=f"{local(duty.starts_at):%d-%m-%Y %H:%M}")
        if shift_id in entered:
            yield text("peaks.has_hours", shift=shift_id)


def _close(session: Session, member: Member, dossier_id: int, extras: Sequence[ExtraShift], reason: str) -> None:
    repository.hold_dossier(session, member.hds_id, dossier_id)
    dossiers.touch(session, member.hds_id, dossier_id, member.user_id)
    before = {one.shift_id: one.shift_type_id for one in extras}
    for one in extras:
        one.closed_at = now()
    session.flush()
    repository.take_out(session, member.hds_id, dossier_id, list(before), list(before.values()))
    act = Act("peak.closed", f"dossier/{dossier_id}", before={"shifts": sorted(before)}, reason=reason)
    record(session, member.hds_id, member.user_id, act)
