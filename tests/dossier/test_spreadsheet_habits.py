"""What a Dutch Excel makes of the files is understood, with a notice, and means the same."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest

from tests.dossier.folders import FILES, Folder

TABLES = [name for name in FILES if name.endswith(".csv")]


def _separated(content: str, separator: str) -> str:
    """The same table with another separator; cells with that separator in them are quoted."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator="\n").writerows(csv.reader(io.StringIO(content)))
    return out.getvalue()


HABITS: list[tuple[str, Callable[[str], bytes]]] = [
    ("semicolons", lambda content: _separated(content, ";").encode()),
    ("tabs", lambda content: _separated(content, "\t").encode()),
    ("byte_order_mark", lambda content: b"\xef\xbb\xbf" + content.encode()),
    ("windows_lines", lambda content: content.replace("\n", "\r\n").encode()),
    ("windows_1252", lambda content: content.replace("\n", " \n", 1).encode("cp1252")),
    ("utf16", lambda content: _separated(content, "\t").encode("utf-16")),
    ("stray_blanks", lambda content: content.replace(",", " , ").encode()),
    ("blank_rows", lambda content: content.replace("\n", "\n\n").encode()),
    ("surplus_cells", lambda content: content.replace("\n", ",,\n").replace(",,", "", 1).encode()),
]


@pytest.mark.parametrize(("code", "saved"), HABITS, ids=[code for code, _ in HABITS])
def test_a_table_means_the_same_however_it_is_saved(folder: Folder, code: str, saved: Callable[[str], bytes]) -> None:
    """Separators, encodings, line ends and blanks change nothing in the dossier, and are told."""
    plain = folder.read().dossier
    for name in ("posts.csv", "gps.csv", "agreements.csv", "shift_types.csv"):
        folder.write(name, saved(FILES[name]))
    reading = folder.read()
    assert reading.dossier == plain
    assert code in {notice.code for notice in reading.notices}


def test_all_habits_of_a_dutch_excel_together_are_understood(folder: Folder) -> None:
    """Semicolons, decimal commas, d-m-yyyy, a byte order mark and Windows line ends in every file at once."""
    plain = folder.read().dossier
    for name in TABLES:
        rows = list(csv.reader(io.StringIO(FILES[name])))
        dutch = [[_dutch(cell) for cell in row] for row in rows]
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=";").writerows(dutch)
        folder.write(name, b"\xef\xbb\xbf" + out.getvalue().encode())
    reading = folder.read()
    assert reading.dossier == plain
    codes = {notice.code for notice in reading.notices}
    assert codes == {"semicolons", "byte_order_mark", "windows_lines", "decimal_comma", "day_month_year"}


def _dutch(cell: str) -> str:
    parts = cell.split("-")
    if len(cell) == 10 and len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{int(parts[2])}-{int(parts[1])}-{parts[0]}"
    return cell.replace(".", ",") if cell.replace(".", "").replace("-", "").isdigit() else cell


@pytest.mark.parametrize(
    ("name", "old", "new", "code"),
    [
        ("balances.csv", "-3.5", '"-3,5"', "decimal_comma"),
        ("past_holidays.csv", "2026-12-25", "25-12-2026", "day_month_year"),
        ("past_holidays.csv", "2026-12-25", "46381", "serial_date"),
        ("absences.csv", "2027-01-05T00:00", "5-1-2027 0:00", "day_month_year"),
        ("absences.csv", "2027-01-05T00:00", "2027-01-05 00:00", "blank_for_t"),
        ("absences.csv", "2027-01-06T12:00", "46393.5", "serial_date"),
        ("absences.csv", "2027-01-06T12:00", "2027-01-06T12:00:00", "clock_shape"),
        ("shift_types.csv", ",08:00,16:00", ",8:00,16:00:00", "clock_shape"),
        ("shift_types.csv", "17:00,23:00", "0.7083333333333334,23:00", "serial_time"),
        ("posts.csv", "9000", "9000.0", None),
    ],
)  # fmt: skip
def test_a_cell_in_a_shape_of_a_spreadsheet_means_the_same(
    folder: Folder, name: str, old: str, new: str, code: str | None
) -> None:
    """Numbers, dates and times as a spreadsheet writes them are understood, and told once."""
    plain = folder.read().dossier
    folder.change(name, old, new)
    assert folder.read().dossier == plain
    assert folder.notice_codes() == ({code} if code else set())


def test_rows_that_excel_shortened_are_filled_up(folder: Folder) -> None:
    """Excel leaves out empty cells at the end of rows; with its separator that is no mistake."""
    plain = folder.read().dossier
    content = _separated(FILES["gps.csv"], ";").replace("junior;;;", "junior").replace("PR1;;\n", "PR1\n")
    folder.write("gps.csv", content)
    assert folder.read().dossier == plain
    assert folder.notice_codes() == {"semicolons", "short_rows"}


def test_a_comma_file_that_excel_split_at_semicolons_is_understood(folder: Folder) -> None:
    """Opened without an import, lists were split over columns and every row got as many semicolons."""
    plain = folder.read().dossier
    lines = FILES["shift_types.csv"].splitlines()
    folder.write("shift_types.csv", "".join(line + ";" * (3 - line.count(";")) + "\n" for line in lines))
    reading = folder.read()
    assert reading.dossier == plain
    assert {notice.code for notice in reading.notices} == {"padded"}


