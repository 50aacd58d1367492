"""`anw check`: any roster judged, with a status that scripts can use."""

from __future__ import annotations

from pathlib import Path

import pytest

from scheduler.cli.run import run
from tests.cli.conftest import COMPLETE
from tests.dossier.folders import Folder


def _check(folder: Folder, roster: Path, *options: str) -> int:
    return run(["check", str(folder.path), str(roster), *options])


def test_a_complete_and_legal_roster_is_fine(folder: Folder, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 0, every rule in order, fairness and soft cost told."""
    assert _check(folder, roster) == 0
    shown = capsys.readouterr().out
    assert "alle regels" in shown
    assert shown.count("in orde") == 15
    assert shown.count("telt als wens") == 2
    assert "grootste afwijking" in shown
    assert "totaal" in shown


def test_open_shifts_alone_give_status_three(folder: Folder, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A shift without a GP is named, and no rule is broken."""
    (roster / "roster.csv").write_text(COMPLETE.replace("N/2027-01-08/1,G1\n", ""))
    assert _check(folder, roster) == 3
    shown = capsys.readouterr().out
    assert "1 open" in shown
    assert "N/2027-01-08/1" in shown


def test_a_broken_rule_gives_status_one(folder: Folder, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The rule is named with the GP and the shift, also when shifts are open besides."""
    (roster / "roster.csv").write_text(COMPLETE.replace("N/2027-01-07/1,G2", "N/2027-01-07/1,G5"))
    assert _check(folder, roster) == 1
    shown = capsys.readouterr().out
    assert "G5 mag dienst N/2027-01-07/1 niet doen" in shown
    assert "overtreden" in shown


def test_only_the_first_violations_are_told_unless_all_are_asked_for(
    folder: Folder, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A roster with many faults stays readable."""
    folder.change("hds.toml", "end = 2027-01-08", "end = 2027-01-15")
    folder.write("absences.csv", "gp_id,start,end,reason\nG5,2027-01-01T00:00,2027-02-01T00:00,\n")
    days = [f"2027-01-{day:02}" for day in (7, 8, 11, 12, 13, 14, 15)]
    rows = "".join(f"E/{day}/1,{'G1' if day.endswith('07') else 'G5'}\n" for day in days)
    (roster / "roster.csv").write_text("shift_id,gp_id\n" + rows)
    assert _check(folder, roster) == 1
    assert "en nog 1." in capsys.readouterr().out
    assert _check(folder, roster, "--all") == 1
    assert "en nog" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["", "shift_id\nE/2027-01-07/1\n", COMPLETE.replace("G5", "G9"), COMPLETE + "E/2027-01-07/1,G1\n"]
)
def test_a_roster_that_cannot_be_read_gives_status_two(folder: Folder, roster: Path, content: str) -> None:
    """An empty file, a missing column, an unknown GP and a shift twice."""
    (roster / "roster.csv").write_text(content)
    assert _check(folder, roster) == 2


def test_a_roster_that_is_not_there_gives_status_two(
    folder: Folder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is missing is named."""
    assert _check(folder, tmp_path / "nowhere") == 2
    assert "roster.csv" in capsys.readouterr().err


def test_a_wrong_dossier_gives_status_two_and_every_mistake(
    folder: Folder, roster: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """File, line, column, found and expected stand on one line each, on standard error."""
    folder.change("wishes.csv", "avoid,7", "avoid,70")
    folder.change("gps.csv", "G2,Huisarts Twee,locum,", "G2,Huisarts Twee,zzp,")
    assert _check(folder, roster) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "gps.csv | 3 | contract | zzp | één van: practice_owner" in captured.err
    assert "wishes.csv | 2 | weight | 70 | een getal van 1 tot en met 10" in captured.err


def test_notices_are_told_on_standard_error(folder: Folder, roster: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was understood is said, the same notice about several files once."""
    for name in ("posts.csv", "gps.csv"):
        folder.write(name, (folder.path / name).read_bytes().replace(b"\n", b"\r\n"))
    assert _check(folder, roster) == 0
    assert "Gelezen met regeleinden van Windows. (posts.csv, gps.csv)" in capsys.readouterr().err
