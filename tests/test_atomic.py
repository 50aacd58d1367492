"""Folders of files that come into place all at once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scheduler.atomic import replace_file, replace_files, require_writable
from scheduler.errors import OutputError

WRITER = """
import sys
from pathlib import Path
from scheduler.atomic import replace_files
out = Path(sys.argv[1])
while True:
    for letter in (b"a", b"b"):
        replace_files(out, {name: letter * 200_000 for name in ("roster.csv", "quota.csv", "summary.json")})
        print(letter, flush=True)
"""


def test_a_killed_run_leaves_one_whole_output(tmp_path: Path) -> None:
    """Killed at any moment of writing, all files are of one and the same run."""
    for turns in range(3, 9):
        out = tmp_path / f"out{turns}"
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(out)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        for _ in range(turns):
            writer.stdout.readline()
        writer.kill()
        writer.wait()
        writer.stdout.close()
        contents = {path.name: path.read_bytes() for path in out.iterdir()}
        assert set(contents) == {"roster.csv", "quota.csv", "summary.json"}
        assert len(set(contents.values())) == 1
        assert {len(content) for content in contents.values()} == {200_000}


def test_the_working_directory_is_written_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that stands in the folder still stands in it afterwards, and sees the new files."""
    monkeypatch.chdir(tmp_path)
    Path("one.txt").write_text("old")
    before = os.stat(".").st_ino
    replace_files(Path("."), {"one.txt": b"new"})
    assert os.stat(".").st_ino == os.stat(tmp_path).st_ino == before
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"one.txt": "new"}


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    """Output through a symbolic link lands in the folder that it points to."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    replace_files(tmp_path / "link", {"one.txt": b"new"})
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "one.txt").read_bytes() == b"new"


def test_leftovers_of_a_killed_run_are_cleared_in_time(tmp_path: Path) -> None:
    """An old staging folder goes at the next run; a fresh one may belong to a run that is busy and stays."""
    for age, name in ((7200, ".out.new-old"), (0, ".out.new-fresh")):
        (tmp_path / name).mkdir()
        os.utime(tmp_path / name, (time.time() - age,) * 2)
    replace_files(tmp_path / "out", {"one.txt": b"new"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.new-fresh", "out"]


def test_a_folder_under_a_file_cannot_be_written(tmp_path: Path) -> None:
    """A path that leads through a file is refused before anything is made."""
    (tmp_path / "file").write_text("mine")
    for refused in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(OutputError):
            require_writable(refused)
    assert (tmp_path / "file").read_text() == "mine"


def test_one_file_is_replaced_whole(tmp_path: Path) -> None:
    """A single file is swapped, its neighbours stay, and a folder of that name is refused."""
    (tmp_path / "other.txt").write_text("mine")
    replace_file(tmp_path / "one.txt", b"old")
    replace_file(tmp_path / "one.txt", b"new")
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {"one.txt": "new", "other.txt": "mine"}
    with pytest.raises(OutputError):
        replace_file(tmp_path, b"new")
