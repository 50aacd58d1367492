"""The one writer of iCalendar (RFC 5545): duties as they stand in somebody's agenda."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard
from icalendar.prop import vDuration, vRecur

from scheduler.domain.people import Role
from scheduler.domain.shift import Burden
from scheduler.domain.time import AMSTERDAM
from scheduler.messages import text

PRODID = "-//anw-rooster//NL"


@dataclass(frozen=True)
class Entry:
    """One shift in somebody's agenda.

    `start` and `end` are local, `stamp` (aware) is when this was last changed. `beside` is the other of GP and
    trainee, `as_trainee` says whose agenda it is. In a feed `sequence` counts the changes, and what was taken away is
    `cancelled`; without `sequence` nothing is said of either.
    """

    uid: str
    shift_id: str
    start: datetime
    end: datetime
    role: Role
    burden: Burden
    place: str
    as_trainee: bool
    stamp: datetime
    beside: str = ""
    sequence: int | None = None
    cancelled: bool = False


def calendar_bytes(name: str, entries: Iterable[Entry], *, refresh: timedelta | None = None) -> bytes:
    """A calendar in order of start; with `refresh` clients are asked to look again after that time (RFC 7986)."""
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", PRODID)
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", AMSTERDAM.key)
    if refresh is not None:
        calendar.add("refresh-interval", vDuration(refresh), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", vDuration(refresh))
    calendar.add_component(_amsterdam())
    for entry in sorted(entries, key=lambda entry: (entry.start.astimezone(UTC), entry.shift_id)):
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    kind = "trainee" if entry.as_trainee else "standby" if entry.role is Role.STANDBY else "shift"
    words = {
        "role": text(f"terms.role.{entry.role}").capitalize(),
        "burden": text(f"terms.burden.{entry.burden}"),
    }
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.stamp)
    event.add("dtstart", _placed(entry.start))
    event.add("dtend", _placed(entry.end))
    event.add("summary", text(f"report.calendar.{kind}", **words))
    event.add("location", entry.place)
    event.add("description", _description(entry))
    event.add("categories", [words["burden"]])
    if entry.sequence is not None:
        event.add("last-modified", entry.stamp)
        event.add("sequence", entry.sequence)
        event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
        event.add("transp", "TRANSPARENT" if entry.cancelled else "OPAQUE")
    return event


def _description(entry: Entry) -> str:
    lines = [text("report.calendar.id", shift=entry.shift_id)]
    if entry.beside:
        key = "beside_trainer" if entry.as_trainee else "beside_trainee"
        lines.append(text(f"report.calendar.{key}", gp=entry.beside))
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
