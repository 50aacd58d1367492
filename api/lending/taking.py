"""A GP takes a shift of a neighbour: judged by the rules of both HDSs, done once, on record at both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.tables.neighbours import LendingOpening
from api.db.tables.people import Gp
from api.db.tables.rosters import Duty
from api.errors import Problem
from api.lending import repository
from api.lending.guests import admit, guest_for
from api.lending.judging import Applicant
from api.lending.openings import free_of
from api.lending.schemas import ShiftToTake, Taken
from api.neighbours import repository as pacts
from api.outbox import Notice, tell
from api.rosters import force_repository as force
from api.rosters.mapping import shift_of
from api.swaps.grounds import Field, field_of
from api.swaps.hands import pass_on
from api.swaps.repository import hold_roster, hold_still
from api.swaps.table import Table, require_legal, table_for
from scheduler.messages import text
from scheduler.swaps.moves import Move


def to_take(session: Session, member: Member) -> list[ShiftToTake]:
    """What neighbours have opened to the GPs of this HDS, each with whether this GP may take it."""
    home = _home(session, member)
    neighbours = [other.id for _, other in pacts.neighbours(session, member.hds_id, (pacts.ACCEPTED,))]
    rows = _still_free(session, repository.open_to(session, neighbours, member.hds_id, now()))
    posts = force.post_names(session, {duty.dossier_id for _, duty, _ in rows})
    applicant = Applicant(session, home)
    fields = {one: field_of(session, one) for one in {row[1].dossier_id for row in rows}}
    return [_shown(applicant, row, fields[row[1].dossier_id], posts) for row in rows]


def _still_free(session: Session, rows: Sequence[Any]) -> list[Any]:
    """Without what somebody at the neighbour took since it was opened, or offers to all no longer."""
    of: defaultdict[str, list[Duty]] = defaultdict(list)
    for opening, duty, _ in rows:
        of[opening.hds_id].append(duty)
    free = {hds_id: free_of(session, hds_id, duties) for hds_id, duties in of.items()}
    return [row for row in rows if row[1].shift_id in free[row[0].hds_id]]


def _shown(applicant: Applicant, row: Any, field: Field, posts: Any) -> ShiftToTake:
    opening, duty, other = row
    shift = shift_of(duty)
    reasons = applicant.objections(field, shift)
    pay = field.ground.pay
    return ShiftToTake(
        opening_id=opening.id, hds_id=other.id, hds_name=other.name, shift_id=duty.shift_id,
        post=posts.get((duty.dossier_id, duty.post_id), duty.post_id), role=duty.role, burden=duty.burden,
        start=local(duty.starts_at), end=local(duty.ends_at), cents=None if pay is None else pay.cents(shift),
        may_take=not reasons, reasons=reasons,
    )  # fmt: skip


def take(session: Session, member: Member, opening_id: int) -> Taken:
    """Have the GP do the shift, as a guest of the neighbour; who took it before is told so again.

    Raises Problem: `not_found`, `wrong_state` when it is open no longer or the HDSs are neighbours no longer,
    `breaks_rules` by the rules of either HDS.
    """
    home = _home(session, member)
    seen = repository.opening(session, opening_id)
    if seen is None or seen.neighbour_hds_id != member.hds_id:
        raise Problem("not_found")
    # in this order everywhere: the agreement of the two, their rosters, the GPs, the duty
    pact = pacts.live_between(session, seen.hds_id, member.hds_id, lock=True)
    for hds_id in sorted((seen.hds_id, member.hds_id)):
        hold_roster(session, hds_id)
    now_theirs = repository.duties(session, seen.hds_id, [seen.shift_id]).values()
    hold_still(session, {home.number, *(one.performer_number for one in now_theirs if one.performer_number)})
    # who takes it back now waits, and so does this for who did
    repository.open_of(session, seen.hds_id, [seen.shift_id])
    opening = repository.opening(session, opening_id)
    duty = repository.duties(session, seen.hds_id, [seen.shift_id]).get(seen.shift_id)
    if opening is None or duty is None:
        raise Problem("not_found")
    if (again := _again(session, opening, duty, home)) is not None:
        return again
    if pact is None or pact.state != pacts.ACCEPTED:
        raise Problem("wrong_state", text("lending.no_neighbour"))
    if opening.state != "open" or duty.starts_at <= now() or not free_of(session, duty.hds_id, [duty]):
        raise Problem("wrong_state", text("lending.not_open"))
    return _done(session, member, opening, duty, home)


def _again(session: Session, opening: LendingOpening, duty: Duty, home: Gp) -> Taken | None:
    known = repository.guest(session, duty.hds_id, home.number)
    if opening.state != "taken" or known is None or duty.performer_number != known.gp_number:
        return None
    return _taken(duty, session.get_one(Gp, known.gp_number))


def _done(session: Session, member: Member, opening: LendingOpening, duty: Duty, home: Gp) -> Taken:
    shift, applicant = shift_of(duty), Applicant(session, home)
    terms = applicant.terms_on(shift.day)
    if terms is None:
        raise Problem("breaks_rules", text("lending.no_agreement"))
    if against := applicant.at_home(shift):
        raise Problem("breaks_rules", " ".join(against), errors=[{"expected": one} for one in against])
    guest = guest_for(session, duty.hds_id, home)
    admit(session, duty.dossier_id, guest, terms, shift)
    move = Move(shift_id=duty.shift_id, from_gp=_holder(session, duty), to_gp=guest.gp_id)
    table = table_for(session, duty.hds_id, [move], still=True)
    require_legal(table, Member(member.user_id, duty.hds_id, frozenset({Role.GP}), guest.number, guest.gp_id))
    for one in repository.open_of(session, duty.hds_id, [duty.shift_id]):
        one.state, one.changed_at = "taken" if one.id == opening.id else "withdrawn", now()
    _tell(session, duty, guest, home)
    _put_on_record(session, member, opening, table, home)
    return _taken(duty, guest)


def _home(session: Session, member: Member) -> Gp:
    if member.gp_number is None:
        raise Problem("forbidden")
    return session.get_one(Gp, member.gp_number)


def _holder(session: Session, duty: Duty) -> str | None:
    return None if duty.performer_number is None else session.get_one(Gp, duty.performer_number).gp_id


def _taken(duty: Duty, guest: Gp) -> Taken:
    return Taken(
        hds_id=duty.hds_id, shift_id=duty.shift_id, guest_id=guest.gp_id, start=local(duty.starts_at),
        end=local(duty.ends_at),
    )  # fmt: skip


def _tell(session: Session, duty: Duty, guest: Gp, home: Gp) -> None:
    names = repository.hds_names(session, (duty.hds_id, home.hds_id))
    times = {"start": local(duty.starts_at).isoformat(), "end": local(duty.ends_at).isoformat()}
    lent = {"hds": names[duty.hds_id], "gp_id": home.gp_id} | times
    tell(session, home.hds_id, Notice("shift_lent", lent, [home.number], to_planners=True))
    borrowed = {"hds": names[home.hds_id], "shift_id": duty.shift_id, "guest": guest.gp_id}
    tell(session, duty.hds_id, Notice("shift_borrowed", borrowed, to_planners=True))


def _put_on_record(session: Session, member: Member, opening: LendingOpening, table: Table, home: Gp) -> None:
    """At both HDSs; the one that borrows is not told which account that was."""
    pass_on(session, opening.hds_id, None, table, Act("lending.borrowed", f"opening/{opening.id}"))
    after = {"hds_id": opening.hds_id, "shift_id": opening.shift_id}
    act = Act("lending.lent", f"opening/{opening.id}", after=after, gp_number=home.number)
    record(session, home.hds_id, member.user_id, act)
