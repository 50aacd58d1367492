"""What rounds do of their own accord: phases open and close, reminders go out, what is left is assigned, published."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from api.clock import local
from api.db.engine import Database
from api.db.tables.planning import PlanningRound
from api.ops.failures import report_failure
from api.outbox import Notice, tell
from api.planning import repository, rounds
from api.planning.closing import assign_left
from api.planning.course import advance, current, registering
from api.planning.figures import catch_up
from api.planning.finishing import ended_elsewhere, publish_by_itself
from api.planning.phases import Phase, due_reminder


def carry_on(database: Database, moment: datetime) -> int:
    """Bring every running round to where it should be at `moment` (aware); how many of them changed.

    May be run by several workers at once: each looks again once it has the lock of the round. What goes wrong with one
    round holds up no other, and is tried again the next time.
    """
    with database.reading() as session:
        waiting = repository.running(session)
    # first what is quick, for all of them
    changed = {
        one for work in (_advanced, _assigned, _published) for one in waiting if _tried(work, database, one, moment)
    }
    return len(changed)


Running = tuple[str, int]


def _tried(
    work: Callable[[Database, Running, datetime], bool], database: Database, one: Running, moment: datetime
) -> bool:
    try:
        return work(database, one, moment)
    except Exception as error:
        report_failure(error, f"round{work.__name__}", hds_id=one[0], round_id=one[1])
        return False


def _advanced(database: Database, one: Running, moment: datetime) -> bool:
    with database.writing() as session:
        row = repository.round_of(session, *one, lock=True)
        if row is None or row.state != "running":
            return False
        changed = ended_elsewhere(session, row)
        if row.state == "running":
            changed |= advance(session, row, moment)
            changed |= _remind(session, row, moment)
            changed |= catch_up(session, row)
        return changed


def _assigned(database: Database, one: Running, moment: datetime) -> bool:
    return assign_left(database, *one, moment)


def _published(database: Database, one: Running, moment: datetime) -> bool:
    return publish_by_itself(database, *one, moment)


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
