"""A GP's shifts as iCalendar (RFC 5545), so that they stand in anyone's own agenda."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vRecur

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden, Shift
from scheduler.domain.time import AMSTERDAM
from scheduler.dossier.cells import parse_moment
from scheduler.dossier.findings import Findings
from scheduler.dossier.schema import ROSTER, FileSpec
from scheduler.dossier.table import RawRow, read_table
from scheduler.errors import DossierError, RosterUnreadable, UnknownSubject
from scheduler.messages import text
from scheduler.report.tables import QUOTA_COLUMNS

QUOTA = FileSpec("quota.csv", QUOTA_COLUMNS)
PRODID = "-//anw-rooster//NL"


@dataclass(frozen=True)
class Duty:
    """One shift in somebody's agenda; `beside` is the other of GP and trainee, `as_trainee` says whose agenda it is."""

    shift_id: str
    place: str
    role: Role
    burden: Burden
    start: datetime
    end: datetime
    beside: str
    as_trainee: bool


def calendar_of(roster: Roster, gp_id: str, dossier: Dossier | None = None, stamp: datetime | None = None) -> bytes:
    """The calendar of a GP or trainee; with the dossier, posts have their names instead of their ids.

    `stamp` (aware) says when the roster was made; without it the start of the roster stands in, so that the same
    roster gives the same bytes. Raises UnknownSubject when neither roster nor dossier knows `gp_id`.
    """
    known = dossier.gp_by_id if dossier else {}
    if gp_id not in known and gp_id not in roster.by_gp and gp_id not in roster.by_trainee:
        raise UnknownSubject(text("report.calendar.unknown", gp=gp_id))
    places = {post.id: post.name for post in dossier.posts} if dossier else {}
    own = [_duty(shift, places, roster.trainee_of.get(shift.id, ""), False) for shift in roster.by_gp.get(gp_id, ())]
    beside = [_duty(s, places, roster.gp_of.get(s.id, ""), True) for s in roster.by_trainee.get(gp_id, ())]
    first = min((shift.starts_at for shift in roster.shifts), default=datetime(1970, 1, 1, tzinfo=UTC))
    return _calendar(gp_id, (*own, *beside), stamp or first)


def calendar_from_rows(folder: Path, gp_id: str) -> bytes:
    """The calendar of a GP or trainee from the `roster.csv` of an output folder alone.

    Raises RosterUnreadable when there is no such file or it lacks times, UnknownSubject when neither it nor
    `quota.csv` beside it knows `gp_id`.
    """
    path = folder / ROSTER.name
    rows = _rows(path)
    own = [row for row in rows if gp_id in (row.cells.get("gp_id"), row.cells.get("trainee_gp_id"))]
    if not own and not _has_quota(folder, gp_id):
        raise UnknownSubject(text("report.calendar.unknown", gp=gp_id))
    duties = [_duty_of_row(row, gp_id, path) for row in own]
    return _calendar(gp_id, duties, datetime.fromtimestamp(int(path.stat().st_mtime), UTC))


def _duty(shift: Shift, places: dict[str, str], beside: str, as_trainee: bool) -> Duty:
    place = places.get(shift.post_id, shift.post_id)
    return Duty(shift.id, place, shift.role, shift.burden, shift.start, shift.end, beside, as_trainee)


def _rows(path: Path) -> tuple[RawRow, ...]:
    try:
        table = read_table(path.read_bytes(), ROSTER, findings := Findings())
        findings.refuse_if_wrong()
    except OSError as error:
        raise RosterUnreadable(text("dossier.roster.missing", path=path)) from error
    except DossierError as error:
        raise RosterUnreadable(str(error)) from error
    return table.rows if table else ()


def _has_quota(folder: Path, gp_id: str) -> bool:
    try:
        table = read_table((folder / QUOTA.name).read_bytes(), QUOTA, Findings())
    except OSError:
        return False
    return table is not None and any(row.cells.get("gp_id") == gp_id for row in table.rows)


def _duty_of_row(row: RawRow, gp_id: str, path: Path) -> Duty:
    cells = row.cells
    as_trainee = cells["gp_id"] != gp_id
    try:
        return Duty(
            shift_id=cells["shift_id"],
            place=cells["post_id"],
            role=Role(cells["role"]),
            burden=Burden(cells["burden"]),
            start=_moment(cells["start"]),
            end=_moment(cells["end"]),
            beside=cells["gp_id"] if as_trainee else cells.get("trainee_gp_id", ""),
            as_trainee=as_trainee,
        )
    except (KeyError, ValueError) as error:
        raise RosterUnreadable(text("report.calendar.row", path=path, line=row.line, found=error)) from error


def _moment(cell: str) -> datetime:
    """A moment with its UTC offset, as this program writes it, or a local one as a planner types it."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        moment = parse_moment(cell)[0]
    return moment.astimezone(AMSTERDAM) if moment.tzinfo else moment.replace(tzinfo=AMSTERDAM)


def _calendar(gp_id: str, duties: Iterable[Duty], stamp: datetime) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", text("report.calendar.name", gp=gp_id))
    calendar.add("x-wr-timezone", AMSTERDAM.key)
    calendar.add_component(_amsterdam())
    for duty in sorted(duties, key=lambda duty: (duty.start.astimezone(UTC), duty.shift_id)):
        calendar.add_component(_event(gp_id, duty, stamp))
    return bytes(calendar.to_ical())


def _event(gp_id: str, duty: Duty, stamp: datetime) -> Event:
    kind = "trainee" if duty.as_trainee else "standby" if duty.role is Role.STANDBY else "shift"
    words = {"role": text(f"terms.role.{duty.role}").capitalize(), "burden": text(f"terms.burden.{duty.burden}")}
    event = Event()
    event.add("uid", f"{duty.shift_id}/{gp_id}@anw-rooster")
    event.add("dtstamp", stamp)
    event.add("dtstart", _placed(duty.start))
    event.add("dtend", _placed(duty.end))
    event.add("summary", text(f"report.calendar.{kind}", **words))
    event.add("location", duty.place)
    event.add("description", _description(duty))
    event.add("categories", [words["burden"]])
    return event


def _description(duty: Duty) -> str:
    lines = [text("report.calendar.id", shift=duty.shift_id)]
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
