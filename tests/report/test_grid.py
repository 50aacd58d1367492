"""The month grid of the report."""

from __future__ import annotations

from datetime import date

from scheduler.domain.dossier import Dossier
from scheduler.domain.people import Role
from scheduler.domain.time import Period
from scheduler.report.grid import Field, PostGrid, Seat, months_of
from tests import builders

CHRISTMAS = Period(start=date(2027, 12, 24), end=date(2028, 1, 1))


def _dossier() -> Dossier:
    """Evenings on weekdays and later ones in the weekend, days in the weekend, nights always; one GP."""
    weekend = {"saturday", "sunday", "holiday"}
    return builders.dossier(
        [builders.gp("A")],
        [builders.agreement("A")],
        [
            builders.shift_type("evening", days={"weekday"}),
            builders.shift_type("day", "08:00", "16:00", days=weekend, headcount=2),
            builders.shift_type("late", "16:00", "23:00", days=weekend),
            builders.shift_type("night", "23:00", "08:00"),
            builders.shift_type("standby-week", "17:00", "23:00", days={"weekday"}, role=Role.STANDBY),
            builders.shift_type("standby-weekend", "08:00", "23:00", days=weekend, role=Role.STANDBY),
        ],
        period=CHRISTMAS,
    )


def _december(dossier: Dossier) -> PostGrid:
    roster = builders.roster(dossier, {"day/2027-12-25/2": "A"}, {"day/2027-12-25/2": "T"})
    return next(iter(months_of(dossier, roster))).posts[0]


def test_types_that_never_meet_share_a_column() -> None:
    """Weekday and weekend evenings stand in one column, as do standby types; day, evening and night do not."""
    assert _december(_dossier()).columns == (
        ("consult", "8–16"),
        ("consult", "16–23 / 17–23"),
        ("consult", "23–8"),
        ("achterwacht", "8–23 / 17–23"),
    )


def test_types_that_meet_have_their_own_columns() -> None:
    """Two kinds of evening on the same day stay apart, or nobody could tell who starts when."""
    dossier = _dossier()
    both = builders.shift_type("short", "18:00", "22:00", days={"weekday"})
    columns = _december(dossier.replace(shift_types=[*dossier.shift_types, both])).columns
    assert ("consult", "18–22") in columns


def test_a_day_of_the_grid() -> None:
    """Christmas has its name, an open place, a GP with the trainee, and no weekday evening."""
    day = next(row for row in _december(_dossier()).days if row.day == date(2027, 12, 25))
    assert "kerstdag" in day.holiday.lower()
    assert day.fields[0] == Field("consult 8–16", (Seat(None, "", None), Seat("A", "Dokter A", "T")))
    assert day.fields[1] is not None
    assert day.fields[1].label == "consult 16–23"


def test_every_shift_has_one_place() -> None:
    """Over all months, posts and days the grid holds each shift once, months in order."""
    dossier = _dossier()
    roster = builders.roster(dossier)
    months = list(months_of(dossier, roster))
    assert [month.first for month in months] == [date(2027, 12, 1), date(2028, 1, 1)]
    fields = [f for month in months for post in month.posts for day in post.days for f in day.fields if f]
    assert sum(len(one.seats) for one in fields) == len(roster.shifts)
    assert sum(month.shifts for month in months) == sum(month.unfilled for month in months) == len(roster.shifts)
