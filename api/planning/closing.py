"""What is left open is assigned to those furthest below their share, who are told why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import now
from api.db.engine import Database
from api.db.tables.planning import PlanningRound, PlanningStep
from api.outbox import Notice, tell
from api.planning import repository
from api.planning.closing_request import Assigned, ClosingAnswer, ClosingRequest
from api.planning.course import current, is_assigned, subject
from api.planning.draft import Draft, draft_of
from api.planning.figures import refigure
from api.planning.phases import Phase
from scheduler.domain.colleagues import CROWD
from scheduler.messages import text
from scheduler.messages.dutch import figure

MODULE = "api.planning.closing_child"
LONGEST = timedelta(minutes=10)
"""After which a worker that took a closing on and was not heard of again is taken to be dead."""
_UNTIL = "taken_on_until"


@dataclass(frozen=True)
class _Question:
    """What the closing is asked about, and the draft as it then was."""

    version_id: int
    revision: int
    request: ClosingRequest | None


def assign_left(database: Database, hds_id: str, round_id: int, moment: datetime) -> bool:
    """Assign the open shifts of a round that is in its closing at `moment`; whether that was done.

    The solver works between two transactions; when the draft changed meanwhile nothing is written, and the next time
    it is asked anew. May be called by several workers at once: one of them takes it on. Raises Problem `busy`,
    `internal`.
    """
    with database.writing() as session:
        question = _taken_on(session, hds_id, round_id, moment)
    if question is None:
        return False
    answer = None
    try:
        answer = _asked(question)
    finally:
        with database.writing() as session:
            done = _settled(session, hds_id, round_id, moment, question, answer)
    return done


def _taken_on(session: Session, hds_id: str, round_id: int, moment: datetime) -> _Question | None:
    """What to ask, unless another worker is at it; one that died has lost it after a while."""
    row = repository.round_of(session, hds_id, round_id, lock=True)
    if row is None or not _is_due(session, row, moment):
        return None
    closing = repository.phases_of(session, row.id)[Phase.CLOSING]
    until = closing.outcome.get(_UNTIL)
    if until is not None and moment < datetime.fromisoformat(until):
        return None
    draft = draft_of(session, row)
    closing.outcome = {_UNTIL: (moment + LONGEST).isoformat()}
    session.flush()
    if not repository.count_open(session, draft.version.id):
        return _Question(draft.version.id, draft.version.revision, None)
    situation = draft.whole(session)
    request = ClosingRequest(
        dossier=situation.dossier, roster=situation.roster, targets=situation.ground.targets,
        committed=draft.field.committed,
    )  # fmt: skip
    return _Question(draft.version.id, draft.version.revision, request)


def _settled(
    session: Session, hds_id: str, round_id: int, moment: datetime, question: _Question, answer: ClosingAnswer | None
) -> bool:
    """Write the answer if it is of the draft as it is; else somebody may take it on again."""
    row = repository.round_of(session, hds_id, round_id, lock=True)
    if row is None or not _is_due(session, row, moment):
        return False
    if answer is not None and row.version_id == question.version_id:
        draft = draft_of(session, row, lock=True)
        if draft.version.revision == question.revision:
            _write(session, row, draft, answer)
            return True
    repository.phases_of(session, row.id)[Phase.CLOSING].outcome = {}
    return False


def _is_due(session: Session, row: PlanningRound, moment: datetime) -> bool:
    phases = repository.phases_of(session, row.id)
    return current(row, phases, moment) is Phase.CLOSING and not is_assigned(phases)


def _asked(question: _Question) -> ClosingAnswer:
    if question.request is None:
        return ClosingAnswer(assigned=(), left_open={}, is_fairest=True, seconds=0.0)
    # a process of its own: the service never loads the solver
    from api.rosters.aside import run_module

    answer = run_module(MODULE, question.request.model_dump_json().encode(), text("planning.phase.closing"))
    return ClosingAnswer.model_validate_json(answer)


def _write(session: Session, row: PlanningRound, draft: Draft, answer: ClosingAnswer) -> None:
    version, at = draft.version, now()
    steps = []
    for one in answer.assigned:
        gp_number = draft.field.number[one.gp_id]
        repository.put(session, version.id, one.shift_id, gp_number)
        shift = draft.field.ground.shift_by_id[one.shift_id]
        steps.append(
            PlanningStep(
                round_id=row.id, phase=Phase.CLOSING.value, kind="assigned", shift_id=one.shift_id,
                gp_number=gp_number, version_id=version.id, minutes=round(shift.hours * 60), done_at=at,
                figures=one.model_dump(mode="json", exclude={"shift_id", "gp_id"}),
            )
        )  # fmt: skip
    session.add_all(steps)
    refigure(session, version)
    version.revision, version.changed_at, version.changed_by = version.revision + 1, at, None
    closing = repository.phases_of(session, row.id)[Phase.CLOSING]
    closing.outcome = {
        "assigned": len(answer.assigned), "left_open": {one: dict(why) for one, why in answer.left_open.items()},
        "is_fairest": answer.is_fairest, "seconds": answer.seconds,
    }  # fmt: skip
    repository.touch(row, None)
    session.flush()
    _tell(session, row, draft, answer)
    after = {one.shift_id: one.gp_id for one in answer.assigned}
    act = Act("round.assigned", subject(row.id), after={"version": version.id, "shifts": after})
    record(session, row.hds_id, None, act)


def _tell(session: Session, row: PlanningRound, draft: Draft, answer: ClosingAnswer) -> None:
    by_gp: defaultdict[str, list[Assigned]] = defaultdict(list)
    for one in answer.assigned:
        by_gp[one.gp_id].append(one)
    for gp_id, those in by_gp.items():
        why = "\n".join(f"{draft.field.ground.name(one.shift_id)}: {why_of(one.model_dump())}" for one in those)
        about = {"round_id": row.id, "shifts": [one.shift_id for one in those], "count": len(those), "why": why}
        tell(session, row.hds_id, Notice("round_assigned", about, [draft.field.number[gp_id]]))
    about = {"round_id": row.id, "assigned": len(answer.assigned), "left_open": len(answer.left_open)}
    tell(session, row.hds_id, Notice("round_closed", about, to_planners=True))


def why_of(figures: Mapping[str, Any]) -> str:
    """The Dutch reason why a GP got a shift, out of the figures of an `Assigned`, for that GP; tells of nobody else."""
    burden = text(f"terms.burden.{figures['burden']}")
    also = figures["also_assigned"]
    deviation = figures["deviation"]
    told = [
        text(
            "planning.why.own", burden=burden, share=figure(figures["share"]), done=figure(figures["done"]),
            also=text("planning.why.also", hours=figure(also)) if also > 0.05 else "",
        ),
        text(f"planning.why.{'below' if deviation < 0 else 'above'}", shifts=figure(abs(deviation), 2)),
        text("planning.why.rule"),
    ]  # fmt: skip
    if is_of_crowd(figures):
        told.append(text("planning.why.place", place=figures["place"], takers=figures["takers"]))
    return " ".join(told)


def own_figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the figures of an `Assigned` that its GP may read: not how many colleagues could not, nor why."""
    hidden = {"others"} if is_of_crowd(figures) else {"others", "place", "takers"}
    return {name: value for name, value in figures.items() if name not in hidden}


def is_of_crowd(figures: Mapping[str, Any]) -> bool:
    """Whether so many could take the shift that their number tells of nobody."""
    return bool(figures["takers"] > CROWD)
