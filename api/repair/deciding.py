"""A proposal becomes the roster in force as one set, or nothing does.

Filled shifts go to their takers and they are told. Published shifts of others move with the consent of those who have
them, or by the planner's decision. Whoever does it last judges the whole anew, with the duties held still.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Actor, Member, SystemActor
from api.clock import local, now
from api.db.engine import Database
from api.db.tables.repair import Repair, RepairChange, RepairConsent
from api.dossiers.cells import named
from api.dossiers.changes import Change as RowChange
from api.dossiers.changes import Deed
from api.dossiers.changes import apply as change_dossier
from api.dossiers.mapping import gp_ids
from api.dossiers.parts import PARTS
from api.errors import Problem
from api.outbox import Notice, tell
from api.repair import repository
from api.repair.asking import found
from api.swaps.choices import choices_of
from api.swaps.hands import pass_on
from api.swaps.repository import hold_roster
from api.swaps.table import Table, require_legal, table_for
from scheduler.domain.availability import Absence
from scheduler.dossier.writing import cells_of
from scheduler.messages import text
from scheduler.swaps.moves import Move


def decide(session: Session, member: Member, repair_id: str, how: str, reason: str) -> Repair:
    """Carry a proposal out, or ask those whose published shifts move.

    Raises Problem: `not_found`, `wrong_state`, `bad_request` for a decision without a reason, `swap_outdated` when the
    duties are not as they were, `breaks_rules`.
    """
    row, table = _opened(session, member, repair_id, ("proposed",))
    changes = repository.changes(session, [row.id])
    asked = sorted({one.from_number for one in changes if one.cause == "makes_room" and one.from_number is not None})
    if how == "decide" and asked and not reason.strip():
        raise Problem("bad_request", text("repairs.say_why"))
    row.decided_by, row.decided_at, row.decision = member.user_id, now(), how
    _require_current(session, row, changes)
    if how == "ask" and asked:
        _ask(session, member, row, changes, asked, reason)
    else:
        if asked:
            tell(session, row.hds_id, Notice("repair_decided", {"repair_id": row.id, "words": reason}, asked))
        _perform(session, member, member, row, table, reason or row.reason)
    return row


def _opened(session: Session, member: Member, repair_id: str, states: Sequence[str]) -> tuple[Repair, Table | None]:
    """A repair in one of these states with the duties that it moves, all for this transaction alone."""
    found(session, member.hds_id, repair_id)
    moves = _moves(session, member.hds_id, repair_id)
    if moves:
        table: Table | None = _table(session, member.hds_id, moves)
    else:
        hold_roster(session, member.hds_id)
        table = None
    row = repository.one(session, member.hds_id, repair_id, lock=True)
    assert row is not None
    if row.state not in states:
        raise Problem("wrong_state", text(f"repairs.state.{row.state}"))
    return row, table


def _moves(session: Session, hds_id: str, repair_id: str) -> list[Move]:
    ids = gp_ids(session, hds_id)
    return [
        Move(shift_id=one.shift_id, from_gp=ids.get(one.from_number or 0), to_gp=ids.get(one.to_number or 0))
        for one in repository.changes(session, [repair_id])
    ]


def _table(session: Session, hds_id: str, moves: Sequence[Move]) -> Table:
    """The duties of a proposal; one that is in force no longer makes the proposal outdated."""
    try:
        return table_for(session, hds_id, moves, still=True)
    except Problem as error:
        if error.code == "not_found":
            raise Problem("swap_outdated", text("repairs.outdated")) from error
        raise


def _require_current(session: Session, row: Repair, changes: Sequence[RepairChange]) -> None:
    if not is_current(session, row, changes):
        raise Problem("swap_outdated", text("repairs.outdated"))


def is_current(session: Session, row: Repair, changes: Sequence[RepairChange]) -> bool:
    """Whether the duties that a proposal is about are as they were, and none of them has begun."""
    moment = now()
    duties = repository.duties(session, row.hds_id, [one.shift_id for one in changes])
    for one in changes:
        duty = duties.get(one.shift_id)
        if duty is None or duty.revision != one.duty_revision or duty.starts_at <= moment:
            return False
    known = {one.shift_id for one in changes}
    return all(
        set(repository.duties_of_away(session, row.hds_id, row.dossier_id, away, moment)) <= known
        for away in repository.away(session, [row.id])
    )


def _ask(
    session: Session, member: Member, row: Repair, changes: Sequence[RepairChange], asked: Sequence[int], reason: str
) -> None:
    duties = repository.duties(session, row.hds_id, [one.shift_id for one in changes])
    first = min(duty.starts_at for duty in duties.values())
    hours = choices_of(session, row.hds_id).answer_hours
    row.state, row.expires_at = "asking", min(first, now() + timedelta(hours=hours))
    session.add_all(RepairConsent(repair_id=row.id, gp_number=number) for number in asked)
    about = {"repair_id": row.id, "expires_at": local(row.expires_at).isoformat(), "words": reason}
    tell(session, row.hds_id, Notice("repair_asked", about, asked))
    repository.add_event(session, row.id, "state", {"state": "asking"})
    act = Act("repair.asking", f"repair/{row.id}", after={"asked": len(asked)}, reason=reason)
    record(session, row.hds_id, member.user_id, act)


def answer(session: Session, member: Member, repair_id: str, *, agreed: bool, reason: str) -> Repair:
    """A GP agrees or refuses that the own shifts move; once the last agrees it is done, once one refuses it is off.

    Raises Problem: `not_found` for who is not asked, `wrong_state`, `swap_outdated`, `breaks_rules`.
    """
    asked = [one.gp_number for one in repository.consents(session, [repair_id])]
    if member.gp_number not in asked:
        raise Problem("not_found")
    row, table = _opened(session, member, repair_id, ("asking",))
    if row.expires_at is not None and row.expires_at <= now():
        raise Problem("wrong_state", text("repairs.state.expired"))
    consents = repository.consents(session, [repair_id])
    mine = next(one for one in consents if one.gp_number == member.gp_number)
    mine.agreed, mine.answered_at = agreed, now()
    session.flush()
    act = "repair.agreed" if agreed else "repair.refused"
    record(
        session, row.hds_id, member.user_id,
        Act(act, f"repair/{row.id}", reason=reason, gp_number=member.gp_number),
    )  # fmt: skip
    if not agreed:
        _off(session, row, "refused")
    elif all(one.agreed for one in consents):
        _require_current(session, row, repository.changes(session, [row.id]))
        _perform_agreed(session, member, row, table)
    return row


def _perform_agreed(session: Session, member: Member, row: Repair, table: Table | None) -> None:
    """Do what the last yes completes: the service does it, and a refusal is read by the GP who said yes."""
    try:
        _perform(session, SystemActor(row.hds_id), member, row, table, row.reason)
    except Problem as refused:
        if refused.code != "dossier_invalid":
            raise
        # its mistakes are about rows of others
        raise Problem("swap_outdated", text("repairs.outdated")) from None


def withdraw(session: Session, member: Member, repair_id: str) -> Repair:
    """The planner drops a proposal, or takes it back from those who are asked."""
    row, _ = _opened(session, member, repair_id, ("proposed", "asking"))
    _off(session, row, "withdrawn")
    record(session, row.hds_id, member.user_id, Act("repair.withdrawn", f"repair/{row.id}"))
    return row


def expire(database: Database, moment: datetime) -> int:
    """End repairs that were not answered in time (aware); any number of workers may do it at once."""
    with database.reading() as session:
        overdue = repository.overdue(session, moment)
    done = 0
    for hds_id, repair_id in overdue:
        with database.writing() as session:
            row = repository.one(session, hds_id, repair_id, lock=True)
            if row is not None and row.state == "asking":
                _off(session, row, "expired")
                record(session, hds_id, None, Act("repair.expired", f"repair/{repair_id}"))
                done += 1
    return done


def _off(session: Session, row: Repair, state: str) -> None:
    """Nothing of it is done; who was asked is told, and the planners."""
    asked = [one.gp_number for one in repository.consents(session, [row.id])]
    row.state = state
    repository.add_event(session, row.id, "state", {"state": state})
    if asked:
        tell(session, row.hds_id, Notice(f"repair_{state}", {"repair_id": row.id}, asked, to_planners=True))


def _perform(session: Session, actor: Actor, reader: Member, row: Repair, table: Table | None, reason: str) -> None:
    """Do it: absences and locks in the dossier first, so that the whole is judged with them.

    It is done by `actor`; a refusal tells `reader` no more than that member may read.
    """
    edits = [*_absences(session, row), *_locks(session, row)]
    if edits:
        change_dossier(session, actor, row.dossier_id, edits, reason)
    numbers = [one.gp_number for one in repository.away(session, [row.id])]
    trainees_off = (row.proposal or {}).get("trainees_off", [])
    if trainees_off:
        repository.take_trainees_off(session, row.hds_id, trainees_off, numbers)
    row.state = "applied"
    repository.add_event(session, row.id, "state", {"state": "applied"})
    act = Act("repair.applied", f"repair/{row.id}", reason=reason)
    if table is None:
        record(session, row.hds_id, actor.user_id, act)
        return
    judged = _table(session, row.hds_id, table.moves)
    require_legal(judged, reader)
    pass_on(session, row.hds_id, actor.user_id, judged, act)


def _absences(session: Session, row: Repair) -> list[RowChange]:
    """The absences that the dossier does not hold yet."""
    ids, part = gp_ids(session, row.hds_id), PARTS["absences"]
    fresh = [
        Absence(gp_id=ids[one.gp_number], start=local(one.starts_at), end=local(one.ends_at), reason=one.reason)
        for one in repository.away(session, [row.id])
        if not any(
            known.starts_at <= one.starts_at and one.ends_at <= known.ends_at
            for known in repository.absences_of(session, row.dossier_id, one.gp_number)
        )
    ]
    return [RowChange(part, Deed.ADD, named(part.spec, cells_of(one, part.spec))) for one in fresh]


def _locks(session: Session, row: Repair) -> list[RowChange]:
    """The locks of shifts that fell open: whom they were for cannot do them."""
    lifted = (row.proposal or {}).get("lifted_locks", [])
    return [
        RowChange(PARTS["locks"], Deed.REMOVE, {}, row_id=row_id, if_match="*")
        for row_id in repository.locks_of(session, row.dossier_id, lifted)
    ]
