"""Each mistake that refuses a dossier, one at a time, with its place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scheduler.dossier import read_dossier
from scheduler.dossier.schema import TABLES
from scheduler.errors import DossierError
from tests.dossier.folders import FILES, Folder


def test_a_right_dossier_is_accepted_without_notices(folder: Folder) -> None:
    """The dossier that the other tests spoil has nothing wrong with it."""
    reading = folder.read()
    assert reading.notices == ()
    assert [gp.id for gp in reading.dossier.gps] == ["G1", "G2", "G3", "G4", "G5"]
    assert len(reading.shifts) == 28
    assert reading.lock_lines == {"E/2027-01-07/1": 2}


@pytest.mark.parametrize(
    "name", [name for name in FILES if name == "hds.toml"] + [s.name for s in TABLES if s.required]
)
def test_a_missing_file_is_refused(folder: Folder, name: str) -> None:
    """Every file that a dossier cannot do without is missed by name."""
    (folder.path / name).unlink()
    assert (name, None, None, "") in [(m.file, m.line, m.column, m.found) for m in folder.mistakes()]
    assert {mistake.file for mistake in folder.mistakes()} == {name}


@pytest.mark.parametrize("spec", [spec for spec in TABLES if not spec.required], ids=lambda spec: spec.name)
def test_an_optional_file_may_be_absent(folder: Folder, spec: object) -> None:
    """The other files may be left out."""
    (folder.path / spec.name).unlink()  # type: ignore[attr-defined]
    assert folder.read().dossier.hds_id == "klein"


@pytest.mark.parametrize(("name", "column"), [(spec.name, column) for spec in TABLES for column in spec.columns])
def test_a_missing_column_is_refused(folder: Folder, name: str, column: str) -> None:
    """A column that the header lacks is named, once, on the line of the header."""
    header, rest = FILES[name].split("\n", 1)
    folder.write(name, ",".join("iets" if part == column else part for part in header.split(",")) + "\n" + rest)
    assert [(m.file, m.line, m.column) for m in folder.mistakes()] == [(name, 1, column)]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", ["", "\n \n"])
def test_an_empty_file_is_refused(folder: Folder, name: str, content: str) -> None:
    """A file without any text is no table, optional or not."""
    folder.write(name, content)
    assert name in {mistake.file for mistake in folder.mistakes()}


@pytest.mark.parametrize("name", ["posts.csv", "shift_types.csv", "gps.csv", "agreements.csv"])
def test_a_header_alone_is_refused_where_rows_are_needed(folder: Folder, name: str) -> None:
    """Without posts, shift types, GPs or agreements there is no roster."""
    folder.write(name, FILES[name].split("\n", 1)[0] + "\n")
    assert (name, None) in {(mistake.file, mistake.line) for mistake in folder.mistakes()}


def test_an_empty_folder_is_refused_with_every_missing_file(tmp_path: Path) -> None:
    """An empty folder misses the six files that every dossier has."""
    with pytest.raises(DossierError) as caught:
        read_dossier(tmp_path)
    assert [mistake.file for mistake in caught.value.mistakes] == [
        "hds.toml", "posts.csv", "shift_types.csv", "practices.csv", "gps.csv", "agreements.csv",
    ]  # fmt: skip


def test_a_folder_that_is_not_there_or_is_a_file_is_refused(tmp_path: Path) -> None:
    """The path itself is the mistake."""
    (tmp_path / "file").write_text("x")
    for path in (tmp_path / "nowhere", tmp_path / "file"):
        with pytest.raises(DossierError) as caught:
            read_dossier(path)
        assert [mistake.file for mistake in caught.value.mistakes] == [str(path)]


CELLS = [
    # unknown names
    ("posts.csv", "Eén,9000\n", "Eén,9000\n,Naamloos,1\n", 3, "post_id", ""),
    ("gps.csv", "G4,Basisarts", "G4;G6,Basisarts", 5, "gp_id", "G4;G6"),
    ("shift_types.csv", "E,P1,", "E,P9,", 2, "post_id", "P9"),
    ("shift_types.csv", "P1,visit,", "P1,visite,", 3, "role", "visite"),
    ("shift_types.csv", "consult,weekday,", "consult,werkdag,", 2, "days", "werkdag"),
    ("shift_types.csv", "consult,weekday,", "consult,,", 2, "days", ""),
    ("shift_types.csv", "consult,weekday,", "consult,mon;mon,", 2, "days", "mon;mon"),
    ("shift_types.csv", "consult,weekday,", "consult,weekday;mon,", 2, "days", "weekday;mon"),
    ("shift_types.csv", "consult,weekday,", "consult,sat,", 2, "days", "sat"),
    ("gps.csv", "G2,Huisarts Twee,locum,", "G2,Huisarts Twee,zzp,", 3, "contract", "zzp"),
    ("gps.csv", "practice_owner,PR1,", "practice_owner,PR9,", 2, "practice_id", "PR9"),
    ("gps.csv", "practice_owner,PR1,", "practice_owner,,", 2, "practice_id", ""),
    ("gps.csv", "trainee,,G1,", "trainee,,G9,", 4, "trainer_gp_id", "G9"),
    ("gps.csv", "trainee,,G1,", "trainee,,G4,", 4, "trainer_gp_id", "G4"),
    ("gps.csv", "trainee,,G1,", "trainee,,G3,", 4, "trainer_gp_id", "G3"),
    ("agreements.csv", "P1,consult;visit,40,", "P1;P9,consult;visit,40,", 3, "posts", "P1;P9"),
    ("agreements.csv", "P1,consult;visit,40,", ",consult;visit,40,", 3, "posts", ""),
    ("agreements.csv", "P1,consult;visit,40,", "P1,consult;koffie,40,", 3, "roles", "consult;koffie"),
    ("agreements.csv", "P1,consult;visit,40,", "P1,consult;consult,40,", 3, "roles", "consult;consult"),
    ("agreements.csv", "consult,8.5,yes,", "consult,8.5,yes,aios", 4, "contract", "aios"),
    ("agreements.csv", "consult,20,no,", "consult,20,nee,", 5, "nights", "nee"),
    ("agreements.csv", "consult,20,no,", "consult,,no,", 5, "hours", ""),
    ("agreements.csv", "consult,8.5,yes", "consult,,yes", 4, "hours", ""),
    ("agreements.csv", "consult;visit,40,", "consult;visit,,", 3, "hours", ""),
    ("agreements.csv", "consult;visit,40,", "consult;visit,-40,", 3, "hours", "-40"),
    ("balances.csv", "G1,night,", "G1,nacht,", 2, "burden", "nacht"),
    ("limits.csv", "G2,total,", "G2,alles,", 2, "burden", "alles"),
    ("preferences.csv", "G2,night,", "G2,total,", 2, "burden", "total"),
    ("wishes.csv", "avoid,7", "vermijd,7", 2, "wish", "vermijd"),
    ("clinic_days.csv", "mon;tue", "mon;sat", 2, "weekdays", "mon;sat"),
    ("payees.csv", "self_employed", "zzp", 2, "basis", "zzp"),
    # unknown GPs and shifts
    ("agreements.csv", "G3,2027-01-01", "G9,2027-01-01", 4, "gp_id", "G9"),
    ("absences.csv", "G1,", "G9,", 2, "gp_id", "G9"),
    ("wishes.csv", "G2,", "G9,", 2, "gp_id", "G9"),
    ("clinic_days.csv", "G1,", "G9,", 2, "gp_id", "G9"),
    ("balances.csv", "G1,", "G9,", 2, "gp_id", "G9"),
    ("limits.csv", "G2,", "G9,", 2, "gp_id", "G9"),
    ("preferences.csv", "G2,", "G9,", 2, "gp_id", "G9"),
    ("past_holidays.csv", "G1,", "G9,", 2, "gp_id", "G9"),
    ("payees.csv", "G2,", "G9,", 2, "gp_id", "G9"),
    ("locks.csv", ",G1", ",G9", 2, "gp_id", "G9"),
    ("locks.csv", "E/2027-01-07/1", "E/2027-01-09/1", 2, "shift_id", "E/2027-01-09/1"),
    ("locks.csv", "E/2027-01-07/1", "E/2027-01-07/2", 2, "shift_id", "E/2027-01-07/2"),
    ("locks.csv", "E/2027-01-07/1", "X/2027-01-07/1", 2, "shift_id", "X/2027-01-07/1"),
    # dates and times
    ("agreements.csv", "G2,2027-01-01,2027-12-31", "G2,2027-12-31,2027-01-01", 3, "valid_until", "2027-01-01"),
    ("agreements.csv", "G2,2027-01-01", "G2,2027-02-29", 3, "valid_from", "2027-02-29"),
    ("agreements.csv", "G2,2027-01-01", "G2,1/1/2027", 3, "valid_from", "1/1/2027"),
    ("agreements.csv", "G2,2027-01-01", "G2,20270101", 3, "valid_from", "20270101"),
    ("agreements.csv", "G2,2027-01-01", "G2,2027-1-1", 3, "valid_from", "2027-1-1"),
    ("agreements.csv", "G2,2027-01-01", "G2,", 3, "valid_from", ""),
    ("agreements.csv", "G2,2027-01-01", "G2,0027-01-01", 3, "valid_from", "0027-01-01"),
    ("gps.csv", "2030-12-31", "2030-13-31", 2, "registered_until", "2030-13-31"),
    ("shift_types.csv", "17:00,23:00,1,,", "17:00,23:00,1,2027-02-01,2027-01-31", 2, "valid_until", "2027-01-31"),
    ("shift_types.csv", "17:00,23:00", "17.00,23:00", 2, "start", "17.00"),
    ("shift_types.csv", "17:00,23:00", "17:00,24:00", 2, "end", "24:00"),
    ("absences.csv", "2027-01-06T12:00", "2027-01-05T00:00", 2, "end", "2027-01-05T00:00"),
    ("absences.csv", "2027-01-06T12:00", "2027-01-04T12:00", 2, "end", "2027-01-04T12:00"),
    ("absences.csv", "2027-01-06T12:00", "2027-01-06", 2, "end", "2027-01-06"),
    ("absences.csv", "2027-01-06T12:00", "2027-01-06T12:00+01:00", 2, "end", "2027-01-06T12:00+01:00"),
    ("wishes.csv", "2027-01-10T00:00", "2027-01-09T00:00", 2, "end", "2027-01-09T00:00"),
    ("past_holidays.csv", "2026-12-25", "kerst", 2, "date", "kerst"),
    ("past_holidays.csv", "2026-12-25", "46381.5", 2, "date", "46381.5"),
    ("past_holidays.csv", "2026-12-25", "36525", 2, "date", "36525"),
    ("shift_types.csv", "17:00,23:00", "1,23:00", 2, "start", "1"),
    ("payees.csv", "2027-01-01", "vandaag", 2, "valid_from", "vandaag"),
    # numbers
    ("posts.csv", "9000", "-1", 2, "patients", "-1"),
    ("posts.csv", "9000", "9000.5", 2, "patients", "9000.5"),
    ("posts.csv", "9000", "negenduizend", 2, "patients", "negenduizend"),
    ("practices.csv", "3000", "nan", 2, "patients", "nan"),
    ("practices.csv", "3000", "3_000", 2, "patients", "3_000"),
    ("practices.csv", "3000", "1e999", 2, "patients", "1e999"),
    ("shift_types.csv", "17:00,23:00,1", "17:00,23:00,0", 2, "headcount", "0"),
    ("shift_types.csv", "17:00,23:00,1", "17:00,23:00,-2", 2, "headcount", "-2"),
    ("shift_types.csv", "17:00,23:00,1", "17:00,23:00,1.5", 2, "headcount", "1.5"),
    ("shift_types.csv", "17:00,23:00,1", "17:00,23:00,", 2, "headcount", ""),
    ("wishes.csv", "avoid,7", "avoid,0", 2, "weight", "0"),
    ("wishes.csv", "avoid,7", "avoid,11", 2, "weight", "11"),
    ("preferences.csv", "0.5", "0.24", 2, "factor", "0.24"),
    ("preferences.csv", "0.5", "4.01", 2, "factor", "4.01"),
    ("limits.csv", "38.5", "-1", 2, "max_hours", "-1"),
    ("balances.csv", "-3.5", "inf", 2, "hours", "inf"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "line", "column", "found"), CELLS)
def test_a_wrong_cell_is_refused_at_its_place(
    folder: Folder, name: str, old: str, new: str, line: int, column: str, found: str
) -> None:
    """One wrong cell gives one mistake, with file, line, column and what was found."""
    folder.change(name, old, new)
    assert folder.only_mistake() == (name, line, column, found)


ROWS = [
    ("posts.csv", "P1,Nog een,100", "post_id"),
    ("shift_types.csv", "E,P1,consult,weekday,17:00,23:00,1,,", "shift_type_id"),
    ("practices.csv", "PR1,Nog een,100", "practice_id"),
    ("gps.csv", "G4,Nog een,junior,,,", "gp_id"),
    ("clinic_days.csv", "G1,fri", "gp_id"),
    ("balances.csv", "G1,night,1", "burden"),
    ("limits.csv", "G2,total,10", "burden"),
    ("preferences.csv", "G2,night,2", "burden"),
    ("locks.csv", "E/2027-01-07/1,G2", "shift_id"),
    ("payees.csv", "G2,2027-01-01,Iemand,NL91ABNA0417164300,via_practice", "valid_from"),
    ("agreements.csv", "G2,2027-12-31,2028-12-31,P1,consult,40,yes,", "valid_from"),
]


@pytest.mark.parametrize(("name", "row", "column"), ROWS)
def test_a_second_row_about_the_same_is_refused(folder: Folder, name: str, row: str, column: str) -> None:
    """Doubles, and agreements of one GP that overlap by a day, are a mistake of the later row."""
    folder.add(name, row)
    last = len((folder.path / name).read_text(encoding="utf-8").splitlines())
    assert folder.only_mistake()[:3] == (name, last, column)


def test_agreements_that_follow_each_other_are_accepted(folder: Folder) -> None:
    """The day after the last day of an agreement is the first that the next may have."""
    folder.add("agreements.csv", "G2,2028-01-01,2028-12-31,P1,consult,40,yes,")
    assert len(folder.read().dossier.agreements_by_gp["G2"]) == 2


@pytest.mark.parametrize("gp_id", ["G1", "G2", "G5"])
def test_a_gp_in_duty_without_agreement_is_refused(folder: Folder, gp_id: str) -> None:
    """Owners, salaried GPs and locums need an agreement; a trainee or junior without one is fine."""
    lines = FILES["agreements.csv"].splitlines(keepends=True)
    folder.write("agreements.csv", "".join(line for line in lines if not line.startswith((gp_id, "G3"))))
    name, _, column, found = folder.only_mistake()
    assert (name, column, found) == ("gps.csv", "gp_id", gp_id)


def test_who_is_an_owner_by_agreement_needs_a_practice(folder: Folder) -> None:
    """The class may change in the year; the share of an owner follows from the practice all the same."""
    folder.change("agreements.csv", "consult;visit,40,yes,", "consult;visit,40,yes,practice_owner")
    assert folder.only_mistake() == ("agreements.csv", 3, "contract", "practice_owner")


def test_who_is_qualified_by_agreement_may_train(folder: Folder) -> None:
    """A trainer's class may come from the agreement."""
    folder.change("gps.csv", "G2,Huisarts Twee,locum,", "G2,Huisarts Twee,junior,")
    folder.change("gps.csv", "trainee,,G1,", "trainee,,G2,")
    folder.change("agreements.csv", "consult;visit,40,yes,", "consult;visit,40,yes,locum")
    assert folder.read().dossier.gp_by_id["G3"].trainer_gp_id == "G2"


