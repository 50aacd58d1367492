"""A cell of a workbook means what its text would mean in a file, or is refused: every column, every kind of cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.dossier.findings import Findings
from scheduler.dossier.reading import folder_source
from scheduler.dossier.schema import TABLES, FileSpec, Kind
from scheduler.dossier.workbook_in import workbook_source
from scheduler.dossier.workbook_xml import MOST_COLUMNS, MOST_ROWS
from scheduler.errors import DossierError
from scheduler.intake import take_in_workbook
from tests.dossier.folders import FILES, Folder
from tests.dossier.workbooks import Writer, change_part, rows_of, write_workbook

WHOLE = {
    spec.name: "\n".join(
        [",".join(spec.all_columns), *(line + "," * (len(spec.all_columns) - line.count(",") - 1) for line in rest)]
    )
    + "\n"
    for spec in TABLES
    for rest in [FILES[spec.name].splitlines()[1:]]
}
"""The tables of the small dossier with every column that may be there."""


def _number(value: float) -> Writer:
    return lambda book, sheet, y, x: sheet.write_number(y, x, value)


def _moment(value: date | datetime | time, shape: str) -> Writer:
    return lambda book, sheet, y, x: sheet.write_datetime(y, x, value, book.add_format({"num_format": shape}))


DAY, NOON = date(2027, 1, 6), datetime(2027, 1, 6, 12)  # noqa: DTZ001
Meaning = Callable[[Kind, str], str | None]


def _same(written: str) -> Meaning:
    return lambda kind, column: written


def _refused(kind: Kind, column: str) -> None:
    return None


def _not_in_text(written: str) -> Meaning:
    return lambda kind, column: None if kind is Kind.TEXT else written


def _day(kind: Kind, column: str) -> str | None:
    if kind is Kind.MOMENT:
        return "2027-01-07T00:00" if column == "end" else "2027-01-06T00:00"
    return None if kind is Kind.TEXT else "2027-01-06"


def _serial(kind: Kind, column: str) -> str | None:
    return _day(kind, column) if kind is Kind.MOMENT else "46393"


CELLS: dict[str, tuple[Writer, Meaning]] = {
    "int": (_number(3), _same("3")),
    "serial": (_number(46393), _serial),
    "float": (_number(2.5), _same("2.5")),
    "long number": (
        _number(1234567890123456),
        lambda kind, column: None if kind is Kind.TEXT else "1234567890123456.0",
    ),
    "negative": (_number(-4), _same("-4")),
    "date": (_moment(DAY, "d-m-yyyy"), _day),
    "long date": (_moment(DAY, '[$-413]dddd d mmmm yyyy" (h)"'), _day),
    "midnight": (
        _moment(datetime(2027, 1, 6), "d-m-yyyy hh:mm"),  # noqa: DTZ001
        lambda kind, column: "2027-01-06T00:00" if kind is Kind.MOMENT else _day(kind, column),
    ),
    "moment": (_moment(NOON, "d-m-yyyy hh:mm"), _not_in_text("2027-01-06T12:00")),
    "hidden clock": (_moment(NOON, "d-m-yyyy"), _not_in_text("2027-01-06T12:00")),
    "clock": (_moment(time(17, 30), "hh:mm"), _not_in_text("17:30")),
    "many hours": (
        lambda book, sheet, y, x: sheet.write_number(y, x, 1.75, book.add_format({"num_format": "[h]:mm"})),
        _not_in_text("42:00"),
    ),
    "bool": (lambda book, sheet, y, x: sheet.write_boolean(y, x, True), _refused),
    "error": (lambda book, sheet, y, x: sheet.write_formula(y, x, "=1/0", None, "#DIV/0!"), _refused),
    "formula never calculated": (lambda book, sheet, y, x: sheet.write_formula(y, x, "=1+1"), _refused),
    "text with blanks": (lambda book, sheet, y, x: sheet.write_string(y, x, " tekst "), _same(" tekst ")),
    "text of a date": (lambda book, sheet, y, x: sheet.write_string(y, x, "2027-01-06"), _same("2027-01-06")),
    "empty": (lambda book, sheet, y, x: sheet.write_blank(y, x, None), _same("")),
}


def _diagonal(spec: FileSpec, put: Callable[[str], str]) -> str:
    """A table with as many rows as columns: the first row of the small dossier, each time with one cell replaced."""
    _, first, *_ = rows_of(WHOLE[spec.name])
    rows = [
        [put(column) if x == y else cell for x, cell in enumerate(first)] for y, column in enumerate(spec.all_columns)
    ]
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([spec.all_columns, *rows])
    return out.getvalue()


def _check_cells(place: Path, write: Writer, meaning: Meaning) -> None:
    """Put the cell in every column of every sheet, and compare with files that hold its meaning as text."""
    cells = {(spec.sheet, x + 1, x): write for spec in TABLES for x in range(len(spec.all_columns))}
    write_workbook(
        place / "cells.xlsx", cells, {"hds.toml": ""} | {spec.name: _diagonal(spec, lambda _: "") for spec in TABLES}
    )
    folder = Folder(place / "folder")
    for spec in TABLES:
        folder.write(spec.name, _diagonal(spec, lambda column, spec=spec: meaning(spec.kind(column), column) or ""))
    sheets, files = (
        workbook_source(place / "cells.xlsx", Findings()).tables,
        folder_source(folder.path, Findings()).tables,
    )
    for spec in TABLES:
        for column, row, expected in zip(spec.all_columns, sheets[spec.name].rows, files[spec.name].rows, strict=True):
            is_refused = meaning(spec.kind(column), column) is None
            assert set(row.flaws) == ({column} if is_refused else set()), (spec.name, column)
            if not is_refused:
                assert dict(row.cells) == dict(expected.cells)


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_means_what_its_text_means_or_is_refused(name: str, tmp_path: Path) -> None:
    """In every column of every table: what a file with that text would hold, or a refusal that names the cell."""
    _check_cells(tmp_path, *CELLS[name])


@given(number=st.floats(-1e6, 1e6).map(lambda value: float(f"{value:.15g}")).filter(lambda value: value != int(value)))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_number_means_what_its_text_means(tmp_path: Path, number: float) -> None:
    """A number with a part has the digits in a workbook that it has in a file."""
    _check_cells(tmp_path, _number(number), _same(repr(number)))


def _notices(path: Path) -> dict[str, str]:
    return {notice.code: notice.text for notice in take_in_workbook(path).notices}


def test_a_date_without_a_time_at_the_end_of_an_absence_is_that_whole_day(tmp_path: Path) -> None:
    """19-4 to 25-4 keeps the 25th free, and both habits are counted."""
    cells = {("absences", 1, x): _moment(date(2027, 1, day), "d-m-yyyy") for x, day in ((1, 9), (2, 15))}
    write_workbook(tmp_path / "leave.xlsx", cells)
    [absence] = take_in_workbook(tmp_path / "leave.xlsx").dossier.absences
    assert (absence.start.isoformat(), absence.end.isoformat()) == (
        "2027-01-09T00:00:00+01:00", "2027-01-16T00:00:00+01:00",
    )  # fmt: skip
    told = _notices(tmp_path / "leave.xlsx")
    assert "(1 keer)" in told["whole_day_end"]
    assert "(1 keer)" in told["whole_day_start"]


def test_a_formula_that_was_calculated_gives_its_value(tmp_path: Path) -> None:
    """A workbook that waits for nothing is read with the values of its formulas, an empty text included."""
    cells: dict[tuple[str, int, int], Writer] = {
        ("agreements", 2, 5): lambda book, sheet, y, x: sheet.write_formula(y, x, "=20+20", None, 40),
        ("absences", 1, 3): lambda book, sheet, y, x: sheet.write_formula(y, x, '=""', None, ""),
    }
    write_workbook(tmp_path / "sum.xlsx", cells)
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "sum.xlsx")
    assert [(m.line, m.column, m.found) for m in caught.value.mistakes] == [
        (3, "hours", "=20+20"),
        (2, "reason", '=""'),
    ]
    change_part(tmp_path / "sum.xlsx", "xl/workbook.xml", lambda xml: xml.replace(' fullCalcOnLoad="1"', ""))
    change_part(tmp_path / "sum.xlsx", "xl/worksheets/sheet7.xml", lambda xml: xml.replace("><f>", ' t="str"><f>'))
    dossier = take_in_workbook(tmp_path / "sum.xlsx").dossier
    assert dossier.agreements[1].hours == 40
    assert dossier.absences[0].reason == ""


def test_one_wrong_cell_gives_one_mistake_that_says_what_is_in_it(tmp_path: Path) -> None:
    """Errors, truths and codes of 16 digits are told as the planner sees them."""
    cells = {("gps", 1, 1): CELLS["error"][0], ("gps", 2, 1): CELLS["bool"][0], ("gps", 3, 1): CELLS["long number"][0]}
    write_workbook(tmp_path / "wrong.xlsx", cells)
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "wrong.xlsx")
    assert [(m.line, m.found) for m in caught.value.mistakes] == [(2, "#DIV/0!"), (3, "WAAR"), (4, "1234567890123456")]


@pytest.mark.parametrize("kind", ["error", "bool", "date", "formula never calculated"])
@pytest.mark.parametrize("row", [2, 3, 4, 6, 8, 9])
def test_settings_in_a_sheet_are_held_to_the_same(tmp_path: Path, kind: str, row: int) -> None:
    """No key takes an error, a truth, a date or a formula that waits for something else; one mistake each."""
    write_workbook(tmp_path / "set.xlsx", {("hds", row, 1): CELLS[kind][0]})
    if (row, kind) == (4, "date"):
        assert take_in_workbook(tmp_path / "set.xlsx").dossier.period.start == DAY
        return
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "set.xlsx")
    assert [(m.file, m.line) for m in caught.value.mistakes if "[hds]" in m.file] == [("set.xlsx [hds]", row + 1)]


@pytest.mark.parametrize(("y", "x"), [(1048575, 16383), (MOST_ROWS, 0), (1, MOST_COLUMNS), (90_000, 99)])
def test_a_cell_far_off_is_refused_before_it_takes_memory(tmp_path: Path, y: int, x: int) -> None:
    """The last cell of a sheet, or a rectangle too large, is named; an own sheet may have it."""
    write_workbook(tmp_path / "far.xlsx", {("gps", y, x): _number(1)})
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "far.xlsx")
    [mistake] = caught.value.mistakes
    assert mistake.file == "far.xlsx [gps]"
    assert mistake.found.endswith(str(y + 1))
    files = {**FILES, "mijn blad.csv": "x\n"}
    write_workbook(tmp_path / "own.xlsx", {("mijn blad", y, x): _number(1)}, files)
    assert _notices(tmp_path / "own.xlsx").keys() == {"unknown_sheet", *_notices_of_plain(tmp_path)}


def _notices_of_plain(tmp_path: Path) -> set[str]:
    write_workbook(tmp_path / "plain.xlsx")
    return set(_notices(tmp_path / "plain.xlsx"))


def test_the_furthest_cell_within_bounds_is_read(tmp_path: Path) -> None:
    """An empty cell with a format far away is nothing; a value in the last row that counts is counted as unread."""
    cells: dict[tuple[str, int, int], Writer] = {
        ("gps", 1048575, 16383): lambda book, sheet, y, x: sheet.write_blank(y, x, None, book.add_format({"bold": 1})),
        ("gps", 1, MOST_COLUMNS - 1): _number(1),
    }
    write_workbook(tmp_path / "near.xlsx", cells)
    assert "(1 keer)" in _notices(tmp_path / "near.xlsx")["unread_cells"]


def test_two_sheets_of_one_name_are_refused(tmp_path: Path) -> None:
    """Blanks and capitals do not tell sheets apart, so neither is chosen."""
    write_workbook(tmp_path / "two.xlsx", {}, {**FILES, " GPs .csv": FILES["gps.csv"]})
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "two.xlsx")
    assert [(m.file, m.found) for m in caught.value.mistakes] == [("two.xlsx [gps]", "'gps', ' GPs '")]


def test_what_is_hidden_or_not_read_is_told(tmp_path: Path) -> None:
    """Hidden sheets and rows are read and named; own sheets, columns and cells are named and not read."""
    cells: dict[tuple[str, int, int], Writer] = {
        ("wishes", 0, 0): lambda book, sheet, y, x: sheet.hide(),
        ("gps", 2, 0): lambda book, sheet, y, x: sheet.set_row(y, None, None, {"hidden": True}),
        ("gps", 0, 6): lambda book, sheet, y, x: sheet.write_string(y, x, "telefoon"),
        ("gps", 1, 8): lambda book, sheet, y, x: sheet.write_string(y, x, "bellen!"),
        ("hds", 2, 2): lambda book, sheet, y, x: sheet.write_string(y, x, "onze code"),
    }
    write_workbook(tmp_path / "own.xlsx", cells, {**FILES, "Telefoonlijst.csv": "naam\n"})
    reading = take_in_workbook(tmp_path / "own.xlsx")
    told = [(notice.file, notice.code) for notice in reading.notices]
    for expected in (
        ("wishes.csv", "hidden_sheet"), ("gps.csv", "hidden_rows"), ("gps.csv", "extra_column"),
        ("gps.csv", "unread_cells"), ("hds.toml", "unread_cells"), ("Telefoonlijst", "unknown_sheet"),
    ):  # fmt: skip
        assert told.count(expected) == 1, told
    assert len(reading.dossier.wishes) == 1
    assert len(reading.dossier.gps) == 5


def test_merged_cells_are_refused(tmp_path: Path) -> None:
    """Only the first of them holds the value, so the others would be read as nothing."""
    merge: Writer = lambda book, sheet, y, x: sheet.merge_range(y, x, y + 1, x, "samen")  # noqa: E731
    write_workbook(tmp_path / "merged.xlsx", {("gps", 3, 1): merge})
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "merged.xlsx")
    assert [(m.file, m.line, m.found) for m in caught.value.mistakes] == [("merged.xlsx [gps]", 4, "samen")]


def test_a_workbook_that_counts_from_1904_gives_no_serial_numbers(tmp_path: Path) -> None:
    """Real dates are right there; a bare number would be four years off."""
    write_workbook(tmp_path / "mac.xlsx", {("absences", 1, 1): _number(46393)}, default_date_format="d-m-yyyy")
    change_part(
        tmp_path / "mac.xlsx", "xl/workbook.xml", lambda xml: xml.replace("<workbookPr ", '<workbookPr date1904="1" ')
    )
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "mac.xlsx")
    assert [(m.line, m.column) for m in caught.value.mistakes] == [(2, "start")]


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml"])
def test_a_broken_part_makes_it_no_workbook(tmp_path: Path, part: str) -> None:
    """Parts that are no XML, or declare what no workbook has, are refused by the name of the file."""
    for change in (
        lambda xml: xml[: len(xml) // 2],
        lambda xml: xml.replace("?>", '?><!DOCTYPE a [<!ENTITY b "c">]>', 1),
    ):
        write_workbook(tmp_path / "broken.xlsx")
        change_part(tmp_path / "broken.xlsx", part, change)
        with pytest.raises(DossierError) as caught:
            take_in_workbook(tmp_path / "broken.xlsx")
        assert [mistake.file for mistake in caught.value.mistakes] == ["broken.xlsx"]
