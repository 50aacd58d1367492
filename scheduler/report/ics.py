"""A GP's shifts as iCalendar (RFC 5545), so that they stand in anyone's own agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Shift
from scheduler.domain.time import AMSTERDAM
from scheduler.dossier.findings import Findings
from scheduler.dossier.roster_file import read_output_roster
from scheduler.dossier.schema import ROSTER, FileSpec
from scheduler.dossier.table import read_table
from scheduler.errors import UnknownSubject
from scheduler.messages import text
from scheduler.report.tables import QUOTA_COLUMNS

QUOTA = FileSpec("quota.csv", QUOTA_COLUMNS)
PRODID = "-//anw-rooster//NL"


@dataclass(frozen=True)
class Duty:
    """One shift in somebody's agenda; `beside` is the other of GP and trainee, `as_trainee` says whose agenda it is."""

    shift: Shift
    place: str
    beside: str
    as_trainee: bool


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


def _duties(gp_id: str, roster: Roster, dossier: Dossier | None) -> list[Duty]:
    places = {post.id: post.name for post in dossier.posts} if dossier else {}
    found = [
        Duty(shift, places.get(shift.post_id, shift.post_id), who.get(shift.id, ""), as_trainee)
        for own, who, as_trainee in ((roster.by_gp, roster.trainee_of, False), (roster.by_trainee, roster.gp_of, True))
        for shift in own.get(gp_id, ())
    ]
    return sorted(found, key=lambda duty: (duty.shift.starts_at, duty.shift.id))


def _calendar(gp_id: str, roster: Roster, dossier: Dossier | None, stamp: datetime | None) -> bytes:
    first = min((shift.starts_at for shift in roster.shifts), default=datetime(1970, 1, 1, tzinfo=UTC))
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", text("report.calendar.name", gp=gp_id))
    calendar.add("x-wr-timezone", AMSTERDAM.key)
    calendar.add_component(_amsterdam())
    for duty in _duties(gp_id, roster, dossier):
        calendar.add_component(_event(gp_id, duty, stamp or first))
    return bytes(calendar.to_ical())


def _event(gp_id: str, duty: Duty, stamp: datetime) -> Event:
    kind = "trainee" if duty.as_trainee else "standby" if duty.shift.role is Role.STANDBY else "shift"
    words = {
        "role": text(f"terms.role.{duty.shift.role}").capitalize(),
        "burden": text(f"terms.burden.{duty.shift.burden}"),
    }
    event = Event()
    event.add("uid", f"{duty.shift.id}/{gp_id}@anw-rooster")
    event.add("dtstamp", stamp)
    event.add("dtstart", _placed(duty.shift.start))
    event.add("dtend", _placed(duty.shift.end))
    event.add("summary", text(f"report.calendar.{kind}", **words))
    event.add("location", duty.place)
    event.add("description", _description(duty))
    event.add("categories", [words["burden"]])
    return event


def _description(duty: Duty) -> str:
    lines = [text("report.calendar.id", shift=duty.shift.id)]
    if duty.beside:
        key = "beside_trainer" if duty.as_trainee else "beside_trainee"
        lines.append(text(f"report.calendar.{key}", gp=duty.beside))
    return "\n".join(lines)


def _placed(moment: datetime) -> datetime:
    """Local time with TZID; in UTC for the second of two equal clock hours, which a TZID can't tell from the first."""
    return moment.astimezone(UTC) if moment.fold else moment


def _amsterdam() -> Timezone:
    """VTIMEZONE of Europe/Amsterdam by the rule of EU directive 2000/84: last Sundays of March and October."""
    zone = Timezone()
    zone.add("tzid", AMSTERDAM.key)
    for part, name, month, clock, before, after in (
        (TimezoneDaylight(), "CEST", 3, 2, 1, 2),
        (TimezoneStandard(), "CET", 10, 3, 2, 1),
    ):
        part.add("tzname", name)
        part.add("dtstart", datetime(1996, month, 31 if month == 3 else 27, clock))  # noqa: DTZ001
        part.add("tzoffsetfrom", timedelta(hours=before))
        part.add("tzoffsetto", timedelta(hours=after))
        part.add("rrule", vRecur(freq="YEARLY", bymonth=month, byday="-1SU"))
        zone.add_component(part)
    return zone