def test_a_line_that_names_the_separator_is_skipped(folder: Folder) -> None:
    """Some programs tell Excel the separator on a first line."""
    plain = folder.read().dossier
    folder.write("posts.csv", "sep=;\n" + _separated(FILES["posts.csv"], ";"))
    assert folder.read().dossier == plain


def test_columns_and_files_that_are_not_known_are_told_and_left_out(folder: Folder) -> None:
    """A planner's own remarks do no harm, and a misspelt file name does not go unseen."""
    plain = folder.read().dossier
    folder.write("posts.csv", "opmerking,post_id,name,patients\nlet op,P1,Post Eén,9000\n")
    folder.write("wish.csv", "gp_id\nG1\n")
    reading = folder.read()
    assert reading.dossier == plain
    assert [(notice.code, notice.file) for notice in reading.notices] == [
        ("unknown_file", "wish.csv"),
        ("extra_column", "posts.csv"),
    ]
    assert "opmerking" in reading.notices[1].text


def test_agreed_hours_above_the_demand_are_told(folder: Folder) -> None:
    """Locums and salaried GPs who agreed to more than there is are scaled down, and the planner hears it."""
    assert "agreed_hours" not in folder.notice_codes()
    folder.change("agreements.csv", "consult;visit,40,", "consult;visit,240,")
    assert folder.notice_codes() == {"agreed_hours"}


def test_a_trainee_without_trainer_is_told(folder: Folder) -> None:
    """Such a trainee gets no shifts; that is no reason to refuse the dossier."""
    folder.change("gps.csv", "trainee,,G1,", "trainee,,,")
    assert folder.notice_codes() == {"trainee_without_trainer"}


def test_hours_of_an_owner_are_told(folder: Folder) -> None:
    """A planner who fills them in should know that they decide nothing."""
    folder.change("agreements.csv", "P1,consult;visit,,", "P1,consult;visit,80,")
    assert folder.notice_codes() == {"hours_of_owner"}


def test_files_that_other_commands_write_may_stand_beside_the_dossier(folder: Folder) -> None:
    """A roster in the same folder is not told as an unknown file."""
    for name in ("roster.csv", "quota.csv", "unfilled.csv", "worked.csv", "call_ins.csv", "payout.csv"):
        folder.write(name, "shift_id\n")
    assert folder.notice_codes() == set()


def test_a_holiday_on_the_first_day_of_the_period_is_none_of_the_past(folder: Folder) -> None:
    """The day before counts as past, the day itself does not."""
    folder.change("hds.toml", "start = 2027-01-04", "start = 2026-12-26")
    folder.add("past_holidays.csv", "G2,2026-12-25")
    assert folder.notice_codes() == set()
    folder.add("past_holidays.csv", "G2,2026-12-26")
    assert folder.notice_codes() == {"past_holiday_idle"}


@pytest.mark.parametrize("date", ["2026-12-27", "2027-01-04", "2027-04-27"])
def test_a_past_holiday_that_counts_for_nothing_is_told(folder: Folder, date: str) -> None:
    """A day that is no holiday, or that lies in the period or after it, does nothing."""
    folder.add("past_holidays.csv", f"G1,{date}")
    assert folder.notice_codes() == {"past_holiday_idle"}


def test_a_line_number_counts_the_lines_of_a_cell_with_line_breaks(folder: Folder) -> None:
    """A name over two lines, itself a mistake, moves the mistakes below it one line down."""
    folder.change("gps.csv", "Huisarts Twee", '"Huisarts\nTwee"')
    folder.change("gps.csv", "Basisarts Vier,junior", "Basisarts Vier,senior")
    places = [(mistake.file, mistake.line, mistake.column) for mistake in folder.mistakes()]
    assert places == [("gps.csv", 3, "name"), ("gps.csv", 6, "contract")]


def test_agreed_hours_count_by_the_days_on_which_they_can_be_worked(folder: Folder) -> None:
    """More than there is to do, of a locum whose registration ended before the period: nothing to tell."""
    folder.change("agreements.csv", "P1,consult;visit,40,", "P1,consult;visit,240,")
    assert folder.notice_codes() == {"agreed_hours"}
    folder.change("gps.csv", "G2,Huisarts Twee,locum,,,", "G2,Huisarts Twee,locum,,,2026-12-31")
    folder.write("locks.csv", "shift_id,gp_id\n")
    assert "agreed_hours" not in folder.notice_codes()


@pytest.mark.parametrize(("least", "told"), [("158", False), ("159", True)])
def test_least_hours_above_what_is_left_for_owners_are_told(folder: Folder, least: str, told: bool) -> None:
    """Of 218 hours in all, 40 and 20 are agreed: the only owner can do 158."""
    folder.change("hds.toml", "[payout]", f"least_hours = {least}\n[payout]")
    demand = sum(shift.hours for shift in folder.read().shifts)
    assert demand == 218
    assert ("least_hours" in folder.notice_codes()) is told


def test_a_reason_that_is_excused_but_for_capitals_is_told(folder: Folder) -> None:
    """It does not lower the share as it stands; spelt as in the settings it does, and nothing is told."""
    folder.change("hds.toml", "[payout]", 'excused_reasons = ["Verlof"]\n[payout]')
    assert folder.notice_codes() == {"excused_spelling"}
    folder.change("hds.toml", '"Verlof"', '"verlof"')
    assert folder.notice_codes() == set()
