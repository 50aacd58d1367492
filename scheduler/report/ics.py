"""A GP's shifts as iCalendar (RFC 5545), so that they stand in anyone's own agenda."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from scheduler.domain.dossier import Dossier
from scheduler.domain.roster import Roster
from scheduler.dossier.findings import Findings
from scheduler.dossier.roster_file import read_output_roster
from scheduler.dossier.schema import ROSTER, FileSpec
from scheduler.dossier.table import read_table
from scheduler.errors import UnknownSubject
from scheduler.messages import text
from scheduler.report.agenda import Entry, calendar_bytes
from scheduler.report.tables import QUOTA_COLUMNS

QUOTA = FileSpec("quota.csv", QUOTA_COLUMNS)


def calendar_of(roster: Roster, dossier: Dossier | None, gp_id: str, stamp: datetime | None = None) -> bytes:
    """The calendar of a GP or trainee; with the dossier, posts have their names instead of their ids.

    `stamp` (aware) says when the roster was made; without it the start of the roster stands in, so that the same
    roster gives the same bytes. Raises UnknownSubject when neither roster nor dossier knows `gp_id`.
    """
    known = dossier.gp_by_id if dossier else {}
    if gp_id not in known and gp_id not in roster.by_gp and gp_id not in roster.by_trainee:
        raise UnknownSubject(text("report.calendar.unknown", gp=gp_id))
    return _calendar(gp_id, roster, dossier, stamp)


def calendar_from_rows(folder: Path, gp_id: str) -> bytes:
    """The calendar of a GP or trainee from an output folder alone, stamped with the time of its `roster.csv`.

    Raises RosterUnreadable or DossierError when the file is missing or wrong, UnknownSubject when neither it nor
    `quota.csv` beside it knows `gp_id`.
    """
    roster = read_output_roster(folder)
    if gp_id not in roster.by_gp and gp_id not in roster.by_trainee and not _has_quota(folder, gp_id):
        raise UnknownSubject(text("report.calendar.unknown", gp=gp_id))
    changed = int((folder / ROSTER.name).stat().st_mtime)
    return _calendar(gp_id, roster, None, datetime.fromtimestamp(changed, UTC))


def _has_quota(folder: Path, gp_id: str) -> bool:
    try:
        table = read_table((folder / QUOTA.name).read_bytes(), QUOTA, Findings())
    except OSError:
        return False
    return table is not None and any(row.cells.get("gp_id") == gp_id for row in table.rows)


def _calendar(gp_id: str, roster: Roster, dossier: Dossier | None, stamp: datetime | None) -> bytes:
    first = min((shift.starts_at for shift in roster.shifts), default=datetime(1970, 1, 1, tzinfo=UTC))
    places = {post.id: post.name for post in dossier.posts} if dossier else {}
    entries = [
        Entry(
            uid=f"{shift.id}/{gp_id}@anw-rooster", shift_id=shift.id, start=shift.start, end=shift.end, role=shift.role,
            burden=shift.burden, place=places.get(shift.post_id, shift.post_id), as_trainee=as_trainee,
            stamp=stamp or first, beside=who.get(shift.id, ""),
        )
        for own, who, as_trainee in ((roster.by_gp, roster.trainee_of, False), (roster.by_trainee, roster.gp_of, True))
        for shift in own.get(gp_id, ())
    ]  # fmt: skip
    return calendar_bytes(text("report.calendar.name", gp=gp_id), entries)
