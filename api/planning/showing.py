"""From rows and verdicts to what callers of rounds see."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from api.auth.principal import Member, Role
from api.clock import local, now
from api.db.tables.planning import PlanningPhase, PlanningRound, PlanningStep
from api.db.tables.rosters import RosterVersion
from api.dossiers.mapping import gp_ids
from api.planning import repository, rounds
from api.planning.allowance import Allowance
from api.planning.closing import own_figures, why_of
from api.planning.course import current, registering
from api.planning.draft import field_of
from api.planning.phases import Phase
from api.planning.reshuffling import GIVE_BACK, PICK_UP, Done, allowed
from api.planning.schemas import (
    AllowanceShown,
    BurdenStanding,
    PhaseShown,
    RegistrationShown,
    RegistrationsShown,
    RoundShown,
    StandingShown,
    StepShown,
    Taken,
)
from api.planning.standing import Standing
from api.swaps.showing import verdict_shown
from scheduler.domain.colleagues import CROWD
from scheduler.messages import text

_AT = "%d-%m-%Y %H:%M"


def round_shown(session: Session, row: PlanningRound, member: Member) -> RoundShown:
    """A round, with what this caller may do in it now."""
    phases, choices = repository.phases_of(session, row.id), rounds.chosen(row)
    phase = current(row, phases, now())
    closes_at = None if phase is None else phases[phase].closes_at
    can_do = _can_do(session, row, member, phase)
    return RoundShown(
        id=row.id, dossier_id=row.dossier_id, state=row.state, current=phase,
        closes_at=None if closes_at is None else local(closes_at), can_do=can_do,
        told=_sentence(row, phases, phase, can_do), phases=[_phase(one, member) for one in phases.values()],
        version_id=row.version_id, give_back_percent=choices.give_back_percent, reminder_days=choices.reminder_days,
        publish_by_itself=choices.publish_by_itself, revision=row.revision,
    )  # fmt: skip


_OF_PLANNER: Mapping[Phase | None, list[str]] = {
    Phase.MAKING: ["run", "pick_draft"],
    Phase.CLOSING: ["edit", "publish"],
    Phase.PUBLISHED: ["edit", "publish"],
}


def _can_do(session: Session, row: PlanningRound, member: Member, phase: Phase | None) -> list[str]:
    found = []
    if member.gp_number is not None and phase in (Phase.REGISTRATION, Phase.DRAFT_PUBLISHED, Phase.FREE_LOCUMS):
        found += _of_gp(session, row, member, phase)
    if member.has(Role.PLANNER) and row.state == "running":
        found += ["move_phases", "cancel", *_OF_PLANNER.get(phase, [])]
    return found


def _of_gp(session: Session, row: PlanningRound, member: Member, phase: Phase) -> list[str]:
    if phase is Phase.REGISTRATION:
        return ["hand_in"] if member.gp_number in repository.names_of(session, row.dossier_id) else []
    version = None if row.version_id is None else session.get(RosterVersion, row.version_id)
    if version is None or version.state != "draft":
        return []
    return [_CALLS[one] for one in allowed(field_of(session, version), member.gp_id, phase)]


_CALLS = {GIVE_BACK: "give_back", PICK_UP: "pick_up"}


def _sentence(row: PlanningRound, phases: Mapping[Phase, PlanningPhase], phase: Phase | None, can_do: list[str]) -> str:
    if row.state != "running":
        return text(f"planning.state.{row.state}")
    if phase is None:
        coming = [one for one in Phase if not phases[one].skipped and phases[one].opens_at > now()]
        opens = phases[coming[0]].opens_at if coming else now()
        return text("planning.between", phase=coming[0].dutch if coming else "", opens=f"{local(opens):{_AT}}")
    closes_at = phases[phase].closes_at
    closes = "" if closes_at is None else f"{local(closes_at):{_AT}}"
    told = text(f"planning.told.{phase.value}", closes=closes, percent=rounds.chosen(row).give_back_percent)
    mine = [text(f"planning.can.{one}") for one in can_do if one in ("hand_in", "give_back", "pick_up")]
    return " ".join([f"{phase.dutch}: {told}", *mine])


def _phase(one: PlanningPhase, member: Member) -> PhaseShown:
    return PhaseShown(
        name=Phase(one.name), title=Phase(one.name).dutch, opens_at=local(one.opens_at),
        closes_at=None if one.closes_at is None else local(one.closes_at), skipped=one.skipped,
        opened_at=None if one.opened_at is None else local(one.opened_at),
        closed_at=None if one.closed_at is None else local(one.closed_at),
        outcome=one.outcome if member.has(Role.PLANNER) else {},
    )  # fmt: skip


def registrations_shown(session: Session, row: PlanningRound) -> RegistrationsShown:
    """Who handed in and who did not."""
    done, missing = registering(session, row)
    found, ids = repository.handed_in(session, row.dossier_id), gp_ids(session, row.hds_id)
    names = repository.names_of(session, row.dossier_id)
    items = [
        RegistrationShown(
            gp_id=ids[number], name=names.get(number, ids[number]), handed_in=number in found,
            changes=found[number].changes if number in found else 0,
            last_at=local(found[number].last_at) if number in found else None,
            ready_at=local(at) if number in found and (at := found[number].ready_at) else None,
        )
        for number in (*missing, *done)
    ]  # fmt: skip
    return RegistrationsShown(handed_in=len(done), missing=len(missing), items=items)


def step_shown(step: PlanningStep, ids: Mapping[int, str], member: Member) -> StepShown:
    """A step; the reason of an assignment is that GP's own, and how many others could not is for planners."""
    figures = step.figures if member.has(Role.PLANNER) or not step.figures else own_figures(step.figures)
    return StepShown(
        id=step.id, phase=Phase(step.phase), kind=step.kind, shift_id=step.shift_id, gp_id=ids[step.gp_number],
        hours=step.minutes / 60, done_at=local(step.done_at), why=why_of(step.figures) if step.figures else "",
        figures=figures,
    )  # fmt: skip


def taken(done: Done, member: Member, ids: Mapping[int, str]) -> Taken:
    """A step that was taken, as its GP sees it."""
    return Taken(
        step=step_shown(done.step, ids, member),
        verdict=verdict_shown(done.verdict, member),
        allowance=allowance_shown(done.allowance),
    )


def allowance_shown(allowance: Allowance) -> AllowanceShown:
    """What may be given back, in hours."""
    return AllowanceShown(
        percent=allowance.percent, own_hours=allowance.own_minutes / 60, most=round(allowance.most_hours, 2),
        given_back=allowance.given_minutes / 60, left=round(allowance.left_hours, 2),
    )  # fmt: skip


def standing_shown(one: Standing, member: Member) -> StandingShown:
    """Where a GP stands, figures to the hundredth; to a GP no place among so few that it would tell of one of them."""
    has_place = member.has(Role.PLANNER) or one.of > CROWD
    return StandingShown(
        gp_id=one.gp_id, name=one.name, contract=one.contract.value,
        burdens={
            burden.value: BurdenStanding(
                share=round(one.share[burden], 2), done=round(done, 2),
                deviation_hours=round(done - one.share[burden], 2), deviation_shifts=round(one.shifts[burden], 2),
            )
            for burden, done in one.done.items()
        },
        share=round(one.total_share, 2), done=round(one.total_done, 2), deviation_hours=round(one.behind, 2),
        place=one.place if has_place else None, of=one.of,
    )  # fmt: skip
