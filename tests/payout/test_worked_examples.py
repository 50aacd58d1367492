"""What shifts cost by the clock: known examples at the rates of 2024, in hours and EUR."""

from datetime import date
from decimal import Decimal

import pytest

from scheduler.domain.calendar import Calendar, HourKind
from scheduler.domain.people import Role
from scheduler.errors import DossierError
from scheduler.payout import payable
from scheduler.payout.outstanding import missing_maxima
from tests.payout.paying import BY_NATIONAL, by_kind, due, hds, own_table, payee, rostered, shift, stretch

NEW_YEARS_NIGHT = shift("2024-12-31T23:00", "2025-01-01T08:00")
EXAMPLES = [
    ("2024-01-10T17:00", "2024-01-10T23:00", {"early_evening": 1, "evening": 5}, "537.30"),
    ("2024-01-10T23:00", "2024-01-11T08:00", {"evening": 1, "night": 8}, "1231.70"),
    ("2023-01-11T23:00", "2023-01-12T08:00", {"evening": 1, "night": 8}, "1155.80"),
    ("2024-01-12T23:00", "2024-01-13T08:00", {"evening": 1, "night": 8}, "1231.70"),
    ("2024-01-13T08:00", "2024-01-13T16:00", {"weekend": 8}, "992.00"),
    ("2024-01-13T16:00", "2024-01-13T23:00", {"weekend": 7}, "868.00"),
    ("2024-01-14T23:00", "2024-01-15T08:00", {"weekend": 1, "night": 8}, "1248.24"),
    ("2024-12-24T17:00", "2024-12-24T23:00", {"early_evening": 1, "evening": 5}, "537.30"),
    ("2024-12-24T23:00", "2024-12-25T08:00", {"evening": 1, "holiday": 8}, "1231.70"),
    ("2024-12-26T23:00", "2024-12-27T08:00", {"holiday": 1, "night": 8}, "1264.77"),
    ("2024-03-30T23:00", "2024-03-31T08:00", {"weekend": 1, "holiday": 7}, "1107.71"),
    ("2024-10-26T23:00", "2024-10-27T08:00", {"weekend": 1, "night": 9}, "1388.77"),
]


@pytest.mark.parametrize(("start", "end", "hours", "euros"), EXAMPLES)
def test_a_shift_costs_its_hours_by_kind(start: str, end: str, hours: dict[str, float], euros: str) -> None:
    """Each clock hour counts as one kind; 17-18 on a working day has only the local rate, left out of the amount."""
    lines = due(rostered([shift(start, end)]))
    assert {kind: paid for kind, (paid, _) in by_kind(lines).items()} == hours
    national = lines[lines["kind"] != "early_evening"]
    assert Decimal(int(national["amount"].sum())) / 100 == Decimal(euros)


def test_the_hour_before_the_evening_is_paid_at_the_local_rate() -> None:
    """EUR 80 in this HDS, without a maximum."""
    lines = due(rostered([shift("2024-01-10T17:00", "2024-01-10T18:00")]))
    assert lines["amount"].tolist() == [8000]
    assert lines["maximum"].isna().all()


def test_easter_sunday_on_the_clock_change_has_twenty_three_hours() -> None:
    """31 March 2024, from midnight to midnight, all of it a holiday."""
    lines = due(rostered([shift("2024-03-31T00:00", "2024-04-01T00:00")]))
    assert by_kind(lines) == {"holiday": (23, 23 * 14053)}


def test_the_night_of_the_autumn_clock_change_is_paid_by_elapsed_time() -> None:
    """02:00-03:00 comes twice and is worked twice."""
    lines = due(rostered([shift("2024-10-27T00:00", "2024-10-27T08:00")]))
    assert by_kind(lines) == {"night": (9, 9 * 14053)}


