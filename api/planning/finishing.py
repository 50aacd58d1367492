"""The end of a round: its draft is published, by the planner or by itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.auth.principal import Member, SystemActor
from api.clock import now
from api.db.engine import Database
from api.db.tables.dossier import Dossier as DossierRow
from api.db.tables.planning import PlanningRound
from api.db.tables.rosters import RosterVersion
from api.errors import Problem
from api.outbox import Notice, tell
from api.planning import people, repository, rounds
from api.planning.course import advance, current, numbers_of, subject
from api.planning.draft import field_of
from api.planning.figures import catch_up
from api.planning.phases import Phase
from scheduler.messages import text

if TYPE_CHECKING:
    from api.rosters.publishing import Order, Outcome


_TRIED = "tried"


def publish(
    session: Session, member: Member, round_id: int, order: Order, if_match: str | None
) -> tuple[PlanningRound, Outcome]:
    """Publish the draft of a round; it may be done before its date, once GPs can do nothing with the draft any more.

    Raises Problem: as publishing a version does, and `wrong_state` before that.
    """
    from api.rosters.publishing import publish as publish_version

    row = rounds.to_change(session, member, round_id, if_match)
    moment = now()
    advance(session, row, moment)
    phases = repository.phases_of(session, row.id)
    phase, plan = current(row, phases, moment), repository.dates_of(phases)
    coming = any(plan[one].is_ahead(moment) for one in (Phase.DRAFT_PUBLISHED, Phase.FREE_LOCUMS))
    if row.version_id is None or coming or phase not in (Phase.CLOSING, Phase.PUBLISHED, None):
        raise Problem("wrong_state", text("planning.not_yet"))
    catch_up(session, row)
    outcome = publish_version(session, member, row.version_id, order, "*", None)
    end(session, row, member.user_id)
    return row, outcome


def publish_by_itself(database: Database, hds_id: str, round_id: int, moment: datetime) -> bool:
    """Publish the draft of a round whose date has come and whose HDS wants that; whether it was.

    Where it cannot be (it breaks a rule) the planners are told why, once for each state of the draft, and it is tried
    again once an hour, or when draft or dossier changed: to judge a whole roster holds up those who swap.
    """
    from api.rosters.publishing import Order
    from api.rosters.publishing import publish as publish_version

    try:
        with database.writing() as session:
            row = repository.round_of(session, hds_id, round_id, lock=True)
            if row is None or not _is_due(session, row, moment) or row.version_id is None:
                return False
            dossier = session.get_one(DossierRow, row.dossier_id)
            order = Order(freeze_from=dossier.period_start, reason=text("planning.by_itself"))
            publish_version(session, SystemActor(hds_id), row.version_id, order, "*", f"round/{row.id}")
            end(session, row, None)
            return True
    except Problem as problem:
        with database.writing() as session:
            _tell_why_not(session, hds_id, round_id, moment, problem)
        return False


def _is_due(session: Session, row: PlanningRound, moment: datetime) -> bool:
    phases = repository.phases_of(session, row.id)
    if not rounds.chosen(row).publish_by_itself or current(row, phases, moment) is not Phase.PUBLISHED:
        return False
    return row.version_id is not None and phases[Phase.PUBLISHED].outcome.get(_TRIED) != _state(session, row, moment)


def _state(session: Session, row: PlanningRound, moment: datetime) -> list[int]:
    """What another attempt to publish hangs on: round, draft, dossier, and the hour for all else."""
    version = session.get_one(RosterVersion, row.version_id)
    dossier = session.get_one(DossierRow, row.dossier_id)
    return [row.revision, version.id, version.revision, dossier.revision, int(moment.timestamp() // 3600)]


def _tell_why_not(session: Session, hds_id: str, round_id: int, moment: datetime, problem: Problem) -> None:
    row = repository.round_of(session, hds_id, round_id, lock=True)
    version = None if row is None or row.version_id is None else session.get(RosterVersion, row.version_id)
    if row is None or version is None:
        return
    published = repository.phases_of(session, row.id)[Phase.PUBLISHED]
    published.outcome = {**published.outcome, _TRIED: _state(session, row, moment)}
    once = f"round/{round_id}/not_published/{version.id}/{version.revision}"
    about = {"round_id": round_id, "why": problem.detail or text(f"problems.{problem.code}")}
    tell(session, hds_id, Notice("round_not_published", about, to_planners=True, once=once))


def ended_elsewhere(session: Session, row: PlanningRound) -> bool:
    """End a round whose draft was published as a version, or forget a draft that was discarded; whether it was so."""
    version = None if row.version_id is None else session.get(RosterVersion, row.version_id, populate_existing=True)
    if version is None or version.state == "draft":
        return False
    if version.state == "discarded":
        row.version_id = None
        repository.touch(row, None)
        session.flush()
        record(session, row.hds_id, None, Act("round.draft_lost", subject(row.id), before={"version": version.id}))
    else:
        end(session, row, None)
    return True


def end(session: Session, row: PlanningRound, user_id: int | None) -> None:
    """The roster is published: note it, let GPs change their own rows again, and tell those who take part."""
    assert row.version_id is not None
    at, publication = now(), repository.publication_of(session, row.version_id)
    for phase, one in repository.phases_of(session, row.id).items():
        if one.opened_at is not None and one.closed_at is None:
            one.closed_at = at
        if phase is Phase.PUBLISHED:
            one.opened_at, one.closed_at = one.opened_at or at, at
            one.outcome = {"publication": None if publication is None else publication.number}
    row.state = "published"
    repository.touch(row, user_id)
    repository.lift_window(session, row.dossier_id)
    session.flush()
    field = field_of(session, session.get_one(RosterVersion, row.version_id))
    numbers = numbers_of(session, row, (*people.committed(field.dossier), *people.free_locums(field.dossier)))
    tell(
        session, row.hds_id, Notice("round_published", {"round_id": row.id}, numbers, once=f"round/{row.id}/published")
    )
    after = {"version": row.version_id, "publication": None if publication is None else publication.number}
    record(session, row.hds_id, user_id, Act("round.published", subject(row.id), after=after))
