"""What rounds do of their own accord: phases open and close, reminders go out, what is left is assigned, published."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.clock import local
from api.db.engine import Database
from api.db.tables.planning import PlanningRound
from api.errors import Problem
from api.outbox import Notice, tell
from api.planning import repository, rounds
from api.planning.closing import assign_left
from api.planning.course import advance, current, registering
from api.planning.figures import catch_up
from api.planning.finishing import ended_elsewhere, publish_by_itself
from api.planning.phases import Phase, due_reminder

LOG = logging.getLogger("anw.planning")


def carry_on(database: Database, moment: datetime) -> int:
    """Bring every running round to where it should be at `moment` (aware); how many of them changed.

    May be run by several workers at once: each looks again once it has the lock of the round.
    """
    with database.reading() as session:
        waiting = repository.running(session)
    return sum(_one(database, hds_id, round_id, moment) for hds_id, round_id in waiting)


def _one(database: Database, hds_id: str, round_id: int, moment: datetime) -> bool:
    with database.writing() as session:
        row = repository.round_of(session, hds_id, round_id, lock=True)
        if row is None or row.state != "running":
            return False
        changed = ended_elsewhere(session, row)
        if row.state == "running":
            before = _told(session, row, moment)
            if advance(session, row, moment):
                changed = True
                after = _told(session, row, moment)
                record(session, hds_id, None, Act("round.advanced", rounds.subject(row.id), before, after))
            changed |= _remind(session, row, moment)
            changed |= catch_up(session, row)
    try:
        changed |= assign_left(database, hds_id, round_id, moment) > 0
        changed |= publish_by_itself(database, hds_id, round_id, moment)
    except Problem as problem:
        # too much is being done aside, or it failed: the next time may do better
        LOG.warning("round %s: %s", round_id, problem.code)
    return changed


def _told(session: Session, row: PlanningRound, moment: datetime) -> dict[str, object]:
    phases = repository.phases_of(session, row.id)
    return {
        "phases": {
            phase.value: [None if at is None else local(at).isoformat() for at in (one.opened_at, one.closed_at)]
            for phase, one in phases.items()
        },
        "current": current(row, phases, moment),
    }


def _remind(session: Session, row: PlanningRound, moment: datetime) -> bool:
    """Remind those who handed in nothing, once for each of the days that the planner chose."""
    phases = repository.phases_of(session, row.id)
    if current(row, phases, moment) is not Phase.REGISTRATION:
        return False
    one = phases[Phase.REGISTRATION]
    dates = repository.dates_of(phases)[Phase.REGISTRATION]
    days = due_reminder(rounds.chosen(row).reminder_days, dates, moment)
    if days is None or one.closes_at is None:
        return False
    key = f"{one.closes_at.isoformat()}/{days}"
    if key in one.outcome.get("reminded", ()):
        return False
    _, missing = registering(session, row)
    if missing:
        about = {"round_id": row.id, "closes_at": local(one.closes_at), "days": days}
        once = f"round/{row.id}/reminder/{key}"
        tell(session, row.hds_id, Notice("round_reminder", about, missing, once=once))
    one.outcome = {**one.outcome, "reminded": [*one.outcome.get("reminded", ()), key]}
    return True