@pytest.mark.parametrize("row", ["P2,Post Twee", "P2,Post Twee,100,extra"], ids=["too few cells", "too many cells"])
def test_a_ragged_row_is_refused(folder: Folder, row: str) -> None:
    """A row has as many cells as the header."""
    folder.add("posts.csv", row)
    assert folder.only_mistake()[:3] == ("posts.csv", 3, None)


def test_a_quote_that_does_not_close_is_refused(folder: Folder) -> None:
    """The rest of the file would silently become one cell."""
    folder.add("gps.csv", 'G6,"Huisarts Zes,junior,,,')
    assert ("gps.csv", 7) in {(mistake.file, mistake.line) for mistake in folder.mistakes()}


def test_a_column_that_stands_twice_is_refused(folder: Folder) -> None:
    """Which of the two counts cannot be known."""
    folder.write("posts.csv", "post_id,name,patients,patients\nP1,Post,1,2\n")
    assert folder.only_mistake() == ("posts.csv", 1, "patients", "patients")


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"post_id,na\x00me", b"post_id,name,patients\nP1,\x81,3\n"])
def test_a_file_that_is_no_text_is_refused(folder: Folder, content: bytes) -> None:
    """A workbook with the wrong name, a binary file, and bytes that no Dutch program writes."""
    folder.write("posts.csv", content)
    assert {mistake.file for mistake in folder.mistakes()} == {"posts.csv"}


