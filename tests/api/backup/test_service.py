"""A service on an SQLite file as its operator has it: alone on it, behind TLS, put away, put back, damaged."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

from api.cli import run_command
from api.cli.commands import add_commands
from scheduler.cli.status import Status

ANW = Path(sys.executable).parent / "anw"
DEFAULT_FOLDER = Path("build/service")


def _environment(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("ANW_")} | more


def _run(place: Path, command: str) -> subprocess.CompletedProcess[str]:
    arguments = [ANW, *command.split()[1:]]
    return subprocess.run(
        arguments, cwd=place, env=_environment(), capture_output=True, text=True, check=False, timeout=120
    )


@contextmanager
def _served(place: Path, *arguments: str, **settings: str) -> Iterator[str]:
    """The address of a service that runs in a folder."""
    process = subprocess.Popen(
        [ANW, "serve", "--port", "0", *arguments],
        cwd=place, env=_environment(**settings), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        found = re.search(r"http://[\d.]+:\d+", process.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        process.terminate()
        process.wait(timeout=30)
        assert process.stdout is not None
        process.stdout.close()


def _headers(url: str) -> Message:
    with urllib.request.urlopen(url, timeout=30) as answer:
        assert answer.status == 200
        found: Message = answer.headers
        return found


def test_a_service_is_put_away_while_it_runs_and_goes_on_where_it_was_put_back(tmp_path: Path) -> None:
    """The commands of the README, in its default folder; nobody else may read what they make."""
    with _served(tmp_path):
        made = _run(tmp_path, "anw backup build/backup")
        second = _run(tmp_path, "anw serve --port 0")
    assert made.returncode == 0, made.stderr
    assert (second.returncode, "anw.sqlite" in second.stderr) == (Status.WRONG_INPUT, True), second.stderr
    back = _run(tmp_path, "anw restore build/backup --data build/restored")
    assert back.returncode == 0, back.stderr
    for folder in (DEFAULT_FOLDER, Path("build/backup"), Path("build/restored")):
        assert stat.S_IMODE((tmp_path / folder / "anw.sqlite").stat().st_mode) == 0o600
    with _served(tmp_path, "--data", "build/restored") as url:
        assert "Strict-Transport-Security" not in _headers(f"{url}/readyz")
    secrets = {(tmp_path / folder / "secret").read_bytes() for folder in (DEFAULT_FOLDER, Path("build/restored"))}
    assert len(secrets) == 1


def test_a_service_behind_tls_is_told_so_by_its_address(tmp_path: Path) -> None:
    """`ANW_BASE_URL` stands: browsers are to come by TLS alone."""
    with _served(tmp_path, ANW_BASE_URL="https://rooster.example") as url:
        assert "max-age" in _headers(f"{url}/healthz")["Strict-Transport-Security"]


def test_a_database_that_is_damaged_is_told_in_a_sentence(tmp_path: Path) -> None:
    """With an exit status that means neither tampering nor a wrong dossier."""
    (tmp_path / DEFAULT_FOLDER).mkdir(parents=True)
    (tmp_path / DEFAULT_FOLDER / "anw.sqlite").write_bytes(b"no database" * 1000)
    for command in ("anw serve --port 0", "anw audit verify", "anw backup build/backup"):
        done = _run(tmp_path, command)
        assert done.returncode == Status.DAMAGED, (command, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr


def test_a_backup_that_is_none_is_told_in_a_sentence(tmp_path: Path) -> None:
    """Restoring an empty folder changes nothing."""
    add_commands()
    assert run_command(["restore", str(tmp_path / "nothing"), "--data", str(tmp_path / "new")]) == Status.DAMAGED
    assert not (tmp_path / "new" / "anw.sqlite").exists()