def test_new_years_night_is_paid_by_the_table_of_each_year() -> None:
    """31 December 2023, a Sunday, at the weekend rate of 2023, 1 January at the holiday rate of 2024: one month."""
    lines = due(rostered([shift("2023-12-31T23:00", "2024-01-01T08:00")]))
    assert lines[["kind", "rate"]].values.tolist() == [["weekend", 11636], ["holiday", 14053]]
    assert set(lines["month"]) == {"2023-12"}


def test_new_years_night_into_an_unknown_year_is_paid_until_midnight() -> None:
    """Nothing is known of 2025: its eight hours wait; with a table of one's own they are paid."""
    found = payable(hds(), rostered([NEW_YEARS_NIGHT]), BY_NATIONAL)
    assert by_kind(found.lines) == {"evening": (1, 10746)}
    waiting = found.outstanding[["shift_id", "kind", "minutes", "year"]].values.tolist()
    assert waiting == [["P-consult/2024-12-31/1", "holiday", 480, 2025]]
    own = own_table({HourKind.HOLIDAY: 14600}, "2025-01-01", "2025-12-31")
    assert by_kind(due(rostered([NEW_YEARS_NIGHT]), tariffs=own)) == {
        "evening": (1, 10746), "holiday": (8, 8 * 14600),
    }  # fmt: skip


def test_every_missing_kind_and_year_is_named_at_once() -> None:
    """A year without any table; the message says how to add one."""
    shifts = [shift("2022-01-08T00:00", "2022-01-08T16:00"), shift("2025-01-10T18:00", "2025-01-10T23:00")]
    found = payable(hds(), rostered(shifts), BY_NATIONAL)
    assert found.lines.empty
    mistakes = missing_maxima(found.outstanding)
    assert [(one.found, one.column) for one in mistakes] == [
        ("2022", "night"),
        ("2022", "weekend"),
        ("2025", "evening"),
    ]
    assert all("--tariffs" in one.expected for one in mistakes)
    assert "5 uur" in mistakes[-1].expected
    assert "P-consult/2025-01-10/1" in mistakes[-1].expected


def test_a_rate_that_changes_within_a_holiday_cuts_the_line() -> None:
    """Easter Sunday to Easter Monday is one stretch of one kind, but a table begins on 1 April 2024."""
    own = own_table({HourKind.HOLIDAY: 15000}, "2024-04-01", "2024-12-31")
    lines = due(rostered([shift("2024-03-31T16:00", "2024-04-01T08:00")]), tariffs=own)
    assert lines[["minutes", "rate"]].values.tolist() == [[480, 14053], [480, 15000]]


def test_koningsdag_on_a_sunday_is_kept_on_saturday() -> None:
    """In 2031 the 27th of April is a Sunday: the 26th is the holiday and the 27th a Sunday like any other."""
    own = own_table({HourKind.HOLIDAY: 20000, HourKind.WEEKEND: 10000}, "2031-01-01", "2031-12-31")
    shifts = [shift(f"2031-04-{day}T08:00", f"2031-04-{day}T16:00") for day in (26, 27)]
    lines = due(rostered(shifts), tariffs=own)
    assert lines[["day", "kind"]].values.tolist() == [[date(2031, 4, 26), "holiday"], [date(2031, 4, 27), "weekend"]]


@pytest.mark.parametrize(("is_open", "kind"), [(True, "holiday"), (False, "evening")])
def test_liberation_day_counts_as_the_hds_is_open_by_day(is_open: bool, kind: str) -> None:
    """5 May 2023 is a Friday: a holiday where the post is open by day, an ordinary evening where it is closed."""
    calendar = Calendar(open_on_liberation_day=is_open)
    lines = due(rostered([shift("2023-05-05T18:00", "2023-05-05T23:00", calendar=calendar)]), hds(calendar=calendar))
    assert set(lines["kind"]) == {kind}


