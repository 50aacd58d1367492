"""What goes on of its own accord: deadlines pass, the next is asked, and an illness without end stays covered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from api.audit import Act, record
from api.db.engine import Database
from api.db.tables.sickness import OPEN_STATES, SicknessReport
from api.ops.failures import report_failure
from api.sickness import repository
from api.sickness.asking import proceed
from api.sickness.choices import choices_of
from api.sickness.reports import extend, hold_beside
from api.swaps import repository as swaps

_DAY = timedelta(days=1)
_Work = Callable[[Session, str, int, datetime], bool]


def advance(database: Database, moment: datetime) -> int:
    """Do what is due at `moment` (aware), one transaction a case; how many cases and reports that were.

    May be run by several workers at once: each looks again once it has the case to itself. What goes wrong with one
    holds up no other, and is tried again the next time.
    """
    with database.reading() as session:
        due = repository.due(session, moment)
        running = [
            (one.hds_id, one.id) for one in repository.reports_under_way(session) if _is_due(session, one, moment)
        ]
    done = sum(_tried(_of_report, database, one, moment) for one in running)
    return done + sum(_tried(_of_case, database, one, moment) for one in due)


def _tried(work: _Work, database: Database, one: tuple[str, int], moment: datetime) -> bool:
    try:
        with database.writing() as session:
            return work(session, *one, moment)
    except Exception as error:
        what = work.__name__.removeprefix("_of_")
        report_failure(error, f"sickness_{what}", hds_id=one[0], **{f"{what}_id": one[1]})
        return False


def _of_case(session: Session, hds_id: str, case_id: int, moment: datetime) -> bool:
    seen = repository.case(session, hds_id, case_id)
    if seen is not None and seen.state == "waiting":
        hold_beside(session, seen)
    elif seen is not None:
        # before the case, as everywhere
        swaps.locked_duties(session, hds_id, [seen.shift_id])
    case = repository.case(session, hds_id, case_id, lock=True)
    if case is None or case.state not in OPEN_STATES or case.next_at is None or case.next_at > moment:
        return False
    proceed(session, case, moment)
    return True


def _is_due(session: Session, report: SicknessReport, moment: datetime) -> bool:
    if report.ends_at is not None:
        return report.ends_at <= moment
    ahead = timedelta(days=choices_of(session, report.hds_id).unknown_days)
    return report.seen_until < moment + ahead - min(_DAY, ahead / 2)


def _of_report(session: Session, hds_id: str, report_id: int, moment: datetime) -> bool:
    row = repository.report(session, hds_id, report_id)
    if row is None or row.state != "active" or not _is_due(session, row, moment):
        return False
    if row.ends_at is None:
        extend(session, row, moment + timedelta(days=choices_of(session, hds_id).unknown_days))
        return True
    locked = repository.report(session, hds_id, report_id, lock=True)
    if locked is None or locked.state != "active":
        return False
    locked.state, locked.changed_at = "over", moment
    session.flush()
    record(session, hds_id, None, Act("sickness.over", f"sickness/{report_id}", gp_number=locked.gp_number))
    return True
