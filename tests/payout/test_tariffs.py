"""Maxima come from a table, and a table with a hole, an overlap or nonsense is refused."""

from datetime import date
from pathlib import Path

import pytest

from scheduler.domain.calendar import HourKind
from scheduler.errors import DossierError, Mistake
from scheduler.payout import national_tariffs, read_tariffs, tariffs_with
from tests.payout.paying import own_table

HEADER = "valid_from,valid_until,kind,cents_per_hour,source,certainty"
GOOD = "2025-01-01,2025-12-31,night,14600,besluit,stated"


def table(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    """A table with these rows."""
    path = tmp_path / "eigen.csv"
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def mistakes(path: Path) -> tuple[Mistake, ...]:
    """What is wrong with a table."""
    with pytest.raises(DossierError) as refused:
        read_tariffs(path)
    return refused.value.mistakes


@pytest.mark.parametrize(
    ("kind", "in_2023", "in_2024"),
    [("evening", 10084, 10746), ("night", 13187, 14053), ("weekend", 11636, 12400), ("holiday", 13187, 14053)],
)
def test_the_known_years_are_in_the_table(kind: HourKind, in_2023: int, in_2024: int) -> None:
    """2023 as the NZa published it, 2024 as found."""
    national = national_tariffs()
    assert national.maximum(HourKind(kind), date(2023, 12, 31)) == in_2023
    assert national.maximum(HourKind(kind), date(2024, 1, 1)) == in_2024


@pytest.mark.parametrize("day", [date(2022, 12, 31), date(2025, 1, 1), date(2026, 6, 1)])
def test_unknown_years_are_absent(day: date) -> None:
    """No amount was found for these years, so there is none."""
    assert all(national_tariffs().maximum(kind, day) is None for kind in HourKind)


def test_every_amount_names_its_source_and_certainty() -> None:
    """The 2024 holiday rate is derived, and says so."""
    rows = national_tariffs().national
    assert all(row.source for row in rows)
    assert {row.certainty for row in rows if row.kind is HourKind.HOLIDAY} == {"stated", "derived"}


def test_an_own_row_goes_before_the_national_one(tmp_path: Path) -> None:
    """A corrected amount counts on the days that its row covers, the national one on the others."""
    path = table(tmp_path, "2024-07-01,2024-12-31,night,15000,CBb,stated")
    found = tariffs_with(path)
    assert found.maximum(HourKind.NIGHT, date(2024, 6, 30)) == 14053
    assert found.maximum(HourKind.NIGHT, date(2024, 7, 1)) == 15000


def test_a_row_without_end_holds_on(tmp_path: Path) -> None:
    """Until further notice."""
    found = tariffs_with(table(tmp_path, "2025-01-01,,night,14600,besluit,stated"))
    assert found.maximum(HourKind.NIGHT, date(2031, 5, 5)) == 14600


def test_a_table_from_a_dutch_spreadsheet_is_understood(tmp_path: Path) -> None:
    """Semicolons, a byte order mark and d-m-yyyy."""
    path = tmp_path / "eigen.csv"
    path.write_bytes(f"\ufeff{HEADER}\r\n1-1-2025,31-12-2025,night,14600,besluit,stated\r\n".replace(",", ";").encode())
    assert read_tariffs(path)[0].valid_until == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("2025-01-01,2025-12-31,night,0,besluit,stated", "cents_per_hour"),
        ("2025-01-01,2025-12-31,night,-14600,besluit,stated", "cents_per_hour"),
        ("2025-01-01,2025-12-31,night,146.00,besluit,stated", "cents_per_hour"),
        ("2025-01-01,2025-12-31,nacht,14600,besluit,stated", "kind"),
        ("2025-01-01,2025-12-31,early_evening,14600,besluit,stated", "kind"),
        ("2025-12-31,2025-01-01,night,14600,besluit,stated", "valid_until"),
        ("2025-13-01,2025-12-31,night,14600,besluit,stated", "valid_from"),
        ("2025-01-01,2025-12-31,night,14600,,stated", "source"),
        ("2025-01-01,2025-12-31,night,14600,besluit,sure", "certainty"),
    ],
)
def test_a_wrong_cell_is_named(tmp_path: Path, row: str, column: str) -> None:
    """Line and column of the one mistake, beside a good row."""
    found = mistakes(table(tmp_path, GOOD.replace("night", "evening"), row))
    assert [(one.file, one.line, one.column) for one in found] == [("eigen.csv", 3, column)]


def test_overlapping_rows_are_refused_naming_kind_and_line(tmp_path: Path) -> None:
    """One day with two rates; the day after the first row's end is fine."""
    first = "2025-01-01,2025-06-30,night,14600,besluit,stated"
    fine = "2025-07-01,2025-12-31,night,14700,besluit,stated"
    assert len(read_tariffs(table(tmp_path, first, fine))) == 2
    found = mistakes(table(tmp_path, first, fine.replace("07-01", "06-30")))
    assert len(found) == 1
    assert "nacht (night)" in found[0].expected
    assert "regel 2" in found[0].expected


def test_a_gap_is_refused_naming_kind_and_days(tmp_path: Path) -> None:
    """One day without a rate."""
    rows = ["2025-01-01,2025-06-29,night,14600,besluit,stated", "2025-07-01,2025-12-31,night,14700,besluit,stated"]
    found = mistakes(table(tmp_path, *rows))
    assert len(found) == 1
    assert "2025-06-30 t/m 2025-06-30" in found[0].expected


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Three wrong rows, three mistakes."""
    rows = [GOOD.replace("14600", cents) for cents in ("0", "x", "")]
    assert [one.line for one in mistakes(table(tmp_path, *rows))] == [2, 3, 4]


def test_missing_column_file_and_rows_are_refused(tmp_path: Path) -> None:
    """Nothing to pay by."""
    assert "source" in {one.column for one in mistakes(table(tmp_path, GOOD, header=HEADER.replace(",source", "")))}
    assert mistakes(tmp_path / "nergens.csv")[0].file.endswith("nergens.csv")
    assert len(mistakes(table(tmp_path))) == 1


def test_the_days_on_which_a_rate_may_change_are_known() -> None:
    """A duty is cut there even where the kind of hour goes on."""
    changes = own_table({HourKind.HOLIDAY: 15000}, "2024-04-01", "2024-06-30").changes
    assert {date(2024, 1, 1), date(2024, 4, 1), date(2024, 7, 1)} <= set(changes)
