"""From shift types and calendar to the shifts of a period."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.demand import shifts_of
from scheduler.domain.calendar import Calendar, DayType
from scheduler.domain.people import Role
from scheduler.domain.shift import Burden, Shift, ShiftType
from scheduler.domain.time import Period
from tests import builders
from tests.builders import ALL_DAYS, agreement, gp, moment, shift_type

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")


def demand(*types: ShiftType, first: str = "2027-01-04", last: str = "2027-01-10", **fields: Any) -> tuple[Shift, ...]:
    """The shifts of a period; the week of Monday 4 January unless told otherwise."""
    period = Period(start=date.fromisoformat(first), end=date.fromisoformat(last))
    return shifts_of(builders.dossier([gp("A")], [agreement("A")], types, period=period, **fields))


def ids(*types: ShiftType, **fields: Any) -> list[str]:
    """Their ids, in order."""
    return [shift.id for shift in demand(*types, **fields)]


def dates(*types: ShiftType, **fields: Any) -> list[str]:
    """Day and month of each shift, in order."""
    return [f"{shift.day:%m-%d}" for shift in demand(*types, **fields)]


def test_ids_have_type_date_and_number() -> None:
    """Two GPs on each of two days."""
    found = ids(shift_type("e", headcount=2), last="2027-01-05")
    assert found == ["e/2027-01-04/1", "e/2027-01-04/2", "e/2027-01-05/1", "e/2027-01-05/2"]


def test_shifts_of_one_place_differ_in_their_id_alone() -> None:
    """The second GP has the same hours, burden and group as the first."""
    first, second = demand(shift_type("n", "23:00", "08:00", headcount=2, role=Role.VISIT), last="2027-01-04")
    assert second == first.replace(id=second.id)
    assert second.id == "n/2027-01-04/2"
    assert (second.hours, second.burden, second.is_night, second.role) == (9, Burden.NIGHT, True, Role.VISIT)


def test_shifts_stand_in_order_of_start_and_then_of_id() -> None:
    """Whatever the order of the types."""
    found = ids(
        shift_type("z", "17:00"), shift_type("b", "08:00", "16:00"), shift_type("a", "17:00"), last="2027-01-05"
    )
    assert [shift_id[:12] for shift_id in found] == [f"{t}/2027-01-0{d}" for d in (4, 5) for t in "baz"]


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"weekday"}, "04 05 06 07 08"),
        ({"saturday"}, "09"),
        ({"sunday"}, "10"),
        ({"mon", "wed"}, "04 06"),
        ({"fri", "saturday"}, "08 09"),
        ({"holiday"}, ""),
        (ALL_DAYS, "04 05 06 07 08 09 10"),
    ],
)
def test_days_are_kinds_of_day_or_weekdays_by_name(days: set[str], expected: str) -> None:
    """In a week without a holiday."""
    assert [day[3:] for day in dates(shift_type("e", days=days))] == expected.split()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({"weekday"}, "12-24 12-27"),
        ({"fri", "mon"}, "12-24 12-27"),
        ({"saturday", "sunday"}, ""),
        ({"holiday"}, "12-25 12-26"),
        (ALL_DAYS, "12-24 12-25 12-26 12-27"),
    ],
)
def test_a_holiday_in_the_weekend_counts_as_holiday_only(days: set[str], expected: str) -> None:
    """Christmas 2027 lies on a Saturday and a Sunday."""
    assert dates(shift_type("e", days=days), first="2027-12-24", last="2027-12-27") == expected.split()


def test_a_holiday_on_a_weekday_counts_as_holiday_only() -> None:
    """Ascension is on a Thursday: neither a weekday nor a `thu`."""
    week = {"first": "2027-05-05", "last": "2027-05-07"}
    assert dates(shift_type("e", days={"weekday"}), **week) == ["05-07"]
    assert dates(shift_type("e", days={"wed", "thu"}), **week) == []
    assert dates(shift_type("e", days={"holiday"}), **week) == ["05-05", "05-06"]


def test_a_day_on_which_the_hds_is_closed_is_a_weekday() -> None:
    """Liberation Day, switched off, asks what any Wednesday asks."""
    closed = {"first": "2027-05-05", "last": "2027-05-06", "calendar": Calendar(open_on_liberation_day=False)}
    assert dates(shift_type("e", days={"wed"}), **closed) == ["05-05"]
    assert dates(shift_type("e", days={"holiday"}), **closed) == ["05-06"]


def test_a_type_is_valid_on_its_first_and_last_day() -> None:
    """And not on the days around them."""
    part = shift_type("e", valid_from=date(2027, 1, 5), valid_until=date(2027, 1, 7))
    assert dates(part) == ["01-05", "01-06", "01-07"]
    assert dates(shift_type("e", valid_from=date(2027, 1, 9))) == ["01-09", "01-10"]
    assert dates(shift_type("e", valid_until=date(2027, 1, 4))) == ["01-04"]
    assert dates(shift_type("e", valid_from=date(2027, 1, 11))) == []


@pytest.mark.parametrize(
    ("start", "end", "ends"),
    [
        ("17:00", "23:00", "2027-01-04T23:00"),
        ("23:00", "08:00", "2027-01-05T08:00"),
        ("17:30", "00:30", "2027-01-05T00:30"),
        ("17:00", "00:00", "2027-01-05"),
        ("08:00", "08:00", "2027-01-05T08:00"),
        ("08:00", "08:01", "2027-01-04T08:01"),
    ],
)
def test_an_end_that_is_not_after_the_start_lies_on_the_next_day(start: str, end: str, ends: str) -> None:
    """The same clock time is a whole day later."""
    (shift,) = demand(shift_type("x", start, end), last="2027-01-04")
    assert (shift.start, shift.end) == (moment(f"2027-01-04T{start}"), moment(ends))


def test_a_shift_that_ends_after_the_period_belongs_to_it() -> None:
    """The last night is there, and the night before the first day is not."""
    assert dates(shift_type("n", "23:00", "08:00"), last="2027-01-05") == ["01-04", "01-05"]


@pytest.mark.parametrize(("night", "hours"), [("2027-03-27", 8), ("2027-03-28", 9), ("2027-10-30", 10)])
def test_hours_are_elapsed_hours(night: str, hours: float) -> None:
    """A night shift over a change of the clock has an hour less or more."""
    (shift,) = demand(shift_type("n", "23:00", "08:00"), first=night, last=night)
    assert shift.hours == hours


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2024, 1, 1), date(2029, 12, 1)),
    st.integers(1, 40),
    st.frozensets(st.sampled_from((*WEEKDAYS, "saturday", "sunday", "holiday")), min_size=1),
    st.integers(1, 3),
)
def test_each_day_asks_for_what_its_kind_asks(first: date, length: int, days: frozenset[str], headcount: int) -> None:
    """As many shifts as the headcount on every day that matches, none on another, and every id once."""
    period = Period(start=first, end=first + timedelta(days=length - 1))
    kind = ShiftType(
        id="t", post_id="P", role=Role.CONSULT, days=days, start=time(17), end=time(23), headcount=headcount
    )
    shifts = shifts_of(builders.dossier([gp("A")], [agreement("A")], [kind], period=period))
    plain = Calendar()
    for day in period.days():
        name = plain.day_type(day)
        wanted = WEEKDAYS[day.weekday()] in days if name is DayType.WEEKDAY else name.value in days
        assert sum(shift.day == day for shift in shifts) == (headcount if wanted else 0)
    assert len({shift.id for shift in shifts}) == len(shifts)
