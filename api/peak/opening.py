"""Extra shifts put in force after publication, each with a shift type of its own, so that each can be closed alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import local, now
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.peak import Escalation
from api.dossiers import repository as dossiers
from api.errors import Problem
from api.peak import repository
from api.rosters import force_repository as force
from api.rosters.mapping import shift_values
from api.swaps.repository import hold_roster
from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift, ShiftType
from scheduler.errors import ExtraRefused
from scheduler.messages import text
from scheduler.messages.dutch import long_date

if TYPE_CHECKING:
    from scheduler.peak import Extra

MOST_AT_ONCE = 200
"""Extra shifts of one opening."""


@dataclass(frozen=True)
class Planned:
    """Extra shifts that may be opened: their types, the shifts, and the publication that is in force on each day."""

    kinds: tuple[ShiftType, ...]
    shifts: tuple[Shift, ...]
    publication_of: dict[date, int]


def open_shifts(
    session: Session, hds_id: str, user_id: int | None, dossier_id: int, extras: Sequence[Extra], reason: str
) -> list[str]:
    """Refill by extra shifts: in the dossier as demand, and in force as open duties; returns their ids.

    Call it in a writing transaction, after `table_for` where that is called too and before `pass_on`. Raises Problem
    `not_found` for an unknown dossier, `extra_refused` with every objection.
    """
    return [shift.id for shift in open_for(session, hds_id, user_id, dossier_id, extras, reason, "refill")[1].shifts]


def open_for(
    session: Session, hds_id: str, user_id: int | None, dossier_id: int, extras: Sequence[Extra], reason: str,
    kind: str, key: str | None = None,
) -> tuple[Escalation, Planned]:  # fmt: skip
    """As `open_shifts`, with the escalation that it is; `kind` as in `api.db.tables.peak`."""
    hold_roster(session, hds_id)
    row = repository.hold_dossier(session, hds_id, dossier_id)
    if row is None:
        raise Problem("not_found")
    planned = plan(session, row, extras)
    dossiers.touch(session, hds_id, dossier_id, user_id)
    session.refresh(row)
    escalation = Escalation(
        hds_id=hds_id, dossier_id=dossier_id, kind=kind, reason=reason, idempotency_key=key, opened_at=now(),
        opened_by=user_id,
    )  # fmt: skip
    session.add(escalation)
    session.flush()
    row_ids = repository.add_types(session, dossier_id, planned.kinds)
    force.put_in(session, [_duty(row, shift, planned) for shift in planned.shifts])
    repository.add_extra(session, [_kept(escalation, shift) for shift in planned.shifts])
    for one in planned.kinds:
        subject = f"dossier/{dossier_id}/shift_types/{row_ids[one.id]}"
        after = one.model_dump(mode="json")
        record(session, hds_id, user_id, Act("dossier.shift_types.added", subject, after=after, reason=reason))
    after = {"shifts": [shift.id for shift in planned.shifts], "kind": kind}
    record(session, hds_id, user_id, Act("peak.opened", f"escalation/{escalation.id}", after=after, reason=reason))
    return escalation, planned


def opened_before(
    session: Session, hds_id: str, dossier_id: int, extras: Sequence[Extra], reason: str, key: str
) -> Escalation | None:
    """What this request opened already under its key, also when it was sent twice at once: the second waits here.

    Raises Problem `idempotency_key_reused` for the key of another request.
    """
    hold_roster(session, hds_id)
    repository.hold_dossier(session, hds_id, dossier_id)
    known = repository.escalation_of_key(session, hds_id, key)
    if known is None:
        return None
    kept = Counter(
        (row.post_id, row.role, local(row.starts_at).date(), local(row.starts_at).time())
        for row in repository.extra_of(session, hds_id, [known.id])
    )
    asked = Counter((one.post_id, str(one.role), one.days[0], one.start) for one in _one_by_one(extras))
    if (known.dossier_id, known.reason, kept) != (dossier_id, reason, asked):
        raise Problem("idempotency_key_reused")
    return known


def plan(session: Session, row: DossierRow, extras: Sequence[Extra]) -> Planned:
    """The shifts that these extras would be, without opening them; raises Problem `extra_refused` with all objections.

    Two openings of one dossier get different ids only where the caller holds it (`repository.hold_dossier`).
    """
    from scheduler.peak import number_of, open_extra

    demand = repository.demand_of(session, row)
    last = max(map(number_of, repository.types_given_out(session, row.id)), default=0)
    objections = list(_too_many(extras))
    each = [] if objections else list(_one_by_one(extras))
    try:
        opened = open_extra(demand, Roster(shifts=()), each, last=last)
    except ExtraRefused as refused:
        objections += dict.fromkeys(refused.objections)
        opened = None
    shifts = opened.shifts if opened else ()
    publication_of = _publications(session, row, shifts)
    objections += _objections(shifts, publication_of)
    if objections or opened is None:
        raise Problem("extra_refused", "\n".join(objections), errors=[{"expected": one} for one in objections])
    return Planned(_added(demand, opened.dossier), shifts, publication_of)


def _too_many(extras: Sequence[Extra]) -> Iterator[str]:
    count = sum(len(set(extra.days)) * extra.headcount for extra in extras)
    if count > MOST_AT_ONCE:
        yield text("peaks.too_many", count=count, most=MOST_AT_ONCE)


def _one_by_one(extras: Sequence[Extra]) -> Iterator[Extra]:
    for extra in extras:
        if not extra.days:
            yield extra
        for day in sorted(set(extra.days)):
            yield from [extra.replace(days=(day,), headcount=1)] * extra.headcount


def _added(before: Dossier, after: Dossier) -> tuple[ShiftType, ...]:
    return after.shift_types[len(before.shift_types) :]


def _publications(session: Session, row: DossierRow, shifts: Sequence[Shift]) -> dict[date, int]:
    known = repository.publications_of(session, row.hds_id, row.id)
    days = {shift.day for shift in shifts}
    found = {day: next((number for number, freeze_from in known if freeze_from <= day), None) for day in days}
    return {day: number for day, number in found.items() if number is not None}


def _objections(shifts: Sequence[Shift], publication_of: dict[date, int]) -> Iterator[str]:
    for day in sorted({shift.day for shift in shifts} - publication_of.keys()):
        yield text("peaks.not_in_force", day=long_date(day))
    moment = now()
    for shift in shifts:
        told = {"day": long_date(shift.day), "start": f"{shift.start:%H:%M}", "end": f"{shift.end:%H:%M}"}
        if shift.ends_at <= shift.starts_at:
            yield text("peaks.no_length", **told)
        elif shift.ends_at <= moment:
            yield text("peaks.past", **told)


def _duty(row: DossierRow, shift: Shift, planned: Planned) -> dict[str, Any]:
    return shift_values(shift) | {
        "hds_id": row.hds_id, "dossier_id": row.id, "publication_id": planned.publication_of[shift.day],
        "performer_number": None, "responsible_number": None, "trainee_number": None, "revision": 1,
        "changed_at": now(),
    }  # fmt: skip


def _kept(escalation: Escalation, shift: Shift) -> dict[str, Any]:
    return {
        "hds_id": escalation.hds_id, "shift_id": shift.id, "escalation_id": escalation.id,
        "dossier_id": escalation.dossier_id, "shift_type_id": shift.id.split("/", 1)[0], "post_id": shift.post_id,
        "role": shift.role, "starts_at": shift.starts_at, "ends_at": shift.ends_at,
    }  # fmt: skip
