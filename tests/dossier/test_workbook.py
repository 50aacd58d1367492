"""Workbooks: one sheet a file, out and in without loss."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from python_calamine import CalamineWorkbook

from scheduler.domain.dossier import Dossier
from scheduler.dossier import read_dossier, write_dossier
from scheduler.dossier.reading import DossierReading
from scheduler.dossier.workbook_out import export_workbook, workbook_bytes
from scheduler.errors import DossierError, OutputError
from scheduler.generate import generate
from scheduler.intake import take_in, take_in_workbook
from tests.dossier.folders import FILES, Folder
from tests.dossier.strategies import dossiers
from tests.dossier.workbooks import SETTINGS_ROWS
from tests.shared_cases import shared_case, shared_case_names

ROSTER = "shift_id,gp_id\nE/2027-01-04/1,G1\n"


def _round_trip(dossier: Dossier, place: Path) -> DossierReading:
    place.write_bytes(workbook_bytes(DossierReading(dossier, ())))
    return take_in_workbook(place)


def test_a_generated_dossier_survives_a_workbook(tmp_path: Path) -> None:
    """Everything that the generator makes, locks and payees too, comes back the same and without notices."""
    dossier = generate(80, 2, 3)
    reading = _round_trip(dossier, tmp_path / "dossier.xlsx")
    assert reading.dossier == dossier
    assert {notice.code for notice in reading.notices} <= {
        "agreed_hours",
        "nobody_at_post",
        "least_hours",
        "past_holiday_idle",
    }


@pytest.mark.parametrize("name", shared_case_names())
def test_a_shared_case_survives_a_workbook(name: str, tmp_path: Path) -> None:
    """So do dossiers from elsewhere."""
    dossier = read_dossier(shared_case(name)).dossier
    assert _round_trip(dossier, tmp_path / "case.xlsx").dossier == dossier


@given(dossiers())
@settings(max_examples=25, deadline=None)
def test_any_dossier_survives_a_workbook(dossier: Dossier) -> None:
    """Odd letters, long fractions and early dates come back as they were."""
    import tempfile

    with tempfile.TemporaryDirectory() as place:
        unlocked = dossier.replace(locks=())
        assert _round_trip(unlocked, Path(place) / "any.xlsx").dossier == unlocked


def test_the_first_days_of_a_workbook_survive(tmp_path: Path) -> None:
    """Workbooks count a 29 February 1900 that never was; the first day of the format comes back all the same."""
    dossier = generate(40, 1, 1, months=1)
    early = tuple(agreement.replace(valid_from=date(1900, 1, 1)) for agreement in dossier.agreements[:1])
    old = dossier.replace(agreements=early + dossier.agreements[1:], locks=())
    assert _round_trip(old, tmp_path / "old.xlsx").dossier == old


def test_a_moment_that_a_workbook_keeps_a_hair_too_low_is_rounded(folder: Folder, tmp_path: Path) -> None:
    """Fractions of a day are inexact; noon is noon."""
    with xlsxwriter.Workbook(tmp_path / "hair.xlsx") as book:
        as_moment = book.add_format({"num_format": "d-m-yyyy hh:mm"})
        for name in FILES:
            page = book.add_worksheet(name.partition(".")[0])
            rows = SETTINGS_ROWS if name == "hds.toml" else [line.split(",") for line in FILES[name].splitlines()]
            for y, row in enumerate(rows):
                page.write_row(y, 0, row)
            if name == "absences.csv":
                page.write_number(1, 2, 46393.5 - 1e-8, as_moment)
    assert take_in_workbook(tmp_path / "hair.xlsx").dossier == folder.read().dossier


def test_a_workbook_holds_real_dates_and_numbers_and_the_roster(folder: Folder, tmp_path: Path) -> None:
    """A planner can sort, filter and reckon with what is in it."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "quota.csv").write_text("gp_id,burden,target_hours,assigned_hours\nG1,night,12.5,9\n")
    (tmp_path / "unfilled.csv").write_text("shift_id,reasons\nE/2027-01-05/1,rest 3\n")
    export_workbook(folder.path, tmp_path, tmp_path / "all.xlsx")
    sheets = _sheets(tmp_path / "all.xlsx")
    assert list(sheets) == ["hds", *(name[:-4] for name in FILES if name != "hds.toml"), "roster", "quota", "unfilled"]
    assert sheets["agreements"][1][1] == date(2027, 1, 1)
    assert sheets["shift_types"][1][4] == time(17)
    assert sheets["absences"][1][2] == datetime(2027, 1, 6, 12)  # noqa: DTZ001
    assert sheets["balances"][1][2] == -3.5
    assert ["period.start", date(2027, 1, 4)] in sheets["hds"]
    assert sheets["roster"][1][3] == datetime(2027, 1, 4, 17)  # noqa: DTZ001
    assert sheets["roster"][1][6] == "G1"
    assert len(sheets["roster"]) == 29
    assert sheets["quota"][1] == ["G1", "night", 12.5, 9]
    assert sheets["unfilled"][1] == ["E/2027-01-05/1", "rest 3"]


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def test_an_exported_workbook_is_imported_with_its_answers_ignored(folder: Folder, tmp_path: Path) -> None:
    """The sheets of the roster belong to no dossier, and need no notice."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    export_workbook(folder.path, tmp_path, tmp_path / "all.xlsx")
    reading = take_in_workbook(tmp_path / "all.xlsx")
    assert reading.dossier == folder.read().dossier
    assert reading.notices == take_in(folder.path).notices


def _by_hand(folder: Folder, path: Path, sheet: str, cells: dict[tuple[int, int], Any], **formats: str) -> None:
    """The right dossier as a workbook of text cells, with some cells of one sheet typed differently."""
    with xlsxwriter.Workbook(path) as book:
        as_date = book.add_format({"num_format": "d-m-yyyy"})
        for name in ["hds.toml", *FILES][1:]:
            page = book.add_worksheet(name.removesuffix(".csv").removesuffix(".toml"))
            rows = SETTINGS_ROWS if name == "hds.toml" else [line.split(",") for line in FILES[name].splitlines()]
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    value = cells.get((y, x), cell) if page.name == sheet else cell
                    page.write(y, x, value, *([as_date] if isinstance(value, date) else []))


@pytest.mark.parametrize(
    ("sheet", "cells"),
    [
        ("hds", {}),
        ("hds", {(4, 1): 46391, (5, 1): date(2027, 1, 17), (6, 1): 11, (7, 1): True, (1, 1): 1}),
        ("agreements", {(2, 1): date(2027, 1, 1), (2, 2): 46752, (2, 5): 40}),
        ("agreements", {(2, 1): "1-1-2027", (2, 2): "31-12-2027", (2, 5): "40,0"}),
        ("absences", {(1, 1): date(2027, 1, 5), (1, 2): 46393.5}),
        ("shift_types", {(1, 4): 17 / 24, (1, 5): 23 / 24, (1, 6): 1}),
        ("shift_types", {(1, 4): "17:00:00", (1, 5): " 23:00"}),
    ],
)
def test_a_workbook_made_by_hand_means_the_same(
    folder: Folder, tmp_path: Path, sheet: str, cells: dict[tuple[int, int], Any]
) -> None:
    """Text, real dates, serial numbers and d-m-yyyy are all understood."""
    _by_hand(folder, tmp_path / "hand.xlsx", sheet, cells)
    assert take_in_workbook(tmp_path / "hand.xlsx").dossier == folder.read().dossier


@pytest.mark.parametrize(
    ("sheet", "cells", "place"),
    [
        ("gps", {(2, 2): "zzp"}, ("hand.xlsx [gps]", 3, "contract", "zzp")),
        ("agreements", {(2, 1): 3}, ("hand.xlsx [agreements]", 3, "valid_from", "3")),
        ("hds", {(4, 1): "morgen"}, ("hand.xlsx [hds]", 5, "period.start", "morgen")),
        ("hds", {(6, 0): "rules.rust"}, ("hand.xlsx [hds]", 7, "rules.rust", "rust")),
        ("hds", {(6, 1): "elf"}, ("hand.xlsx [hds]", 7, "rules.min_rest_hours", "elf")),
        ("hds", {(7, 1): "misschien"}, ("hand.xlsx [hds]", 8, "calendar.open_on_good_friday", "misschien")),
        ("locks", {(1, 1): "G4"}, ("hand.xlsx [locks]", 2, "shift_id", "E/2027-01-07/1")),
    ],
)
def test_a_mistake_in_a_workbook_has_its_sheet_and_row(
    folder: Folder, tmp_path: Path, sheet: str, cells: dict[tuple[int, int], Any], place: tuple[str, int, str, str]
) -> None:
    """A planner who works in a workbook is told where in the workbook."""
    _by_hand(folder, tmp_path / "hand.xlsx", sheet, cells)
    with pytest.raises(DossierError) as caught:
        take_in_workbook(tmp_path / "hand.xlsx")
    assert [(m.file, m.line, m.column, m.found) for m in caught.value.mistakes] == [place]


def test_missing_sheets_and_files_that_are_no_workbook_are_refused(tmp_path: Path) -> None:
    """Every sheet that a dossier needs is missed by name; text, or nothing at all, is no workbook.

    A file is told by its name: where a service keeps it is nobody's business.
    """
    with xlsxwriter.Workbook(tmp_path / "bare.xlsx") as book:
        book.add_worksheet("posts").write(0, 0, "post_id")
    (tmp_path / "text.xlsx").write_text("post_id")
    found = {}
    for name in ("bare.xlsx", "text.xlsx", "nowhere.xlsx"):
        with pytest.raises(DossierError) as caught:
            take_in_workbook(tmp_path / name)
        found[name] = [mistake.file for mistake in caught.value.mistakes]
    needed = ("hds", "posts", "posts", "shift_types", "practices", "gps", "agreements")
    assert found["bare.xlsx"] == [f"bare.xlsx [{sheet}]" for sheet in needed]
    assert found["text.xlsx"] == ["text.xlsx"]
    assert found["nowhere.xlsx"] == ["nowhere.xlsx"]


def test_a_workbook_that_cannot_be_written_is_refused(folder: Folder, tmp_path: Path) -> None:
    """A folder in the place of the file is left alone."""
    (tmp_path / "roster.csv").write_text(ROSTER)
    (tmp_path / "taken.xlsx").mkdir()
    with pytest.raises(OutputError):
        export_workbook(folder.path, tmp_path, tmp_path / "taken.xlsx")


def test_an_import_writes_what_it_read(folder: Folder, tmp_path: Path) -> None:
    """From workbook to folder and back the dossier stays the same."""
    _by_hand(folder, tmp_path / "hand.xlsx", "hds", {})
    write_dossier(take_in_workbook(tmp_path / "hand.xlsx").dossier, tmp_path / "new")
    assert read_dossier(tmp_path / "new").dossier == folder.read().dossier
