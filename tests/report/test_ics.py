"""Calendars of GPs and trainees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar, Event

from scheduler.csv_text import csv_bytes
from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Contract, Role
from scheduler.domain.roster import Roster
from scheduler.domain.time import Period
from scheduler.errors import DossierError, RosterUnreadable, UnknownSubject
from scheduler.report.ics import calendar_from_rows, calendar_of
from scheduler.report.tables import ROSTER_COLUMNS, roster_rows
from tests import builders


def _year() -> Dossier:
    """One night shift a day through 2027, a standby on Sundays, a GP and a trainee of that GP."""
    return builders.dossier(
        [builders.gp("A"), builders.gp("B"), builders.gp("T", Contract.TRAINEE, trainer_gp_id="A")],
        [builders.agreement("A"), builders.agreement("B")],
        [
            builders.shift_type("night", "23:00", "08:00"),
            builders.shift_type("standby", "08:00", "23:00", days={"sunday"}, role=Role.STANDBY),
        ],
        period=Period(start=datetime(2027, 1, 1, tzinfo=UTC).date(), end=datetime(2027, 12, 31, tzinfo=UTC).date()),
    )


def _events(content: bytes) -> dict[str, Event]:
    calendar = Calendar.from_ical(content)
    return {str(event["uid"]): event for event in calendar.walk("VEVENT")}


def _hours(event: Event) -> timedelta:
    start, end = event.decoded("dtstart"), event.decoded("dtend")
    return end.astimezone(UTC) - start.astimezone(UTC)


def _roster(dossier: Dossier) -> Roster:
    return builders.roster(
        dossier,
        {
            "night/2027-03-27/1": "A",
            "night/2027-10-30/1": "A",
            "night/2027-06-01/1": "A",
            "standby/2027-06-06/1": "B",
        },
        {"night/2027-06-01/1": "T"},
    )


@pytest.mark.parametrize(("shift", "hours"), [("2027-03-27", 8), ("2027-10-30", 10), ("2027-06-01", 9)])
def test_a_night_lasts_as_long_as_the_clock_change_makes_it(shift: str, hours: int) -> None:
    """Local times with a time zone give the elapsed hours of the night, also when the clock changes in it."""
    dossier = _year()
    event = _events(calendar_of(_roster(dossier), dossier, "A"))[f"night/{shift}/1/A@anw-rooster"]
    assert event["dtstart"].params["TZID"] == "Europe/Amsterdam"
    assert event.decoded("dtstart").strftime("%H:%M") == "23:00"
    assert event.decoded("dtend").strftime("%H:%M") == "08:00"
    assert _hours(event) == timedelta(hours=hours)


def test_the_time_zone_is_described_in_the_file() -> None:
    """The VTIMEZONE has the changes of March and October at the hours that the law sets."""
    (zone,) = Calendar.from_ical(calendar_of(_roster(_year()), None, "A")).walk("VTIMEZONE")
    described = zone.to_tz(lookup_tzid=False)
    for moment, offset in (
        (datetime(2027, 3, 28, 1, 59), 1), (datetime(2027, 3, 28, 3, 1), 2),  # noqa: DTZ001
        (datetime(2027, 10, 31, 1, 59), 2), (datetime(2027, 10, 31, 3, 1), 1),  # noqa: DTZ001
    ):  # fmt: skip
        assert described.utcoffset(moment) == timedelta(hours=offset)


def test_a_trainee_gets_the_shifts_beside_the_trainer() -> None:
    """The trainee's agenda holds the trainer's shift, under its own uid, and says with whom."""
    events = _events(calendar_of(_roster(_year()), None, "T"))
    assert list(events) == ["night/2027-06-01/1/T@anw-rooster"]
    (event,) = events.values()
    assert "aios" in str(event["summary"])
    assert "Met opleider A" in str(event["description"])


def test_rows_alone_give_the_same_shifts(tmp_path: Path) -> None:
    """From roster.csv the same uids, times and summaries come as from the roster itself."""
    dossier = _year()
    roster = _roster(dossier)
    (tmp_path / "roster.csv").write_bytes(csv_bytes(ROSTER_COLUMNS, roster_rows(roster)))
    for gp_id in ("A", "B", "T"):
        one, other = _events(calendar_of(roster, None, gp_id)), _events(calendar_from_rows(tmp_path, gp_id))
        assert one.keys() == other.keys()
        for uid, event in one.items():
            assert event.decoded("dtstart") == other[uid].decoded("dtstart")
            assert _hours(event) == _hours(other[uid])
            assert event["summary"] == other[uid]["summary"]
            assert event["description"] == other[uid]["description"]


def test_the_same_roster_gives_the_same_bytes() -> None:
    """Nothing in a calendar depends on the moment at which it is made."""
    assert calendar_of(_roster(_year()), None, "A") == calendar_of(_roster(_year()), None, "A")


def test_nobody_knows_this_gp(tmp_path: Path) -> None:
    """A GP whom neither roster nor quota has is an error and not an empty calendar."""
    dossier = _year()
    (tmp_path / "roster.csv").write_bytes(csv_bytes(ROSTER_COLUMNS, roster_rows(_roster(dossier))))
    with pytest.raises(UnknownSubject, match="X9"):
        calendar_of(_roster(dossier), dossier, "X9")
    with pytest.raises(UnknownSubject, match="X9"):
        calendar_from_rows(tmp_path, "X9")


def test_a_gp_without_shifts_has_an_empty_calendar(tmp_path: Path) -> None:
    """Who has a share and no shift is known: the calendar is there and empty."""
    dossier = _year()
    roster = builders.roster(dossier)
    (tmp_path / "roster.csv").write_bytes(csv_bytes(ROSTER_COLUMNS, roster_rows(roster)))
    (tmp_path / "quota.csv").write_text("gp_id,burden,target_hours,assigned_hours\nB,night,4,0\n")
    assert _events(calendar_of(roster, dossier, "B")) == {}
    assert _events(calendar_from_rows(tmp_path, "B")) == {}


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "shift_id,gp_id\nnight/2027-06-01/1,A\n",
        "shift_id,gp_id,post_id,role,burden,start,end\nnight/2027-06-01/1,A,P,consult,night,gisteren,vandaag\n",
        "shift_id,gp_id,post_id,role,burden,start,end\nn,A,P,dokter,night,2027-06-01T23:00,2027-06-02T08:00\n",
    ],
)
def test_a_roster_without_times_cannot_be_a_calendar(tmp_path: Path, content: str | None) -> None:
    """A missing file, an empty one, one without times and one with nonsense are all refused."""
    if content is not None:
        (tmp_path / "roster.csv").write_text(content)
    with pytest.raises((RosterUnreadable, DossierError)):
        calendar_from_rows(tmp_path, "A")


def test_the_second_of_two_equal_clock_hours_is_told_in_utc(tmp_path: Path) -> None:
    """Half past two comes twice when the clock goes back; a shift that ends at the second ends there."""
    (tmp_path / "roster.csv").write_text(
        "shift_id,post_id,role,start,end,burden,gp_id,trainee_gp_id\n"
        "late/2027-10-30/1,P,consult,2027-10-30T23:30+02:00,2027-10-31T02:30+01:00,night,A,\n"
    )
    (event,) = _events(calendar_from_rows(tmp_path, "A")).values()
    assert event.decoded("dtend") == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    assert "TZID" not in event["dtend"].params
    assert _hours(event) == timedelta(hours=4)


def test_local_times_of_a_spreadsheet_are_understood(tmp_path: Path) -> None:
    """A roster that went through a Dutch Excel (semicolons, local times) gives the same hours."""
    (tmp_path / "roster.csv").write_text(
        "shift_id;post_id;role;start;end;burden;gp_id;trainee_gp_id\n"
        "night/2027-03-27/1;P;consult;2027-03-27T23:00;2027-03-28T08:00;night;A;\n"
    )
    (event,) = _events(calendar_from_rows(tmp_path, "A")).values()
    assert _hours(event) == timedelta(hours=8)