def test_a_period_without_any_shift_is_refused(folder: Folder) -> None:
    """Shift types that ask for nothing in the period give no roster."""
    folder.write("shift_types.csv", FILES["shift_types.csv"].replace(",1,,", ",1,2028-01-01,"))
    folder.write("locks.csv", "shift_id,gp_id\n")
    assert folder.only_mistake()[0] == "shift_types.csv"


def test_every_mistake_is_told_in_one_go_in_the_order_of_files_and_lines(folder: Folder) -> None:
    """Mistakes in several files and several in one row come together."""
    folder.change("hds.toml", "format = 1", "format = 2")
    folder.change("shift_types.csv", "E,P1,consult,weekday,17:00,23:00,1", "E,P9,koffie,weekday,17:00,23:00,0")
    folder.change("balances.csv", "G1,night,-3.5", "G9,dag,veel")
    folder.change("gps.csv", "G2,Huisarts Twee,locum,", "G2,Huisarts Twee,zzp,")
    found = [(mistake.file, mistake.line, mistake.column) for mistake in folder.mistakes()]
    assert found == [
        ("hds.toml", 1, "format"),
        ("shift_types.csv", 2, "post_id"), ("shift_types.csv", 2, "role"), ("shift_types.csv", 2, "headcount"),
        ("gps.csv", 3, "contract"),
        ("balances.csv", 2, "gp_id"), ("balances.csv", 2, "burden"), ("balances.csv", 2, "hours"),
    ]  # fmt: skip


