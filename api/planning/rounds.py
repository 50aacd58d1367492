"""What a planner does with a round: open it, move its phases, pick the draft, end it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member
from api.clock import local, now
from api.db.tables.planning import PlanningPhase, PlanningRound
from api.dossiers import service as dossiers
from api.dossiers import windows
from api.errors import Problem
from api.etag import require_match
from api.planning import repository
from api.planning.choices import PlanningChoices, choices_of
from api.planning.course import advance, subject, tell_dates
from api.planning.phases import OF_DRAFT, Dates, Phase, Plan, objections
from api.planning.schemas import PhaseChange, RoundAsked, RoundChange
from api.rosters import versions
from scheduler.messages import text


def round_of(session: Session, hds_id: str, round_id: int, *, lock: bool = False) -> PlanningRound:
    """A round of the HDS; raises Problem `not_found`."""
    found = repository.round_of(session, hds_id, round_id, lock=lock)
    if found is None:
        raise Problem("not_found")
    return found


def chosen(row: PlanningRound) -> PlanningChoices:
    """The choices of a round."""
    return PlanningChoices.model_validate(row.choices)


def open_round(session: Session, member: Member, dossier_id: int, asked: RoundAsked) -> PlanningRound:
    """Open a round for a dossier; raises Problem: `not_found`, `wrong_state` when one runs, `malformed` with every
    mistake in the dates.
    """
    dossier = dossiers.found(session, member.hds_id, dossier_id)
    if repository.has_running(session, dossier_id):
        raise Problem("wrong_state", text("planning.runs_already"))
    plan = {phase: Dates(one.opens_at, one.closes_at, one.skipped) for phase, one in asked.phases.items()}
    _require_sound(plan)
    given = asked.model_dump(include=set(PlanningChoices.model_fields), exclude_none=True)
    choices = choices_of(session, member.hds_id).model_copy(update=given)
    at = now()
    row = PlanningRound(
        hds_id=member.hds_id, dossier_id=dossier.id, choices=choices.model_dump(mode="json"), created_at=at,
        changed_at=at, planner_id=member.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add_all(_rows(row.id, plan))
    session.flush()
    repository.forget_handed_in(session, dossier_id)
    _set_window(session, row, plan)
    advance(session, row, at)
    after = {"dossier": dossier_id, "phases": _told(plan), "choices": row.choices}
    record(session, member.hds_id, member.user_id, Act("round.opened", subject(row.id), after=after))
    return row


def change(session: Session, member: Member, round_id: int, asked: RoundChange, if_match: str | None) -> PlanningRound:
    """Move or skip phases, or choose otherwise; a phase that is past may be opened again by a later close.

    Raises Problem: `not_found`, `wrong_state` once it has ended, `changed_meanwhile`, `if_match_needed`, `malformed`
    with every mistake in the dates.
    """
    row = to_change(session, member, round_id, if_match)
    phases = repository.phases_of(session, row.id)
    old = repository.dates_of(phases)
    plan = {phase: _moved(dates, asked.phases.get(phase)) for phase, dates in old.items()}
    _require_sound(plan)
    before: dict[str, Any] = {"phases": _told(old), "choices": row.choices}
    for phase, dates in plan.items():
        phases[phase].opens_at, phases[phase].closes_at = dates.opens_at, dates.closes_at
        phases[phase].skipped = dates.skipped
    given = asked.model_dump(include=set(PlanningChoices.model_fields), exclude_none=True)
    row.choices = chosen(row).model_copy(update=given).model_dump(mode="json")
    repository.touch(row, member.user_id)
    session.flush()
    _set_window(session, row, plan)
    advance(session, row, now())
    tell_dates(session, row, now())
    act = Act(
        "round.changed", subject(row.id), before=before, after={"phases": _told(plan), "choices": row.choices},
        reason=asked.reason,
    )  # fmt: skip
    record(session, member.hds_id, member.user_id, act)
    return row


def pick_draft(session: Session, member: Member, round_id: int, version_id: int, if_match: str | None) -> PlanningRound:
    """Go on with this draft; another one may be picked until the GPs have seen it.

    Raises Problem: `not_found`, `wrong_state` (no draft of this dossier, or GPs have seen one), `changed_meanwhile`,
    `if_match_needed`.
    """
    row = to_change(session, member, round_id, if_match)
    phases = repository.phases_of(session, row.id)
    version = versions.version_of(session, member.hds_id, version_id, lock=True)
    versions.require_draft(version)
    if version.dossier_id != row.dossier_id:
        raise Problem("wrong_state", text("planning.other_dossier"))
    if row.version_id is not None and any(phases[phase].opened_at is not None for phase in OF_DRAFT):
        raise Problem("wrong_state", text("planning.draft_was_shown"))
    before, row.version_id = row.version_id, version.id
    repository.touch(row, member.user_id)
    session.flush()
    advance(session, row, now())
    act = Act("round.draft_picked", subject(row.id), before={"version": before}, after={"version": version.id})
    record(session, member.hds_id, member.user_id, act)
    return row


def cancel(session: Session, member: Member, round_id: int, reason: str, if_match: str | None) -> PlanningRound:
    """End a round before its time; the draft stays, and GPs may change their own rows again."""
    row = to_change(session, member, round_id, if_match)
    row.state = "cancelled"
    repository.touch(row, member.user_id)
    repository.lift_window(session, row.dossier_id)
    session.flush()
    record(session, member.hds_id, member.user_id, Act("round.cancelled", subject(row.id), reason=reason))
    return row


def note_ready(session: Session, member: Member, row: PlanningRound) -> None:
    """The GP has nothing (more) to hand in; the same again changes nothing of note."""
    if member.gp_number not in repository.names_of(session, row.dossier_id):
        raise Problem("wrong_state", text("planning.not_in_dossier"))
    windows.note_handed_in(session, row.dossier_id, member, ready=True)
    act = Act("round.handed_in", subject(row.id), after={"gp": member.gp_id}, gp_number=member.gp_number)
    record(session, member.hds_id, member.user_id, act)


def to_change(session: Session, member: Member, round_id: int, if_match: str | None) -> PlanningRound:
    """A running round under lock, seen by the planner as it is now."""
    row = round_of(session, member.hds_id, round_id, lock=True)
    who = repository.user(session, row.planner_id)
    require_match(if_match, row.revision, who.display_name if who else "-", row.changed_at)
    require_running(row)
    return row


def require_running(row: PlanningRound) -> None:
    """Refuse what may only be done in a round that runs."""
    if row.state != "running":
        raise Problem("wrong_state", text(f"planning.state.{row.state}"))


def _moved(dates: Dates, asked: PhaseChange | None) -> Dates:
    if asked is None:
        return dates
    return Dates(
        asked.opens_at or dates.opens_at,
        asked.closes_at or dates.closes_at,
        dates.skipped if asked.skipped is None else asked.skipped,
    )


def _require_sound(plan: Mapping[Phase, Dates]) -> None:
    wrong = [{"phase": phase.value, "expected": told} for phase, told in objections(plan)]
    if wrong:
        raise Problem("malformed", text("problems.mistakes", count=len(wrong)), errors=wrong)


def _rows(round_id: int, plan: Plan) -> list[PlanningPhase]:
    return [
        PlanningPhase(
            round_id=round_id, name=phase.value, opens_at=one.opens_at, closes_at=one.closes_at, skipped=one.skipped,
            outcome={},
        )
        for phase, one in plan.items()
    ]  # fmt: skip


def _set_window(session: Session, row: PlanningRound, plan: Plan) -> None:
    dates = plan[Phase.REGISTRATION]
    span = (None, None) if dates.skipped else (dates.opens_at, dates.closes_at)
    repository.set_window(session, row.dossier_id, *span)


def _told(plan: Plan) -> dict[str, Any]:
    return {
        phase.value: {
            "opens_at": local(one.opens_at).isoformat(),
            "closes_at": None if one.closes_at is None else local(one.closes_at).isoformat(),
            "skipped": one.skipped,
        }
        for phase, one in plan.items()
    }
