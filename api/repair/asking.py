"""A repair is asked for: checked, put down, and left to a worker."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator, Mapping

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, now
from api.db.tables.repair import Repair, RepairAway
from api.dossiers import rows_kept
from api.dossiers.mapping import gp_ids
from api.errors import Problem
from api.repair import lifecycle, repository
from api.repair.schemas import RepairAsked
from scheduler.messages import text

SEED = 1
"""The same question of the same roster has the same answer."""


def ask(session: Session, member: Member, asked: RepairAsked, key: str | None) -> Repair:
    """Ask for a repair; the same idempotency key with the same request gives the one that it made.

    Raises Problem: `not_found` for an unknown dossier, `mend_refused` with everything that is wrong with the question,
    `idempotency_key_reused`.
    """
    print_of = hashlib.sha256(asked.model_dump_json().encode()).hexdigest()
    if key is not None and (known := repository.of_key(session, member.hds_id, key)) is not None:
        if known.request["fingerprint"] != print_of:
            raise Problem("idempotency_key_reused")
        return known
    if repository.dossier(session, member.hds_id, asked.dossier_id) is None:
        raise Problem("not_found")
    named = {one.gp_id for one in asked.away} | set(asked.movable_gp_ids)
    numbers = rows_kept.numbers_in_dossier(session, asked.dossier_id, named)
    objections = list(_objections(session, member, asked, numbers))
    if objections:
        raise Problem("mend_refused", "\n".join(objections), errors=[{"expected": one} for one in objections])
    row = Repair(
        id=str(uuid.uuid4()), hds_id=member.hds_id, dossier_id=asked.dossier_id, reason=asked.reason,
        request=asked.model_dump(mode="json", exclude={"away", "reason"}) | {"seed": SEED, "fingerprint": print_of},
        idempotency_key=key, requested_by=member.user_id, requested_at=now(),
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(
        RepairAway(
            repair_id=row.id, gp_number=numbers[one.gp_id], starts_at=one.start, ends_at=one.end, reason=one.reason
        )
        for one in asked.away
    )
    repository.add_event(session, row.id, "state", {"state": "queued"})
    act = Act("repair.asked", f"repair/{row.id}", after=asked.model_dump(mode="json", exclude={"away"}))
    record(session, member.hds_id, member.user_id, act)
    return row


def _objections(session: Session, member: Member, asked: RepairAsked, numbers: Mapping[str, int]) -> Iterator[str]:
    if not asked.away and not asked.vacated:
        yield text("repairs.nothing")
    gp_ids_named = [one.gp_id for one in asked.away] + asked.movable_gp_ids
    for gp_id in dict.fromkeys(gp_ids_named):
        if gp_id not in numbers:
            yield text("mend.unknown_gp", gp=gp_id)
    for one in asked.away:
        if one.end <= one.start:
            yield text("mend.backwards", gp=one.gp_id, start=one.start, end=one.end)
    if len({(one.gp_id, one.start) for one in asked.away}) < len(asked.away):
        yield text("repairs.away_twice")
    duties, moment = repository.duties(session, member.hds_id, asked.vacated), now()
    for shift_id in dict.fromkeys(asked.vacated):
        duty = duties.get(shift_id)
        if duty is None or duty.dossier_id != asked.dossier_id:
            yield text("mend.unknown_shift", shift=shift_id)
        elif duty.starts_at <= moment:
            start = local(duty.starts_at)
            yield text("mend.begun", shift=shift_id, start=f"{start:%d-%m-%Y %H:%M}", since=f"{local(moment):%H:%M}")


def again(session: Session, member: Member, repair_id: str) -> Repair:
    """Ask the same once more, of the roster as it is now; raises Problem as `ask` does."""
    old = found(session, member.hds_id, repair_id)
    ids = gp_ids(session, member.hds_id)
    away = [
        {"gp_id": ids[one.gp_number], "start": one.starts_at, "end": one.ends_at, "reason": one.reason}
        for one in repository.away(session, [old.id])
    ]
    asked = {name: value for name, value in old.request.items() if name in RepairAsked.model_fields}
    return ask(session, member, RepairAsked.model_validate(asked | {"away": away, "reason": old.reason}), None)


def found(session: Session, hds_id: str, repair_id: str) -> Repair:
    """A repair of the HDS; raises Problem `not_found`."""
    row = repository.one(session, hds_id, repair_id)
    if row is None:
        raise Problem("not_found")
    return row


def cancel(session: Session, member: Member, repair_id: str) -> Repair:
    """Stop a repair that has no proposal yet; one that ended or stops stays as it is. Raises Problem `not_found`."""
    row = repository.one(session, member.hds_id, repair_id, lock=True)
    if row is None:
        raise Problem("not_found")
    if row.state in repository.UNFINISHED and row.cancel_requested_at is None:
        lifecycle.cancel(session, row)
        record(session, member.hds_id, member.user_id, Act("repair.cancelled", f"repair/{row.id}"))
    return row