def test_a_wrong_row_draws_no_mistakes_elsewhere(folder: Folder) -> None:
    """A GP with a wrong row is still known, so what refers to it is not reported too."""
    folder.change("gps.csv", "G1,Zoë Eén,practice_owner,PR1,,2030-12-31", "G1,Zoë Eén,practice_owner,PR1,,ooit")
    assert folder.only_mistake() == ("gps.csv", 2, "registered_until", "ooit")


def test_a_file_that_may_not_be_read_is_refused(folder: Folder) -> None:
    """A folder where a file should be is told, not raised."""
    (folder.path / "gps.csv").unlink()
    (folder.path / "gps.csv").mkdir()
    assert ("gps.csv", None) in {(mistake.file, mistake.line) for mistake in folder.mistakes()}
    shutil.rmtree(folder.path / "gps.csv")


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("wishes.csv", "avoid,7", "avoid,1"),
        ("wishes.csv", "avoid,7", "avoid,10"),
        ("preferences.csv", "0.5", "0.25"),
        ("preferences.csv", "0.5", "4"),
        ("shift_types.csv", "17:00,23:00,1", "17:00,23:00,99"),
        ("shift_types.csv", "17:00,23:00,1,,", "17:00,23:00,1,2027-01-07,2027-01-07"),
        ("shift_types.csv", "17:00,23:00", "17:00,17:00"),
        ("limits.csv", "38.5", "0"),
        ("posts.csv", "9000", "0"),
        ("agreements.csv", "consult;visit,40,", "consult;visit,0,"),
        ("agreements.csv", "G2,2027-01-01,2027-12-31", "G2,2027-01-01,2027-01-01"),
        ("agreements.csv", "G2,2027-01-01,2027-12-31", "G2,1900-01-01,9999-12-31"),
        ("absences.csv", "2027-01-06T12:00", "2027-01-05T00:01"),
        ("clinic_days.csv", "mon;tue", ""),
        ("hds.toml", "min_rest_hours = 11", "max_weekends_in_5 = 0"),
        ("hds.toml", "min_rest_hours = 11", "max_weekends_in_5 = 5"),
        ("hds.toml", "min_rest_hours = 11", "min_rest_hours = 0"),
        ("hds.toml", "start = 2027-01-04\nend = 2027-01-17", "start = 2027-01-07\nend = 2027-01-07"),
        ("hds.toml", "end = 2027-01-17", "end = 2030-01-07"),
    ],
)
def test_a_value_at_its_limit_is_accepted(folder: Folder, name: str, old: str, new: str) -> None:
    """The smallest and the largest that may stand there, one day, one minute."""
    folder.change(name, old, new)
    assert folder.read().shifts


