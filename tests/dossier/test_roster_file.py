"""Rosters as files: ours, and those that a planner made by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.domain.roster import Roster
from scheduler.domain.shift import Burden
from scheduler.dossier import read_roster
from scheduler.dossier.roster_file import read_output_roster
from scheduler.errors import DossierError, Mistake, RosterUnreadable
from tests.dossier.folders import Folder

BY_HAND = "shift_id,gp_id\nE/2027-01-04/1,G1\nE/2027-01-05/1,\nN/2027-01-05/1,G2\n"
OURS = (
    "shift_id,post_id,role,start,end,burden,gp_id,trainee_gp_id\n"
    "E/2027-01-04/1,P1,consult,2027-01-04T17:00+01:00,2027-01-04T23:00+01:00,evening,G1,G3\n"
    "N/2027-01-05/1,P1,consult,2027-01-05T23:00+01:00,2027-01-06T08:00+01:00,night,,\n"
)


def _read(folder: Folder, place: Path, content: str | bytes) -> Roster:
    (place / "roster.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    reading = folder.read()
    return read_roster(reading.dossier, reading.shifts, place)


def _mistakes(folder: Folder, place: Path, content: str) -> list[tuple[int | None, str | None, str]]:
    with pytest.raises(DossierError) as caught:
        _read(folder, place, content)
    found: tuple[Mistake, ...] = caught.value.mistakes
    assert {mistake.file for mistake in found} == {"roster.csv"}
    return [(mistake.line, mistake.column, mistake.found) for mistake in found]


def test_a_roster_by_hand_needs_two_columns(folder: Folder, tmp_path: Path) -> None:
    """Shift and GP suffice; a shift without a GP, or without a row, is open."""
    roster = _read(folder, tmp_path, BY_HAND)
    assert roster.gp_of == {"E/2027-01-04/1": "G1", "N/2027-01-05/1": "G2"}
    assert roster.trainee_of == {}
    assert len(roster.shifts) == 28
    assert len(roster.unfilled) == 26


def test_our_own_roster_is_read_with_its_trainees(folder: Folder, tmp_path: Path) -> None:
    """Times and burdens are there too, and fit."""
    roster = _read(folder, tmp_path, OURS)
    assert roster.gp_of == {"E/2027-01-04/1": "G1"}
    assert roster.trainee_of == {"E/2027-01-04/1": "G3"}


def test_a_roster_saved_by_a_dutch_excel_means_the_same(folder: Folder, tmp_path: Path) -> None:
    """Semicolons, a byte order mark, Windows line ends and local times without offset."""
    saved = OURS.replace("+01:00", "").replace("2027-01-04T17:00", "4-1-2027 17:00").replace(",", ";")
    content = b"\xef\xbb\xbf" + saved.replace("\n", "\r\n").encode()
    assert _read(folder, tmp_path, content) == _read(folder, tmp_path, OURS)


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("X/2027-01-04/1,G1", (5, "shift_id", "X/2027-01-04/1")),
        ("E/2027-01-04/2,G1", (5, "shift_id", "E/2027-01-04/2")),
        ("E/2027-01-06/1,G9", (5, "gp_id", "G9")),
        ("E/2027-01-04/1,G2", (5, "shift_id", "E/2027-01-04/1")),
    ],
)
def test_a_wrong_row_is_refused_at_its_place(
    folder: Folder, tmp_path: Path, row: str, place: tuple[int, str, str]
) -> None:
    """An unknown shift, an unknown GP and a shift that is listed twice."""
    assert _mistakes(folder, tmp_path, BY_HAND + row + "\n") == [place]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        (",G1,G3", ",G1,G9", (2, "trainee_gp_id", "G9")),
        ("2027-01-04T17:00+01:00", "2027-01-04T18:00+01:00", (2, "start", "2027-01-04T18:00+01:00")),
        ("2027-01-04T17:00+01:00", "2027-01-04T17:00+02:00", (2, "start", "2027-01-04T17:00+02:00")),
        ("2027-01-04T23:00+01:00", "straks", (2, "end", "straks")),
    ],
)
def test_a_row_of_another_dossier_is_refused(
    folder: Folder, tmp_path: Path, old: str, new: str, place: tuple[int, str, str]
) -> None:
    """Times that are not those of the shift say that roster and dossier do not belong together."""
    assert _mistakes(folder, tmp_path, OURS.replace(old, new)) == [place]


def test_a_roster_that_is_not_there_is_refused(folder: Folder, tmp_path: Path) -> None:
    """Neither an empty folder nor a path that does not exist holds a roster."""
    reading = folder.read()
    for place in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(RosterUnreadable):
            read_roster(reading.dossier, reading.shifts, place)


def test_an_empty_roster_and_one_without_columns_are_refused(folder: Folder, tmp_path: Path) -> None:
    """An empty file and one that lacks the GPs are mistakes of the file."""
    assert _mistakes(folder, tmp_path, "") == [(None, None, "")]
    assert _mistakes(folder, tmp_path, "shift_id\nE/2027-01-04/1\n") == [(1, "gp_id", "")]


def test_our_own_roster_is_readable_without_its_dossier(tmp_path: Path) -> None:
    """The shifts are those of the rows, with the burden that is written and the night read off the times."""
    (tmp_path / "roster.csv").write_text(OURS)
    roster = read_output_roster(tmp_path)
    evening, night = roster.shifts
    assert roster.gp_of == {evening.id: "G1"}
    assert (evening.hours, evening.burden, evening.is_night) == (6, Burden.EVENING, False)
    assert (night.hours, night.burden, night.is_night) == (9, Burden.NIGHT, True)


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("evening", "avond", "burden"),
        ("2027-01-04T23:00+01:00", "2027-01-04T16:00+01:00", "end"),
        (",P1,", ",,", "post_id"),
    ],
)
def test_a_roster_without_dossier_is_judged_too(tmp_path: Path, old: str, new: str, column: str) -> None:
    """What a calendar needs must be right: times in order, a known burden, a post."""
    (tmp_path / "roster.csv").write_text(OURS.replace(old, new, 1))
    with pytest.raises(DossierError) as caught:
        read_output_roster(tmp_path)
    assert [(mistake.line, mistake.column) for mistake in caught.value.mistakes] == [(2, column)]
