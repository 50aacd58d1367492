"""`anw roster` from beginning to end, as a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scheduler.dossier import write_dossier
from scheduler.generate import generate
from tests.dossier.folders import Folder

OUTPUT = {"roster.csv", "quota.csv", "unfilled.csv", "summary.json", "report.html"}
ANW = (sys.executable, "-m", "scheduler.cli")


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*ANW, *map(str, arguments)], capture_output=True, text=True, check=False)


def _roster(folder: Folder, out: Path, *options: object) -> subprocess.CompletedProcess[str]:
    return _run("roster", folder.path, "--out", out, "--time-limit", 10, *options)


def _contents(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir()}


def test_a_roster_is_made_written_and_judged_fine(folder: Folder, tmp_path: Path) -> None:
    """Status 0, all files, progress on standard error, a summary on standard output; the checker agrees."""
    out = tmp_path / "out"
    ran = _roster(folder, out)
    assert ran.returncode == 0, ran.stderr
    assert {path.name for path in out.iterdir()} == OUTPUT
    assert "4 van 4 diensten zijn bezet (100%)" in ran.stdout
    assert "Alle regels zijn gehouden" in ran.stdout
    assert "grootste afwijking" in ran.stdout
    assert "diensten bezet" in ran.stderr
    assert _run("check", folder.path, out).returncode == 0
    assert "E/2027-01-07/1,P1,consult,2027-01-07T17:00" in (out / "roster.csv").read_text()


def test_who_could_not_be_there_is_named_beside_what_is_proven(folder: Folder, tmp_path: Path) -> None:
    """The salaried GP is away on both days: the claim says so, and the others are told by themselves."""
    folder.add("absences.csv", "G5,2027-01-01T00:00,2027-02-01T00:00,studie")
    ran = _roster(folder, tmp_path / "out")
    assert ran.returncode == 0, ran.stderr
    assert "G5 de streefuren niet kan halen." in ran.stdout
    assert "Bij de anderen:" in ran.stdout
    assert "G5 kan de streefuren niet halen, hoe het rooster ook wordt" in ran.stdout
    assert "Afwezig op 2 van de 2 dagen met een overeenkomst." in ran.stdout


def test_shifts_that_nobody_can_do_stay_open_with_their_reasons(folder: Folder, tmp_path: Path) -> None:
    """Status 3, the shift named with who drops out by which rule; the checker agrees."""
    folder.add("shift_types.csv", "L,P1,lead,weekday,17:00,23:00,1,,")
    ran = _roster(folder, tmp_path / "out")
    assert ran.returncode == 3, ran.stderr
    assert "open: L/2027-01-07/1" in ran.stdout
    assert "door bevoegdheid of overeenkomst" in ran.stdout
    assert "geen rooster laat er minder open dan 2" in ran.stdout
    unfilled = (tmp_path / "out" / "unfilled.csv").read_text()
    assert [line.partition(",")[0] for line in unfilled.splitlines()[1:]] == ["L/2027-01-07/1", "L/2027-01-08/1"]
    assert _run("check", folder.path, tmp_path / "out").returncode == 3


def test_a_wrong_dossier_is_refused_and_nothing_is_written(folder: Folder, tmp_path: Path) -> None:
    """Status 2, every mistake with its place, a lock that breaks a rule among them."""
    folder.change("wishes.csv", "avoid,7", "avoid,70")
    folder.add("locks.csv", "N/2027-01-08/1,G5")
    ran = _roster(folder, tmp_path / "out")
    assert ran.returncode == 2
    assert "wishes.csv | 2 | weight | 70 |" in ran.stderr
    assert "locks.csv | 3 | shift_id | N/2027-01-08/1 |" in ran.stderr
    assert ran.stdout == ""
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("place", ["taken", "taken/below", "/proc/nowhere"])
def test_a_place_that_cannot_be_written_is_refused_before_any_work(folder: Folder, tmp_path: Path, place: str) -> None:
    """Status 2 without a line of progress; what stood there stands there."""
    (tmp_path / "taken").write_text("van mij")
    ran = _roster(folder, tmp_path / place)
    assert ran.returncode == 2
    assert str(tmp_path / place) in ran.stderr
    assert "diensten bezet" not in ran.stderr
    assert (tmp_path / "taken").read_text() == "van mij"


def test_a_wrong_dossier_and_a_wrong_place_are_told_together(folder: Folder, tmp_path: Path) -> None:
    """A planner need not try twice."""
    (tmp_path / "taken").write_text("van mij")
    folder.change("wishes.csv", "avoid,7", "avoid,70")
    ran = _roster(folder, tmp_path / "taken")
    assert ran.returncode == 2
    assert str(tmp_path / "taken") in ran.stderr
    assert "wishes.csv | 2 |" in ran.stderr


def test_one_worker_and_a_seed_give_the_same_roster(folder: Folder, tmp_path: Path) -> None:
    """Byte for byte, quota and open shifts too."""
    for name in ("a", "b"):
        assert _roster(folder, tmp_path / name, "--workers", 1, "--seed", 5).returncode == 0
    for name in ("roster.csv", "quota.csv", "unfilled.csv"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_an_earlier_roster_is_kept_where_it_can_be(folder: Folder, tmp_path: Path) -> None:
    """Started from a right roster, nothing needs to change; from none, it is refused."""
    assert _roster(folder, tmp_path / "first").returncode == 0
    again = _roster(folder, tmp_path / "second", "--start", tmp_path / "first")
    assert again.returncode == 0
    assert "is bij 0 de bezetting anders" in again.stdout
    first, second = ((tmp_path / name / "roster.csv").read_bytes() for name in ("first", "second"))
    assert first == second
    ran = _roster(folder, tmp_path / "third", "--start", tmp_path)
    assert ran.returncode == 2
    assert "roster.csv" in ran.stderr
    assert not (tmp_path / "third").exists()


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dossier that keeps the engine busy for as long as it may."""
    place = tmp_path_factory.mktemp("year") / "dossier"
    write_dossier(generate(60, 1, 1), place)
    return place


