"""Every query on rounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session

from api.clock import now
from api.db.inserting import insert_into
from api.db.tables.dossier import GpRow
from api.db.tables.people import User
from api.db.tables.planning import HandedIn, OwnWindow, PlanningPhase, PlanningRound, PlanningStep
from api.db.tables.rosters import Assignment, Publication
from api.paging import Cut
from api.planning.phases import Dates, Phase


def round_of(session: Session, hds_id: str, round_id: int, *, lock: bool = False) -> PlanningRound | None:
    """A round of the HDS; with `lock` for this transaction alone, which is the first lock that it takes."""
    found = select(PlanningRound).where(PlanningRound.hds_id == hds_id, PlanningRound.id == round_id)
    return session.scalar(_locked(found) if lock else found)


def rounds_of(session: Session, hds_id: str, *, every: bool) -> Sequence[PlanningRound]:
    """The rounds of the HDS that run, or all of them; the newest first."""
    found = select(PlanningRound).where(PlanningRound.hds_id == hds_id)
    if not every:
        found = found.where(PlanningRound.state == "running")
    return session.scalars(found.order_by(PlanningRound.id.desc()).limit(200)).all()


def has_running(session: Session, dossier_id: int) -> bool:
    """Whether a round of the dossier runs."""
    running = exists().where(PlanningRound.dossier_id == dossier_id, PlanningRound.state == "running")
    return bool(session.scalar(select(running)))


def running(session: Session) -> Sequence[tuple[str, int]]:
    """HDS and number of every round that runs."""
    found = select(PlanningRound.hds_id, PlanningRound.id).where(PlanningRound.state == "running")
    return [(row.hds_id, row.id) for row in session.execute(found.order_by(PlanningRound.id))]


def phases_of(session: Session, round_id: int) -> dict[Phase, PlanningPhase]:
    """The phases of a round in their order, as they are now."""
    found = select(PlanningPhase).where(PlanningPhase.round_id == round_id)
    rows = {row.name: row for row in session.scalars(found.execution_options(populate_existing=True))}
    return {phase: rows[phase] for phase in Phase}


def dates_of(phases: Mapping[Phase, PlanningPhase]) -> dict[Phase, Dates]:
    """When the phases are to open and close."""
    return {phase: Dates(row.opens_at, row.closes_at, row.skipped) for phase, row in phases.items()}


def set_window(session: Session, dossier_id: int, opens_at: datetime | None, closes_at: datetime | None) -> None:
    """Let GPs hand in for the dossier from `opens_at` until `closes_at`; None: not at any time."""
    values = {"opens_at": opens_at, "closes_at": closes_at}
    session.execute(
        insert_into(session, OwnWindow)
        .values(dossier_id=dossier_id, **values)
        .on_conflict_do_update(index_elements=[OwnWindow.dossier_id], set_=values)
        .execution_options(synchronize_session=False)
    )


def lift_window(session: Session, dossier_id: int) -> None:
    """Let GPs change their own rows at any time again."""
    session.execute(delete(OwnWindow).where(OwnWindow.dossier_id == dossier_id))


def forget_handed_in(session: Session, dossier_id: int) -> None:
    """Begin a list of who handed in anew."""
    session.execute(delete(HandedIn).where(HandedIn.dossier_id == dossier_id))


def handed_in(session: Session, dossier_id: int) -> Mapping[int, HandedIn]:
    """Who handed in something for the dossier, by number."""
    found = select(HandedIn).where(HandedIn.dossier_id == dossier_id)
    return {row.gp_number: row for row in session.scalars(found.execution_options(populate_existing=True))}


def names_of(session: Session, dossier_id: int) -> Mapping[int, str]:
    """The name of each GP of the dossier by number."""
    found = select(GpRow.gp_number, GpRow.name).where(GpRow.dossier_id == dossier_id)
    return {row.gp_number: row.name for row in session.execute(found)}


def placed_with(session: Session, version_id: int, numbers: Iterable[int]) -> Sequence[Any]:
    """The shifts of a version that these GPs have: `shift_id`, `gp_number`, `trainee_number`, `locked`."""
    return _placed(session, version_id, Assignment.gp_number.in_(sorted(set(numbers))))


def placed(session: Session, version_id: int) -> Sequence[Any]:
    """Every shift of a version that somebody has."""
    return _placed(session, version_id, Assignment.gp_number.is_not(None))


def open_shifts(session: Session, version_id: int) -> Sequence[Any]:
    """The shifts of a version that nobody has."""
    return _placed(session, version_id, Assignment.gp_number.is_(None))


def count_open(session: Session, version_id: int) -> int:
    """How many shifts of a version nobody has."""
    found = select(func.count()).where(Assignment.version_id == version_id, Assignment.gp_number.is_(None))
    return session.scalar(found) or 0


def one_placed(session: Session, version_id: int, shift_id: str) -> Any | None:
    """Who has one shift of a version; None where there is no such shift."""
    found = _placed(session, version_id, Assignment.shift_id == shift_id)
    return found[0] if found else None


def _placed(session: Session, version_id: int, condition: Any) -> Sequence[Any]:
    return session.execute(
        select(Assignment.shift_id, Assignment.gp_number, Assignment.trainee_number, Assignment.locked)
        .where(Assignment.version_id == version_id, condition)
        .order_by(Assignment.starts_at, Assignment.shift_id)
    ).all()


def put(session: Session, version_id: int, shift_id: str, number: int | None) -> None:
    """Give one shift of a version to a GP, or leave it open; a trainee beside it goes."""
    session.execute(
        update(Assignment)
        .where(Assignment.version_id == version_id, Assignment.shift_id == shift_id)
        .values(gp_number=number, trainee_number=None, locked=False)
        .execution_options(synchronize_session=False)
    )


def steps_of_gp(session: Session, row: PlanningRound, number: int) -> Sequence[PlanningStep]:
    """What one GP did with the draft that a round goes on with, or got assigned of it, in order."""
    found = select(PlanningStep).where(
        PlanningStep.round_id == row.id, PlanningStep.version_id == row.version_id, PlanningStep.gp_number == number
    )
    return session.scalars(found.order_by(PlanningStep.id)).all()


def steps(session: Session, round_id: int, cut: Cut, number: int | None) -> Sequence[PlanningStep]:
    """What was done in a round, in order, one more than fits on the page; with `number` by or for one GP."""
    found = select(PlanningStep).where(PlanningStep.round_id == round_id)
    if number is not None:
        found = found.where(PlanningStep.gp_number == number)
    if cut.after is not None:
        found = found.where(PlanningStep.id > cut.after_number())
    return session.scalars(found.order_by(PlanningStep.id).limit(cut.limit + 1)).all()


def counted_steps(session: Session, row: PlanningRound) -> Mapping[str, int]:
    """How many shifts of the draft that a round goes on with were given back, picked up and assigned."""
    found = select(PlanningStep.kind, func.count().label("times")).where(
        PlanningStep.round_id == row.id, PlanningStep.version_id == row.version_id
    )
    return {row.kind: row.times for row in session.execute(found.group_by(PlanningStep.kind))}


def publication_of(session: Session, version_id: int) -> Publication | None:
    """The last publication of a version."""
    found = select(Publication).where(Publication.version_id == version_id).order_by(Publication.id.desc()).limit(1)
    return session.scalar(found)


def user(session: Session, user_id: int | None) -> User | None:
    """Somebody who logs in, unless the account is closed."""
    found = None if user_id is None else session.get(User, user_id)
    return None if found is None or found.disabled_at is not None else found


def touch(row: PlanningRound, user_id: int | None) -> None:
    """Note that the round changed; `user_id` is the planner who did it (None: it did so by itself)."""
    row.revision += 1
    row.changed_at = now()
    if user_id is not None:
        row.planner_id = user_id


def _locked(found: Any) -> Any:
    return found.with_for_update(key_share=True).execution_options(populate_existing=True)
