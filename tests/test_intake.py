"""Locks and agreed rates judged at the door, together with every other mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.errors import DossierError, Mistake
from scheduler.intake import take_in
from tests.dossier.folders import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A small right dossier on disk."""
    return Folder(tmp_path / "dossier")


def _mistakes(folder: Folder) -> tuple[Mistake, ...]:
    with pytest.raises(DossierError) as caught:
        take_in(folder.path)
    return caught.value.mistakes


def test_locks_that_keep_every_rule_are_taken_in(folder: Folder) -> None:
    """One lock, or several that go together, are no mistake."""
    folder.add("locks.csv", "N/2027-01-08/1,G1")
    assert len(take_in(folder.path).dossier.locks) == 2


@pytest.mark.parametrize(
    ("lock", "why"),
    [
        ("N/2027-01-11/1,G4", "bevoegd"),
        ("N/2027-01-11/1,G3", "bevoegd"),
        ("N/2027-01-11/1,G5", "nachten"),
        ("D/2027-01-09/1,G5", "rol"),
        ("E/2027-01-05/1,G1", "afwezig"),
        ("N/2027-01-07/1,G1", "rust"),
    ],
)
def test_a_lock_that_breaks_a_rule_is_refused_on_its_line(folder: Folder, lock: str, why: str) -> None:
    """A lock that no roster can keep is a mistake in locks.csv, told with the rule."""
    folder.add("locks.csv", lock)
    [mistake] = _mistakes(folder)
    assert (mistake.file, mistake.line, mistake.column) == ("locks.csv", 3, "shift_id")
    assert mistake.found == lock.partition(",")[0]
    assert why in mistake.expected


def test_locks_that_break_a_rule_together_are_refused_on_the_last_line(folder: Folder) -> None:
    """Four shifts in a week are one too many: the last lock of them is the mistake."""
    folder.write(
        "locks.csv",
        "shift_id,gp_id\nE/2027-01-15/1,G2\nE/2027-01-11/1,G2\nE/2027-01-12/1,G2\nE/2027-01-13/1,G2\nE/2027-01-14/1,G1\n",
    )
    [mistake] = _mistakes(folder)
    assert (mistake.line, mistake.found) == (5, "E/2027-01-13/1")


def test_locks_are_judged_together_with_other_mistakes(folder: Folder) -> None:
    """A mistake elsewhere does not hide a lock that breaks a rule."""
    folder.add("locks.csv", "E/2027-01-05/1,G1")
    folder.change("wishes.csv", "avoid,7", "avoid,70")
    folder.change("gps.csv", "G2,Huisarts Twee,locum,", "G2,Huisarts Twee,zzp,")
    places = [(mistake.file, mistake.line) for mistake in _mistakes(folder)]
    assert places == [("gps.csv", 3), ("wishes.csv", 2), ("locks.csv", 3)]


def test_locks_of_a_gp_with_a_wrong_row_wait(folder: Folder) -> None:
    """What the rules say of a GP whose agreement cannot be read is no mistake of the lock."""
    folder.change("agreements.csv", "G1,2027-01-01,2027-12-31,P1,consult;visit", "G1,2027-01-01,ooit,P1,consult;visit")
    assert [(mistake.file, mistake.column) for mistake in _mistakes(folder)] == [("agreements.csv", "valid_until")]


def test_a_lock_across_christmas_looks_at_last_year(folder: Folder) -> None:
    """Who worked at Christmas in the year before cannot be locked on New Year's Day."""
    folder.change("hds.toml", "start = 2027-01-04", "start = 2027-01-01")
    folder.add("locks.csv", "D/2027-01-01/1,G1")
    [mistake] = _mistakes(folder)
    assert (mistake.line, mistake.found) == (3, "D/2027-01-01/1")


@pytest.mark.parametrize(("year", "rate", "refused"), [(2024, "107.46", False), (2024, "107.47", True)])
def test_an_agreed_rate_above_the_national_maximum_is_refused_when_it_is_entered(
    folder: Folder, year: int, rate: str, refused: bool
) -> None:
    """At the maximum of the evening in 2024 it is taken in, a cent above it is not, and both amounts are named."""
    hds = folder.path / "hds.toml"
    text = hds.read_text(encoding="utf-8").replace("2027", str(year))
    hds.write_text(text + f'\n[payout.agreed_rates]\nevening = "{rate}"\n', encoding="utf-8")
    with pytest.raises(DossierError) as caught:
        take_in(folder.path)
    about = [mistake for mistake in caught.value.mistakes if "agreed_rates" in (mistake.column or "")]
    assert bool(about) == refused
    assert all("107.46" in mistake.expected and rate in mistake.found for mistake in about)


def test_hours_that_no_shift_type_covers_are_told(folder: Folder) -> None:
    """The weekend stops at four in the small dossier: at no post is anybody asked until the night."""
    [notice] = take_in(folder.path).notices
    assert (notice.code, notice.file) == ("nobody_anywhere", "shift_types.csv")
    assert "zaterdag t/m zondag 16–23" in notice.text
    folder.change("shift_types.csv", "08:00,16:00", "08:00,23:00")
    assert take_in(folder.path).notices == ()


def test_a_post_that_closes_is_told_as_a_post(folder: Folder) -> None:
    """Where another post is open the hours are told for the post, and a standby apart."""
    folder.change("shift_types.csv", "08:00,16:00", "08:00,23:00")
    folder.add("posts.csv", "P2,Post Twee,9000")
    folder.add("shift_types.csv", "E2,P2,consult,weekday;saturday;sunday,17:00,23:00,1,,")
    folder.add("shift_types.csv", "S2,P2,standby,weekday;saturday;sunday,23:00,08:00,1,,")
    told = {notice.code: notice.text for notice in take_in(folder.path).notices}
    assert told == {
        "nobody_at_post": "Post P2: niemand gevraagd op zaterdag t/m zondag 8–17.",
        "standby_alone_at_post": "Post P2: alleen achterwacht op alle dagen 23–8.",
    }


def test_a_practice_without_an_owner_in_the_period_is_told(folder: Folder) -> None:
    """Its patients weigh on nobody; under another key than patients that says nothing."""
    folder.add("practices.csv", "PR2,Praktijk Twee,2000")
    assert "practice_without_owner" in folder.notice_codes()
    folder.change("hds.toml", "[fairness]", '[fairness]\nowner_key = "equal"')
    assert "practice_without_owner" not in folder.notice_codes()