def _until(process: subprocess.Popen[str], word: str) -> None:
    """Read progress until a line with `word` has come by."""
    assert process.stderr is not None
    for line in process.stderr:
        if word in line:
            return
    pytest.fail(f"ended with {process.wait()} before {word!r}")


def _started(year: Path, out: Path, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*ANW, "roster", str(year), "--out", str(out), "--time-limit", "600"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | environment,
    )  # fmt: skip


def test_an_interrupt_keeps_the_best_roster_so_far(year: Path, tmp_path: Path) -> None:
    """Stopped while it was still improving, a whole roster is written, and the checker has nothing against it."""
    process = _started(year, tmp_path / "out")
    _until(process, "ruilen")
    process.send_signal(signal.SIGINT)
    shown, trouble = process.communicate()
    assert process.returncode == 0, trouble
    assert "Voortijdig gestopt" in shown
    assert {path.name for path in (tmp_path / "out").iterdir()} == OUTPUT
    summary = json.loads((tmp_path / "out" / "summary.json").read_text())
    assert (summary["cancelled"], summary["ended_by"]) == (True, "cancel")
    assert _run("check", year, tmp_path / "out").returncode == 0


def test_a_roster_finds_a_refuge_when_its_folder_is_gone(year: Path, tmp_path: Path) -> None:
    """What took long to solve is not lost because a file has come to stand where it should be written."""
    refuges = tmp_path / "refuges"
    refuges.mkdir()
    process = _started(year, tmp_path / "out", TMPDIR=str(refuges))
    _until(process, "ruilen")
    (tmp_path / "out").write_text("in de weg")
    process.send_signal(signal.SIGINT)
    _, trouble = process.communicate()
    assert process.returncode == 2
    (refuge,) = refuges.glob("anw-*")
    assert f"bewaard in {refuge}" in trouble
    assert _contents(refuge).keys() == OUTPUT
    assert (tmp_path / "out").read_text() == "in de weg"


def test_a_second_interrupt_writes_nothing(year: Path, tmp_path: Path) -> None:
    """Status 130; the output of before stands as it was, and no process is left behind."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "roster.csv").write_text("van vorig jaar")
    process = _started(year, out)
    _until(process, "s  ")
    process.send_signal(signal.SIGINT)
    _until(process, "Nogmaals Ctrl-C")
    process.send_signal(signal.SIGINT)
    _, trouble = process.communicate()
    if process.returncode == 130:
        assert "niets geschreven" in trouble
        assert _contents(out) == {"roster.csv": b"van vorig jaar"}
    else:
        assert _contents(out).keys() == OUTPUT, "the work was done between the two"


def test_a_killed_run_leaves_the_earlier_output(year: Path, tmp_path: Path) -> None:
    """Killed without a chance to tidy up, the files of before are whole and alone."""
    out = tmp_path / "out"
    out.mkdir()
    (out / "roster.csv").write_text("van vorig jaar")
    process = _started(year, out)
    _until(process, "s  ")
    process.kill()
    process.communicate()
    assert _contents(out) == {"roster.csv": b"van vorig jaar"}
