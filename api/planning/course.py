"""The course of a round: phases open and close at their moments, and those concerned are told."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import local
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.planning import PlanningPhase, PlanningRound
from api.dossiers.mapping import gp_numbers, read_dossier
from api.outbox import Notice, tell
from api.planning import people, repository
from api.planning.phases import OF_DRAFT, Phase, phase_at
from scheduler.domain.dossier import Dossier

Phases = Mapping[Phase, PlanningPhase]
_ORDER = tuple(Phase)


def current(row: PlanningRound, phases: Phases, moment: datetime) -> Phase | None:
    """The phase of a round at `moment`, by its dates and by what was done; None also once it has ended."""
    if row.state != "running":
        return None
    return phase_at(
        repository.dates_of(phases), moment, has_draft=row.version_id is not None, assigned=is_assigned(phases)
    )


def is_assigned(phases: Phases) -> bool:
    """Whether the closing has assigned what can be."""
    return "assigned" in phases[Phase.CLOSING].outcome


def is_shown(session: Session, row: PlanningRound, moment: datetime) -> bool:
    """Whether the draft is shown to GPs at `moment`: from the first phase on that is about it, whichever that is."""
    phases = repository.phases_of(session, row.id)
    return current(row, phases, moment) in OF_DRAFT or any(phases[one].opened_at is not None for one in OF_DRAFT)


def advance(session: Session, row: PlanningRound, moment: datetime) -> bool:
    """Open and close the phases of a locked round as they should be at `moment`; whether anything changed.

    What it tells it tells once. A phase that the planner moved to later is as if it had never been.
    """
    phases = repository.phases_of(session, row.id)
    before, now_in = _told(phases), current(row, phases, moment)
    changed = _undo_later(phases, now_in, moment)
    for phase, one in phases.items():
        if one.skipped or phase is now_in or one.closed_at is not None or not _is_past(phases, phase, now_in, moment):
            continue
        one.opened_at, one.closed_at = one.opened_at or one.opens_at, moment
        _CLOSED.get(phase, _nothing)(session, row, one)
        changed = True
    if now_in is not None and (phases[now_in].opened_at is None or phases[now_in].closed_at is not None):
        phases[now_in].opened_at, phases[now_in].closed_at = phases[now_in].opened_at or moment, None
        _OPENED.get(now_in, _nothing)(session, row, phases[now_in])
        changed = True
    if now_in is Phase.MAKING and _is_late(phases, moment):
        _tell(session, row, phases[Phase.MAKING], "draft_missing", to_planners=True)
    if changed:
        repository.touch(row, None)
        session.flush()
        record(session, row.hds_id, None, Act("round.advanced", subject(row.id), before, _told(phases)))
    return changed


def tell_dates(session: Session, row: PlanningRound, moment: datetime) -> None:
    """Tell those who may do something in the phase that is open at `moment` until when, unless they know."""
    phases = repository.phases_of(session, row.id)
    now_in = current(row, phases, moment)
    if now_in is not None:
        _OPENED.get(now_in, _nothing)(session, row, phases[now_in])


def subject(round_id: int) -> str:
    """How the audit trail names a round."""
    return f"round/{round_id}"


def _told(phases: Phases) -> dict[str, Any]:
    """When each phase opened and closed, as the audit trail shows it."""
    return {
        phase.value: [None if at is None else local(at).isoformat() for at in (one.opened_at, one.closed_at)]
        for phase, one in phases.items()
    }


def _is_past(phases: Phases, phase: Phase, now_in: Phase | None, moment: datetime) -> bool:
    """Whether a phase is over: a later one has begun, or its close has come and nothing holds it."""
    if now_in is not None:
        return _ORDER.index(phase) < _ORDER.index(now_in)
    closes_at = phases[phase].closes_at
    return closes_at is not None and closes_at <= moment


def _undo_later(phases: Phases, now_in: Phase | None, moment: datetime) -> bool:
    """Take back the opening of phases that are still to come."""
    undone = False
    for phase, one in phases.items():
        later = one.opens_at > moment if now_in is None else _ORDER.index(phase) > _ORDER.index(now_in)
        if later and one.opened_at is not None:
            one.opened_at, one.closed_at, one.outcome = None, None, {}
            undone = True
    return undone


def _is_late(phases: Phases, moment: datetime) -> bool:
    closes_at = phases[Phase.MAKING].closes_at
    return closes_at is not None and closes_at <= moment


def _nothing(session: Session, row: PlanningRound, one: PlanningPhase) -> None:
    """Some phases are told of later, or not at all."""


def registering(session: Session, row: PlanningRound) -> tuple[list[int], list[int]]:
    """The numbers of the GPs with a share who handed in, and of those who did not."""
    asked = numbers_of(session, row, people.committed(_dossier(session, row)))
    done = repository.handed_in(session, row.dossier_id)
    return [one for one in asked if one in done], [one for one in asked if one not in done]


def numbers_of(session: Session, row: PlanningRound, gp_ids: Collection[str]) -> list[int]:
    """The numbers of these GPs."""
    known = gp_numbers(session, row.hds_id, ())
    return [known[gp_id] for gp_id in gp_ids]


def _dossier(session: Session, row: PlanningRound) -> Dossier:
    return read_dossier(session, session.get_one(DossierRow, row.dossier_id))


def _tell(
    session: Session, row: PlanningRound, one: PlanningPhase, kind: str, numbers: Collection[int] = (),
    *, to_planners: bool = False, **about: Any,
) -> None:  # fmt: skip
    """Tell of a phase, once for the dates that it has now."""
    dates = one.opens_at if one.closes_at is None else one.closes_at
    told = {"round_id": row.id, "closes_at": None if one.closes_at is None else local(one.closes_at), **about}
    once = f"round/{row.id}/{one.name}/{kind}/{dates.isoformat()}"
    if numbers or to_planners:
        tell(session, row.hds_id, Notice(f"round_{kind}", told, numbers, to_planners=to_planners, once=once))


def _registration_opened(session: Session, row: PlanningRound, one: PlanningPhase) -> None:
    handed_in, missing = registering(session, row)
    _tell(session, row, one, "registration_open", [*handed_in, *missing])


def _registration_closed(session: Session, row: PlanningRound, one: PlanningPhase) -> None:
    handed_in, missing = registering(session, row)
    one.outcome = {**one.outcome, "handed_in": len(handed_in), "missing": len(missing)}
    _tell(session, row, one, "no_choice", missing)
    _tell(session, row, one, "registration_closed", to_planners=True, handed_in=len(handed_in), missing=len(missing))


def _draft_published(session: Session, row: PlanningRound, one: PlanningPhase) -> None:
    bound = numbers_of(session, row, people.committed(_dossier(session, row)))
    _tell(session, row, one, "draft_published", bound, percent=row.choices["give_back_percent"])


def _counted(session: Session, row: PlanningRound, one: PlanningPhase) -> None:
    assert row.version_id is not None
    one.outcome = {**repository.counted_steps(session, row), "open": repository.count_open(session, row.version_id)}


def _free_locums(session: Session, row: PlanningRound, one: PlanningPhase) -> None:
    assert row.version_id is not None
    free = numbers_of(session, row, people.free_locums(_dossier(session, row)))
    _tell(session, row, one, "free_locums", free, open=repository.count_open(session, row.version_id))


def _to_publish(session: Session, row: PlanningRound, one: PlanningPhase) -> None:
    if not row.choices["publish_by_itself"]:
        _tell(session, row, one, "to_publish", to_planners=True)


_Effect = Callable[[Session, PlanningRound, PlanningPhase], None]
_OPENED: Mapping[Phase, _Effect] = MappingProxyType(
    {
        Phase.REGISTRATION: _registration_opened,
        Phase.DRAFT_PUBLISHED: _draft_published,
        Phase.FREE_LOCUMS: _free_locums,
        Phase.PUBLISHED: _to_publish,
    }
)
_CLOSED: Mapping[Phase, _Effect] = MappingProxyType(
    {Phase.REGISTRATION: _registration_closed, Phase.DRAFT_PUBLISHED: _counted, Phase.FREE_LOCUMS: _counted}
)
