"""The commands of the service, as an operator runs them, on a real PostgreSQL."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ANW = Path(sys.executable).parent / "anw"
SECRET = "s" * 40
STOP_SECONDS = 30


@pytest.fixture
def environment(postgres_url: str) -> Iterator[dict[str, str]]:
    """The environment of an operator; the database is empty."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("ANW_")}
    yield plain | {"ANW_DATABASE_URL": postgres_url, "ANW_SECRET": SECRET}


def _run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ANW, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=120)


def _stopped(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGINT)
    return process.wait(timeout=STOP_SECONDS)


def test_a_database_is_migrated_served_worked_on_and_verified(environment: dict[str, str]) -> None:
    """The lines of the README in their order: each command does what it says."""
    for _ in range(2):
        assert _run(environment, "migrate").returncode == 0
    serving = subprocess.Popen(
        [ANW, "serve", "--port", "0"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert serving.stdout is not None
    found = re.search(r"http://[\d.]+:\d+", serving.stdout.readline())
    assert found is not None
    with urllib.request.urlopen(f"{found[0]}/readyz", timeout=10) as answer:
        assert answer.status == 200
    assert _stopped(serving) == 0
    working = subprocess.Popen([ANW, "worker"], env=environment, stdout=subprocess.PIPE, text=True)
    assert working.stdout is not None
    assert "werker" in working.stdout.readline()
    assert _stopped(working) == 0
    verified = _run(environment, "audit", "verify")
    assert (verified.returncode, "klopt" in verified.stdout) == (0, True)


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_on_a_database_without_the_tables_of_this_version(
    environment: dict[str, str], command: str
) -> None:
    """The operator is told to migrate first."""
    done = _run(environment, command)
    assert (done.returncode, "anw migrate" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["migrate", "worker"])
def test_nothing_starts_without_a_database_or_with_a_weak_secret(environment: dict[str, str], command: str) -> None:
    """What is missing is named, in Dutch and without a traceback."""
    nowhere = {name: value for name, value in environment.items() if name != "ANW_DATABASE_URL"}
    done = _run(nowhere, command)
    assert (done.returncode, "ANW_DATABASE_URL" in done.stderr) == (2, True)
    done = _run(environment | {"ANW_SECRET": "kort"}, command)
    assert (done.returncode, "ANW_SECRET" in done.stderr, "Traceback" in done.stderr) == (2, True, False)


def test_a_database_that_cannot_be_reached_is_told_in_one_line(environment: dict[str, str]) -> None:
    """No traceback, status 2."""
    away = environment | {"ANW_DATABASE_URL": "postgresql+psycopg://anw@127.0.0.1:1/anw"}
    for command in ("migrate", "serve", "worker"):
        done = _run(away, command)
        assert (done.returncode, "Traceback" in done.stderr) == (2, False), command
