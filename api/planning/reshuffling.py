"""Shifts of the draft given back and picked up by GPs: judged by the rules of the roster, done once, on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, now
from api.db.tables.planning import PlanningRound, PlanningStep
from api.errors import Problem
from api.planning import repository, rounds
from api.planning.allowance import Allowance, allowance_of
from api.planning.course import advance, current, subject
from api.planning.draft import Draft, Field, draft_of
from api.planning.phases import Phase
from api.rosters import versions
from api.swaps.showing import reason_shown
from scheduler.domain.shift import Shift
from scheduler.messages import text
from scheduler.swaps.moves import Move
from scheduler.swaps.situation import Situation
from scheduler.swaps.verdict import SwapVerdict, judge_in

GIVE_BACK, PICK_UP = "given_back", "picked_up"


@dataclass(frozen=True)
class Done:
    """A step that was taken, the verdict on it, and what the GP may still give back."""

    step: PlanningStep
    verdict: SwapVerdict
    allowance: Allowance


def allowed(field: Field, gp_id: str | None, phase: Phase | None) -> list[str]:
    """What a GP may do with shifts of the draft in a phase: committed GPs first, then also free locums pick up."""
    if gp_id in field.committed and phase is Phase.DRAFT_PUBLISHED:
        return [GIVE_BACK, PICK_UP]
    if gp_id in field.committed | field.free_locums and phase is Phase.FREE_LOCUMS:
        return [PICK_UP]
    return []


def take_step(session: Session, member: Member, round_id: int, shift_id: str, kind: str) -> Done:
    """Give a shift of the draft back or pick one up, as the GP of the member; the same again gives the same.

    Raises Problem: `not_found`, `wrong_state` (another phase, too much given back, a shift that the planner locked),
    `swap_outdated` when somebody else was first, `breaks_rules` with every reason.
    """
    row = rounds.round_of(session, member.hds_id, round_id, lock=True)
    rounds.require_running(row)
    moment = now()
    advance(session, row, moment)
    draft = draft_of(session, row, lock=True)
    number = _number(member, draft)
    before = draft.situation_of(session, [number])
    steps = repository.steps_of_gp(session, row, number)
    allowance = _allowance(row, before, member, steps)
    earlier = next((one for one in reversed(steps) if one.shift_id == shift_id), None)
    if earlier is not None and earlier.kind == kind and (shift_id in before.gp_of) is (kind == PICK_UP):
        return Done(earlier, _verdict_of_none(), allowance)
    phase = _phase_for(session, row, draft.field, member, kind, moment)
    move = _move(session, draft, member, shift_id, kind)
    shift = draft.field.ground.shift_by_id[shift_id]
    if kind == GIVE_BACK:
        _require_allowed(allowance, shift)
    verdict = judge_in(before, [move])
    require_legal(verdict, member)
    return _done(session, row, draft, member, phase, kind, shift, verdict)


def judged(session: Session, row: PlanningRound, gp_id: str, shift_id: str) -> SwapVerdict:
    """The verdict on giving back a shift that the GP has, or on picking one up; changes nothing.

    Raises Problem `not_found`, and as `draft_of`.
    """
    draft = draft_of(session, row)
    number = draft.field.number.get(gp_id)
    placed = repository.one_placed(session, draft.version.id, shift_id)
    if number is None or placed is None or gp_id not in draft.field.dossier.gp_by_id:
        raise Problem("not_found")
    if placed.gp_number not in (None, number):
        raise Problem("swap_outdated", text("planning.taken", shift=shift_id))
    own = placed.gp_number == number
    move = Move(shift_id=shift_id, from_gp=gp_id if own else None, to_gp=None if own else gp_id)
    return judge_in(draft.situation_of(session, [number]), [move])


def allowance_in(session: Session, row: PlanningRound, draft: Draft, member: Member) -> Allowance:
    """What the GP may give back of this draft."""
    number = _number(member, draft)
    steps = repository.steps_of_gp(session, row, number)
    return _allowance(row, draft.situation_of(session, [number]), member, steps)


def require_legal(verdict: SwapVerdict, member: Member) -> None:
    """Raise Problem `breaks_rules` with every reason, those of others without more than the rule."""
    if not verdict.is_legal:
        told = [reason_shown(one, member) for one in verdict.reasons]
        detail = text("swaps.illegal", reasons=" ".join(one.text for one in told))
        raise Problem("breaks_rules", detail, errors=[one.model_dump() for one in told])


def _phase_for(
    session: Session, row: PlanningRound, field: Field, member: Member, kind: str, moment: datetime
) -> Phase:
    """The phase at `moment`; raises Problem `wrong_state` in one that is for something else, telling when it may be."""
    phases = repository.phases_of(session, row.id)
    phase = current(row, phases, moment)
    if phase is not None and kind in allowed(field, member.gp_id, phase):
        return phase
    fitting = [one for one in (Phase.DRAFT_PUBLISHED, Phase.FREE_LOCUMS) if kind in allowed(field, member.gp_id, one)]
    when = [one for one in fitting if not phases[one].skipped]
    if not when:
        raise Problem("wrong_state", text(f"planning.never.{kind}"))
    first, last = phases[when[0]].opens_at, phases[when[-1]].closes_at
    until = "" if last is None else f"{local(last):%d-%m-%Y %H:%M}"
    raise Problem("wrong_state", text(f"planning.when.{kind}", first=f"{local(first):%d-%m-%Y %H:%M}", last=until))


def _number(member: Member, draft: Draft) -> int:
    if member.gp_number is None or member.gp_id not in draft.field.dossier.gp_by_id:
        raise Problem("wrong_state", text("planning.not_in_dossier"))
    return member.gp_number


def _allowance(row: PlanningRound, situation: Situation, member: Member, steps: Iterable[PlanningStep]) -> Allowance:
    own = sum(_minutes(shift) for shift in situation.duties(member.gp_id or ""))
    return allowance_of(rounds.chosen(row).give_back_percent, own, steps)


def _minutes(shift: Shift) -> int:
    return round(shift.hours * 60)


def _verdict_of_none() -> SwapVerdict:
    return SwapVerdict(moves=(), reasons=(), parties=())


def _move(session: Session, draft: Draft, member: Member, shift_id: str, kind: str) -> Move:
    placed = repository.one_placed(session, draft.version.id, shift_id)
    if placed is None or shift_id not in draft.field.ground.shift_by_id:
        raise Problem("not_found")
    if kind == PICK_UP:
        if placed.gp_number is not None:
            raise Problem("swap_outdated", text("planning.taken", shift=shift_id))
        return Move(shift_id=shift_id, to_gp=member.gp_id)
    if placed.gp_number != member.gp_number:
        raise Problem("swap_outdated", text("planning.not_yours", shift=shift_id))
    if placed.locked:
        raise Problem("wrong_state", text("planning.locked", shift=shift_id))
    return Move(shift_id=shift_id, from_gp=member.gp_id)


def _require_allowed(allowance: Allowance, shift: Shift) -> None:
    if not allowance.permits(shift.id, _minutes(shift)):
        raise Problem(
            "wrong_state",
            text(
                "planning.too_much", percent=allowance.percent, most=allowance.most_hours,
                left=allowance.left_hours, hours=shift.hours,
            ),
            most=allowance.most_hours, left=allowance.left_hours,
        )  # fmt: skip


def _done(
    session: Session, row: PlanningRound, draft: Draft, member: Member, phase: Phase, kind: str, shift: Shift,
    verdict: SwapVerdict,
) -> Done:  # fmt: skip
    assert member.gp_number is not None
    version, number = draft.version, member.gp_number
    repository.put(session, version.id, shift.id, number if kind == PICK_UP else None)
    versions.touch(version, member)
    step = PlanningStep(
        round_id=row.id, phase=phase.value, kind=kind, shift_id=shift.id, gp_number=number,
        version_id=version.id, minutes=_minutes(shift), figures={}, done_at=now(),
    )  # fmt: skip
    session.add(step)
    session.flush()
    after = {"shift": shift.id, "gp": member.gp_id, "version": version.id}
    act = Act(f"round.{kind}", subject(row.id), after=after, gp_number=number)
    record(session, member.hds_id, member.user_id, act)
    return Done(step, verdict, allowance_in(session, row, draft, member))
