"""Commands that turn one kind of file into another: generate, import, export, calendar."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.cli.run import run
from scheduler.dossier import read_dossier, read_roster
from tests.dossier.folders import Folder


def _listing(place: Path) -> list[str]:
    return sorted(str(entry.relative_to(place)) for entry in place.rglob("*"))


def test_a_generated_dossier_is_right_and_the_same_for_a_seed(tmp_path: Path) -> None:
    """Two runs with the same figures write the same files, another seed others."""
    for name, seed in (("a", "4"), ("b", "4"), ("c", "5")):
        assert run(["generate", "--gps", "40", "--posts", "1", "--seed", seed, "--out", str(tmp_path / name)]) == 0
    content = {
        name: {path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("a", "b", "c")
    }  # fmt: skip
    assert content["a"] == content["b"] != content["c"]
    assert len(read_dossier(tmp_path / "a").dossier.posts) == 1


def test_a_size_that_cannot_be_staffed_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Too few GPs for so many posts is told, and nothing is written."""
    assert run(["generate", "--gps", "3", "--posts", "9", "--out", str(tmp_path / "a")]) == 2
    assert capsys.readouterr().err
    assert _listing(tmp_path) == []


def test_a_dossier_goes_to_a_workbook_and_back(folder: Folder, roster: Path, tmp_path: Path) -> None:
    """What is exported is imported without loss."""
    book = tmp_path / "all.xlsx"
    assert run(["export", str(folder.path), str(roster), "--xlsx", str(book)]) == 0
    assert run(["import", str(book), "--out", str(tmp_path / "copy")]) == 0
    assert read_dossier(tmp_path / "copy").dossier == folder.read().dossier


def test_a_wrong_workbook_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that is no workbook is refused with status 2."""
    (tmp_path / "book.xlsx").write_text("geen werkboek")
    assert run(["import", str(tmp_path / "book.xlsx"), "--out", str(tmp_path / "copy")]) == 2
    assert "Excel-werkboek" in capsys.readouterr().err
    assert _listing(tmp_path) == ["book.xlsx"]


def test_a_calendar_holds_the_shifts_of_one_gp(
    folder: Folder, roster: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """It is made from our output alone, to a file or to standard output."""
    _as_we_write_it(folder, roster)
    assert run(["calendar", str(roster), "--gp", "G1"]) == 0
    shown = capfdbinary.readouterr().out
    assert shown.count(b"BEGIN:VEVENT") == 2
    assert b"TZID=Europe/Amsterdam:20270107T170000" in shown
    assert run(["calendar", str(roster), "--gp", "G1", "--out", str(tmp_path / "g1.ics")]) == 0
    assert (tmp_path / "g1.ics").read_bytes() == shown


def _as_we_write_it(folder: Folder, roster: Path) -> None:
    """Rewrite the roster by hand with all columns."""
    reading = folder.read()
    made = read_roster(reading.dossier, reading.shifts, roster)
    rows = [
        f"{s.id},{s.post_id},{s.role},{s.start.isoformat()},{s.end.isoformat()},{s.burden},{made.gp_of.get(s.id, '')},"
        for s in made.shifts
    ]
    header = "shift_id,post_id,role,start,end,burden,gp_id,trainee_gp_id"
    (roster / "roster.csv").write_text("\n".join([header, *rows]) + "\n")


def test_a_calendar_of_nobody_is_refused(folder: Folder, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown GP, and a roster without times, give status 2."""
    assert run(["calendar", str(roster), "--gp", "G1"]) == 2
    _as_we_write_it(folder, roster)
    capsys.readouterr()
    assert run(["calendar", str(roster), "--gp", "G9"]) == 2
    assert "G9" in capsys.readouterr().err


def test_brackets_in_a_name_are_shown_as_they_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder may be called what a planner likes."""
    place = tmp_path / "rooster [bold]2027[/bold]"
    assert run(["generate", "--gps", "40", "--posts", "1", "--out", str(place)]) == 0
    assert str(place) in capsys.readouterr().out


@pytest.mark.parametrize("command", ["generate", "import", "export"])
def test_a_place_that_cannot_be_written_is_refused(
    command: str, folder: Folder, roster: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in the place of the folder, or a folder in the place of the file, stays as it is."""
    book, taken = tmp_path / "all.xlsx", tmp_path / "taken"
    assert run(["export", str(folder.path), str(roster), "--xlsx", str(book)]) == 0
    if command == "export":
        taken.mkdir()
    else:
        taken.write_text("van mij")
    before = _listing(tmp_path)
    arguments = {
        "generate": ["--gps", "40", "--posts", "1", "--out", str(taken)],
        "import": [str(book), "--out", str(taken)],
        "export": [str(folder.path), str(roster), "--xlsx", str(taken)],
    }
    capsys.readouterr()
    assert run([command, *arguments[command]]) == 2
    assert str(taken) in capsys.readouterr().err
    assert _listing(tmp_path) == before


@pytest.mark.parametrize(("option", "code"), [("--gp", "G1"), ("--shift", "N/2027-01-07/1")])
def test_a_gp_and_a_shift_are_explained(
    folder: Folder, roster: Path, option: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The explanation speaks of what was asked."""
    assert run(["explain", str(folder.path), str(roster), option, code]) == 0
    assert code in capsys.readouterr().out


@pytest.mark.parametrize(("option", "code"), [("--gp", "G9"), ("--shift", "N/2027-01-09/1")])
def test_what_does_not_exist_cannot_be_explained(
    folder: Folder, roster: Path, option: str, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown GP or shift gives status 2 and is named."""
    assert run(["explain", str(folder.path), str(roster), option, code]) == 2
    assert code in capsys.readouterr().err
