"""What a roster will cost, beside the budget and what was paid."""

import csv
import io
from pathlib import Path

import pytest

from scheduler.domain.calendar import HourKind
from scheduler.domain.people import Role
from scheduler.domain.roster import Roster
from scheduler.errors import DossierError
from scheduler.payout import forecast, read_budget, read_ledger
from scheduler.payout.budget import budget_file
from tests.payout.paying import BY_NATIONAL, closed, hds, own_table, rostered, shift

NIGHT = shift("2024-01-31T23:00", "2024-02-01T08:00")
STANDBY = shift("2024-01-16T23:00", "2024-01-17T08:00", Role.STANDBY)
LATER = shift("2024-02-10T08:00", "2024-02-10T16:00")
ROSTER = rostered([NIGHT, STANDBY, LATER])
BY_CELL = {
    ("2024-01", "evening"): (60, 10746),
    ("2024-01", "night"): (480, 112424),
    ("2024-01", "standby"): (540, 13500),
    ("2024-02", "weekend"): (480, 99200),
}


def test_a_forecast_has_hours_and_money_per_month_and_kind() -> None:
    """The night into February belongs to January."""
    lines = forecast(hds(), ROSTER, BY_NATIONAL)
    assert {(line.month, line.kind): (line.forecast_minutes, line.forecast) for line in lines} == BY_CELL
    assert {line.budget for line in lines} == {line.realised for line in lines} == {None}


def test_open_shifts_count_in_a_forecast() -> None:
    """Somebody will do them."""
    lines = forecast(hds(), Roster(shifts=ROSTER.shifts), BY_NATIONAL)
    assert sum(line.forecast for line in lines) == 235870


def test_budget_and_what_was_paid_stand_beside_the_forecast(tmp_path: Path) -> None:
    """January is paid, with a night that was not worked; February is not paid yet; a budget without hours shows too."""
    closed(tmp_path, ROSTER.with_gp(NIGHT.id, None))
    budget = {("2024-01", "night"): 100000, ("2024-03", "evening"): 50000}
    lines = forecast(hds(), ROSTER, BY_NATIONAL, budget, read_ledger(tmp_path, "test"))
    found = {(line.month, line.kind): (line.forecast, line.budget, line.realised) for line in lines}
    assert found == {
        ("2024-01", "evening"): (10746, None, 0),
        ("2024-01", "night"): (112424, 100000, 0),
        ("2024-01", "standby"): (13500, None, 13500),
        ("2024-02", "weekend"): (99200, None, None),
        ("2024-03", "evening"): (0, 50000, None),
    }


def test_a_future_year_needs_a_table_of_its_own() -> None:
    """As a payment does."""
    roster = rostered([shift("2027-01-13T18:00", "2027-01-13T23:00")])
    with pytest.raises(DossierError, match="2027"):
        forecast(hds(), roster, BY_NATIONAL)
    own = own_table({HourKind.EVENING: 12000}, "2027-01-01", "2027-12-31")
    assert [line.forecast for line in forecast(hds(), roster, own)] == [60000]


def test_the_table_has_differences_where_both_sides_are_known() -> None:
    """Empty cells elsewhere."""
    content = budget_file(forecast(hds(), ROSTER, BY_NATIONAL, {("2024-01", "night"): 100000}))
    rows = {row["kind"]: row for row in csv.DictReader(io.StringIO(content.decode()))}
    assert rows["night"]["forecast_minus_budget"] == "124.24"
    assert rows["night"]["realised_minus_forecast"] == ""
    assert rows["evening"]["budget"] == ""


def test_a_budget_is_read_to_the_cent(tmp_path: Path) -> None:
    """With a decimal point or, between semicolons, a decimal comma."""
    path = tmp_path / "begroting.csv"
    path.write_text("month;kind;amount\n2024-01;night;1000,05\n2024-01;standby;50\n", encoding="utf-8")
    assert read_budget(path) == {("2024-01", "night"): 100005, ("2024-01", "standby"): 5000}


def test_every_wrong_cell_of_a_budget_is_named(tmp_path: Path) -> None:
    """Month, kind, amount, and a line that stands there twice."""
    path = tmp_path / "begroting.csv"
    rows = ["2024-13,night,1", "2024-01,nacht,1", "2024-01,night,-1", "2024-01,night,1", "2024-01,night,2"]
    path.write_text("\n".join(["month,kind,amount", *rows]), encoding="utf-8")
    with pytest.raises(DossierError) as refused:
        read_budget(path)
    found = [(mistake.line, mistake.column) for mistake in refused.value.mistakes]
    assert found == [(2, "month"), (3, "kind"), (4, "amount"), (6, "month")]