def test_a_period_of_a_day_more_than_three_years_is_refused(folder: Folder) -> None:
    """A year typed wrong would ask for more shifts than memory holds."""
    folder.change("hds.toml", "end = 2027-01-17", "end = 2030-01-08")
    assert folder.only_mistake() == ("hds.toml", 9, "period.end", "2030-01-08")


@pytest.mark.parametrize("share", ["0", "-0.5", "100.5", "helft", "nan"])
def test_a_share_that_is_no_weight_is_refused(folder: Folder, share: str) -> None:
    """Above 0 and up to 100; the other rows leave the cell empty."""
    folder.change("agreements.csv", "nights,contract\n", "nights,contract,share\n")
    folder.change("agreements.csv", "consult;visit,,yes,\n", f"consult;visit,,yes,,{share}\n")
    for ending in ("visit,40,yes,\n", "8.5,yes,\n", "20,no,\n"):
        folder.change("agreements.csv", ending, ending.replace("\n", ",\n"))
    assert folder.only_mistake() == ("agreements.csv", 2, "share", share)


@pytest.mark.parametrize("fte", ["0", "-1", "2.01", "vol", "inf"])
def test_an_fte_that_no_week_holds_is_refused(folder: Folder, fte: str) -> None:
    """Above 0 and up to 2, 80 hours a week."""
    rows = FILES["gps.csv"].splitlines()
    folder.write("gps.csv", "\n".join([f"{rows[0]},fte", f"{rows[1]},{fte}", *(f"{row}," for row in rows[2:])]) + "\n")
    assert folder.only_mistake() == ("gps.csv", 2, "fte", fte)


def test_share_and_fte_are_one_where_they_are_not_given(folder: Folder) -> None:
    """Without the column and with an empty cell alike; a number is read as it stands."""
    assert {row.share for row in folder.read().dossier.agreements} == {1.0}
    rows = FILES["gps.csv"].splitlines()
    folder.write("gps.csv", "\n".join([f"{rows[0]},fte", f"{rows[1]},0.8", *(f"{row}," for row in rows[2:])]) + "\n")
    assert [gp.fte for gp in folder.read().dossier.gps] == [0.8, 1, 1, 1, 1]