def test_liberation_day_on_a_sunday_stays_a_weekend_when_the_hds_is_closed() -> None:
    """5 May 2024 is a Sunday: an ordinary date, so weekend by day and night before eight."""
    calendar = Calendar(open_on_liberation_day=False)
    lines = due(rostered([shift("2024-05-05T00:00", "2024-05-05T16:00", calendar=calendar)]), hds(calendar=calendar))
    assert by_kind(lines) == {"night": (8, 8 * 14053), "weekend": (8, 8 * 12400)}


def test_a_trainee_is_never_paid() -> None:
    """Not beside the trainer, and not when the trainee stands in the roster or in what was worked."""
    evening = shift("2024-01-10T18:00", "2024-01-10T23:00")
    beside = rostered([evening], trainee_of={evening.id: "T"})
    assert set(due(beside)["gp_id"]) == {"A"}
    assert due(rostered([evening], "T")).empty
    worked = [stretch(evening, gp_id, "2024-01-10T18:00", "2024-01-10T23:00") for gp_id in ("A", "T")]
    assert due(rostered([evening]), worked=worked)["gp_id"].tolist() == ["A"]


def test_a_shift_split_between_two_gps_pays_each_the_own_hours() -> None:
    """A until 20:00, C from 20:00; the evening is paid once."""
    evening = shift("2024-01-10T17:00", "2024-01-10T23:00")
    worked = [
        stretch(evening, "A", "2024-01-10T17:00", "2024-01-10T20:00"),
        stretch(evening, "C", "2024-01-10T20:00", "2024-01-10T23:00"),
    ]
    lines = due(rostered([evening], "B"), worked=worked)
    assert by_kind(lines[lines["gp_id"] == "A"]) == {"early_evening": (1, 8000), "evening": (2, 21492)}
    assert by_kind(lines[lines["gp_id"] == "C"]) == {"evening": (3, 32238)}


def test_a_locum_may_be_paid_through_a_practice() -> None:
    """Performer C, payee the practice, on that basis; the class stays that of the performer."""
    dossier = hds(payees=[payee("C", "Praktijk PR", "NL91ABNA0417164300", via_practice=True)])
    (line,) = due(rostered([shift("2024-01-13T08:00", "2024-01-13T16:00")], "C"), dossier).to_dict("records")
    assert (line["gp_id"], line["payee"], line["basis"], line["contract"]) == (
        "C", "Praktijk PR", "via_practice", "locum",
    )  # fmt: skip


def test_standby_is_paid_at_its_own_rate_whatever_the_hour() -> None:
    """A standby night into Christmas, one line."""
    lines = due(rostered([shift("2024-12-24T23:00", "2024-12-25T08:00", Role.STANDBY)]))
    assert by_kind(lines) == {"standby": (9, 9 * 1500)}
    assert len(lines) == 1


def test_a_called_in_gp_gets_the_duty_rate_for_the_hours_worked() -> None:
    """Called from 23:30 to 01:00 on a weekday: half an hour evening, one hour night, the rest standby."""
    night = shift("2024-01-10T23:00", "2024-01-11T08:00", Role.STANDBY)
    call = stretch(night, "A", "2024-01-10T23:30", "2024-01-11T01:00")
    lines = due(rostered([night]), call_ins=[call])
    assert by_kind(lines) == {"evening": (0.5, 5373), "night": (1, 14053), "standby": (7.5, 11250)}


def test_hours_without_a_local_rate_stop_the_payment() -> None:
    """No national amount exists for standby or 17-18, so the HDS has to set one."""
    shifts = [
        shift("2024-01-10T17:00", "2024-01-10T18:00"),
        shift("2024-01-10T23:00", "2024-01-11T08:00", Role.STANDBY),
    ]
    bare = hds(payout=hds().payout.replace(early_evening_rate=None, standby_rate=None))
    with pytest.raises(DossierError) as refused:
        due(rostered(shifts), bare)
    assert [mistake.column for mistake in refused.value.mistakes] == [
        "[payout] early_evening_rate", "[payout] standby_rate",
    ]  # fmt: skip
