"""Open shifts on offer to all: who may take them is told, sees the verdict, and takes one exactly once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.engine import Database
from api.db.tables.peak import OpenOffer
from api.db.tables.rosters import Duty
from api.errors import Problem
from api.outbox import Notice, tell
from api.peak import repository
from api.peak.schemas import Offered, OpenShift, Taken
from api.rosters import force_repository as force
from api.swaps import repository as swaps
from api.swaps.audience import TAKERS, AccessClass, class_of
from api.swaps.choices import SwapChoices, choices_of
from api.swaps.grounds import Field, field_of
from api.swaps.hands import pass_on
from api.swaps.showing import verdict_shown
from api.swaps.table import require_legal, table_for
from scheduler.messages import text
from scheduler.swaps.moves import Move
from scheduler.swaps.verdict import judge_in

_Kind = tuple[int, str, str, datetime, datetime]


def tell_those_let_in(database: Database, moment: datetime) -> int:
    """Tell of open shifts those classes of GPs whose turn has come by `moment` (aware); how many shifts that were.

    Any number of workers may do it at once: each looks again once it holds the offer.
    """
    with database.reading() as session:
        due = [
            (hds_id, duty.shift_id)
            for hds_id in repository.offering(session)
            for duty, one in repository.on_offer(session, hds_id, moment)
            if _turns(choices_of(session, hds_id), one, moment)
        ]
    for hds_id, shift_id in due:
        with database.writing() as session:
            _tell_turns(session, hds_id, shift_id, moment)
    return len(due)


def _turns(choices: SwapChoices, offer: OpenOffer, moment: datetime) -> list[AccessClass]:
    """The classes that were let in since others were told."""
    return [one for one in TAKERS if offer.told_until < choices.opens_at(one, offer.offered_at) <= moment]


def _tell_turns(session: Session, hds_id: str, shift_id: str, moment: datetime) -> None:
    duty, held = swaps.duty(session, hds_id, shift_id), repository.held_offer(session, hds_id, shift_id)
    if duty is None or held is None or not (turns := _turns(choices_of(session, hds_id), held, moment)):
        return
    held.told_until = moment
    _tell(session, duty, _takers(session, duty, turns))


def _tell(session: Session, duty: Duty, numbers: Sequence[int]) -> None:
    tell(session, duty.hds_id, Notice("open_shift_offered", {"shift_id": duty.shift_id}, numbers))


def _takers(session: Session, duty: Duty, classes: Container[AccessClass]) -> list[int]:
    """The GPs of these classes, by number, who could legally take an open shift."""
    from scheduler.swaps.candidates import rank

    field = field_of(session, duty.dossier_id)
    dossier, day = field.ground.dossier, local(duty.starts_at).date()
    number_of = {gp_id: number for number, gp_id in field.gp_id.items()}
    ranking = rank(field.situation(session), duty.shift_id)
    return [number_of[one.gp_id] for one in ranking.candidates if class_of(dossier, one.gp_id, day) in classes]


def offer(session: Session, member: Member, shift_ids: Sequence[str], reason: str) -> list[Offered]:
    """Offer open shifts to all, and tell those who could legally take them and are let in first.

    Raises Problem `not_found`, `wrong_state` with every shift that is not open, has begun or is worked otherwise.
    """
    duties = [swaps.duty(session, member.hds_id, shift_id) for shift_id in dict.fromkeys(shift_ids)]
    found = [duty for duty in duties if duty is not None]
    if len(found) < len(duties):
        raise Problem("not_found", text("swaps.not_in_force"))
    _require_open(session, member.hds_id, found)
    at, choices = now(), choices_of(session, member.hds_id)
    let_in = [one for one in TAKERS if choices.open_to(one, at, at)]
    # who may take one may take any other of its kind, and a ranking takes a while
    takers: dict[_Kind, list[int]] = {}
    offered = []
    for duty in found:
        repository.put_on_offer(session, member.hds_id, duty.shift_id, at, member.user_id)
        kind = (duty.dossier_id, duty.post_id, duty.role, duty.starts_at, duty.ends_at)
        if kind not in takers:
            takers[kind] = _takers(session, duty, let_in)
        _tell(session, duty, takers[kind])
        offered.append(Offered(shift_id=duty.shift_id, offered_at=local(at), told=len(takers[kind])))
    after = {"shifts": [duty.shift_id for duty in found]}
    record(session, member.hds_id, member.user_id, Act("open_shifts.offered", "duties", after=after, reason=reason))
    return offered


def _require_open(session: Session, hds_id: str, duties: Iterable[Duty]) -> None:
    moment, entered = now(), force.shifts_with_hours(session, hds_id)
    closed = [
        text("peaks.not_open", shift=duty.shift_id)
        for duty in duties
        if duty.performer_number is not None or duty.starts_at <= moment or duty.shift_id in entered
    ]
    if closed:
        raise Problem("wrong_state", "\n".join(closed), errors=[{"expected": one} for one in closed])


def on_offer(session: Session, member: Member) -> list[OpenShift]:
    """The open shifts on offer: all for a planner, for a GP those that are open to this GP, with the verdict."""
    rows = repository.on_offer(session, member.hds_id, now(), repository.MOST_ON_OFFER)
    if member.has(Role.PLANNER):
        return [_shown(duty, offer) for duty, offer in rows]
    choices = choices_of(session, member.hds_id)
    shown = []
    for dossier_id in dict.fromkeys(duty.dossier_id for duty, _ in rows):
        field = field_of(session, dossier_id)
        shown += _for_gp(session, member, field, choices, [row for row in rows if row[0].dossier_id == dossier_id])
    return sorted(shown, key=lambda one: (one.start, one.shift_id))


def _for_gp(
    session: Session, member: Member, field: Field, choices: SwapChoices, rows: Sequence[tuple[Duty, OpenOffer]]
) -> list[OpenShift]:
    gp = field.ground.dossier.gp_by_id.get(member.gp_id or "")
    if gp is None or member.gp_number is None:
        return []
    situation, at = field.situation(session, {member.gp_number}), now()
    return [
        _shown(duty, offer).model_copy(
            update={"verdict": verdict_shown(judge_in(situation, [Move(shift_id=duty.shift_id, to_gp=gp.id)]), member)}
        )
        for duty, offer in rows
        if choices.open_to(class_of(field.ground.dossier, gp.id, local(duty.starts_at).date()), offer.offered_at, at)
    ]


def _shown(duty: Duty, offer: OpenOffer) -> OpenShift:
    return OpenShift(
        shift_id=duty.shift_id, post_id=duty.post_id, role=duty.role, start=local(duty.starts_at),
        end=local(duty.ends_at), offered_at=local(offer.offered_at), verdict=None,
    )  # fmt: skip


def take(session: Session, member: Member, shift_id: str) -> Taken:
    """A GP takes an open shift on offer; who comes second is refused.

    Raises Problem: `not_found` for what is not on offer, `wrong_state` when it has begun or is not open to this GP
    yet, `breaks_rules`; OutdatedMoves when somebody else has it.
    """
    assert member.gp_id is not None
    table = table_for(session, member.hds_id, [Move(shift_id=shift_id, to_gp=member.gp_id)], still=True)
    offer = repository.offer_of(session, member.hds_id, shift_id)
    if offer is None:
        raise Problem("not_found", text("peaks.not_on_offer"))
    verdict = table.verdict
    _require_open(session, member.hds_id, table.duties.values())
    day = local(table.duties[shift_id].starts_at).date()
    mine = class_of(table.field.ground.dossier, member.gp_id, day)
    if not choices_of(session, member.hds_id).open_to(mine, offer.offered_at, now()):
        raise Problem("wrong_state", text("swaps.not_open_yet"))
    require_legal(table, member)
    pass_on(session, member.hds_id, member.user_id, table, Act("open_shifts.taken", f"duty/{shift_id}"))
    return Taken(shift_id=shift_id, gp_id=member.gp_id, verdict=verdict_shown(verdict, member))
