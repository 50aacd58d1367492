"""A number that a Dutch and an English reader take for two numbers is refused, unless the rest of the file tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.dossier.decimal_sign import may_be_thousands
from scheduler.errors import DossierError
from scheduler.intake import take_in_workbook
from tests.dossier.folders import FILES, Folder
from tests.dossier.workbooks import write_workbook

HEAD = "practice_id,name,patients"
BALANCES = "gp_id,burden,hours"


def _table(separator: str, head: str, *numbers: str) -> str:
    ids = ("PR1", "PR2") if head is HEAD else ("G1", "G2")
    middle = ("Praktijk", "Praktijk") if head is HEAD else ("night", "evening")
    rows = [[one, mid, f'"{n}"'] for one, mid, n in zip(ids, middle, numbers, strict=False)]
    return "\n".join(separator.join(cells) for cells in [head.split(","), *rows]) + "\n"


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("written", ["2.350", "2,350"])
def test_thousands_in_a_file_of_a_spreadsheet_are_refused(folder: Folder, separator: str, written: str) -> None:
    """`2.350` beside `950` is 2350 patients or 2.35: nobody guesses."""
    folder.write("practices.csv", _table(separator, HEAD, "950", written))
    [mistake] = folder.mistakes()
    assert (mistake.file, mistake.line, mistake.column, mistake.found) == ("practices.csv", 3, "patients", written)
    assert "duizendtallen" in mistake.expected


@pytest.mark.parametrize(
    ("separator", "numbers", "values"),
    [
        (",", ("8", "1.250"), (8, 1.25)),
        (";", ("8,5", "1,250"), (8.5, 1.25)),
        (";", ("8.5", "1.250"), (8.5, 1.25)),
        (";", ("0,125", "1,250"), (0.125, 1.25)),
        (";", ("-8,5", "-1,250"), (-8.5, -1.25)),
        (";", ("1250,125", "2"), (1250.125, 2)),
    ],
)
def test_a_sign_that_the_file_makes_plain_is_read(
    folder: Folder, separator: str, numbers: tuple[str, ...], values: tuple[float, ...]
) -> None:
    """With commas between fields the point is the decimal sign; elsewhere the other numbers of the file show it."""
    folder.write("balances.csv", _table(separator, BALANCES, *numbers))
    assert tuple(balance.hours for balance in folder.read().dossier.balances) == values


@pytest.mark.parametrize(
    ("separator", "numbers"),
    [(",", ("8", "1,250")), (",", ("8.5", "1,250")), (";", ("8,5", "1.250")), (";", ("8.5", "1,250"))],
)
def test_a_sign_against_that_of_the_file_is_refused(folder: Folder, separator: str, numbers: tuple[str, ...]) -> None:
    """Where the other numbers have the other sign, this one parts thousands."""
    folder.write("balances.csv", _table(separator, BALANCES, *numbers))
    assert folder.only_mistake() == ("balances.csv", 3, "hours", numbers[1])


def test_two_decimal_signs_in_one_file_make_neither_plain(folder: Folder) -> None:
    """A file with 8,5 and 8.5 says nothing about 1.250."""
    folder.write("balances.csv", _table(";", BALANCES, "8,5", "8.5") + "G5;night;1.250\n")
    assert folder.only_mistake() == ("balances.csv", 4, "hours", "1.250")


@pytest.mark.parametrize(
    ("sheet", "y", "x", "written"), [("practices", 1, 2, "2.350"), ("hds", 6, 1, "1.100"), ("hds", 9, 1, "1.500")]
)
def test_text_in_a_workbook_is_held_to_the_same(tmp_path: Path, sheet: str, y: int, x: int, written: str) -> None:
    """A text cell is refused, also in the settings; a number is what the workbook holds, whatever its decimals."""
    write_workbook(tmp_path / "t.xlsx", {(sheet, y, x): lambda book, page, y, x: page.write_string(y, x, written)})
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "t.xlsx")
    assert [(mistake.line, mistake.found) for mistake in caught.value.mistakes] == [(y + 1, written)]
    assert "duizendtallen" in caught.value.mistakes[0].expected


def test_a_number_in_a_workbook_is_no_text(tmp_path: Path) -> None:
    """1.25 and 1.125 held as numbers are those numbers, and are no witness of how texts were typed."""

    def put(value: float) -> Any:
        return lambda book, page, y, x: page.write_number(y, x, value)

    write_workbook(tmp_path / "n.xlsx", {("balances", 1, 2): put(1.125), ("hds", 6, 1): put(1.125)})
    dossier = take_in_workbook(tmp_path / "n.xlsx").dossier
    assert (dossier.balances[0].hours, dossier.rules.min_rest_hours) == (1.125, 1.125)
    files = {**FILES, "balances.csv": f"{FILES['balances.csv']}G2,night,1.250\n"}
    write_workbook(tmp_path / "both.xlsx", {("balances", 1, 2): put(8.5)}, files)
    with pytest.raises(DossierError, match="duizendtallen"):
        take_in_workbook(tmp_path / "both.xlsx")


@given(st.floats(0, 1e6))
def test_only_three_decimals_after_one_to_three_digits_are_unclear(value: float) -> None:
    """What the program writes itself is unclear exactly when it has that form."""
    written = repr(value)
    whole, _, part = written.partition(".")
    assert may_be_thousands(written) == (len(whole) < 4 and whole != "0" and len(part) == 3 and part.isdigit())


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "told"),
    [
        ("practices.csv", ",3000", ",99.99", "unlikely_practice_patients", "PR1 99,99"),
        ("practices.csv", ",3000", ",20001", "unlikely_practice_patients", "PR1 20.001"),
        ("posts.csv", ",9000", ",999", "unlikely_post_patients", "P1 999"),
        ("agreements.csv", ",40,yes", ",247,yes", "unlikely_agreed_hours", "G2 247"),
        ("balances.csv", "-3.5", "-500.5", "unlikely_balance", "G1 -500,5"),
        ("hds.toml", '"15.00"', '"0.15"', "unlikely_rate", "standby_rate 0,15"),
    ],
)
def test_a_number_far_from_its_kind_is_told(
    folder: Folder, file: str, old: str, new: str, code: str, told: str
) -> None:
    """It is read as it stands, with a notice that names whose it is."""
    folder.change(file, old, new)
    found = {notice.code: notice.text for notice in folder.read().notices}
    assert f"1 keer: {told}." in found[code].replace("−", "-")


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("practices.csv", ",3000", ",100"),
        ("practices.csv", ",3000", ",20000"),
        ("posts.csv", ",9000", ",1000"),
        ("posts.csv", ",9000", ",0"),
        ("agreements.csv", ",40,yes", ",246,yes"),
        ("balances.csv", "-3.5", "500"),
        ("hds.toml", '"15.00"', '"250.00"'),
    ],
)
def test_a_number_at_the_edge_of_its_kind_is_not(folder: Folder, file: str, old: str, new: str) -> None:
    """The bounds themselves are ordinary."""
    folder.change(file, old, new)
    assert not {code for code in folder.notice_codes() if code.startswith("unlikely")}
