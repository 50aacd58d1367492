"""Files that a start makes: whole or not there, for their owner alone, and refused when they are not sound."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api.cli.environment import WrongSettings, embedded_settings
from api.data_folder import (
    SHORTEST_SECRET,
    AlreadyServed,
    FolderUnwritable,
    SecretUnsound,
    ServerLock,
    ensure_secret,
    make_folder,
)
from api.private_files import make_private

BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without settings of whoever runs the tests."""
    for name in list(os.environ):
        if name.upper().startswith("ANW_"):
            monkeypatch.delenv(name)


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    """And nothing that it was made from stays."""
    secret = ensure_secret(tmp_path)
    assert len(secret) >= SHORTEST_SECRET
    assert ensure_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["secret"]


def test_starts_at_once_get_the_same_secret(tmp_path: Path) -> None:
    """Whoever is first."""
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: ensure_secret(tmp_path), range(8)))) == 1


@pytest.mark.parametrize("content", ["", "a" * (SHORTEST_SECRET - 1), "\n" * 40])
def test_a_secret_that_is_too_short_is_refused(tmp_path: Path, content: str) -> None:
    """As a disk that was full leaves one; it is not overwritten, for somebody may still have the right one."""
    (tmp_path / "secret").write_text(content)
    with pytest.raises(SecretUnsound, match=str(SHORTEST_SECRET)):
        ensure_secret(tmp_path)
    assert (tmp_path / "secret").read_text() == content


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(FolderUnwritable, match="taken"):
        make_folder(tmp_path / "taken" / "service")


def test_one_service_has_a_file_until_it_gives_it_back(tmp_path: Path) -> None:
    """The second is refused while the first holds it."""
    first, second = ServerLock(tmp_path / "anw.sqlite"), ServerLock(tmp_path / "anw.sqlite")
    first.take()
    with pytest.raises(AlreadyServed):
        second.take()
    first.give_back()
    second.take()
    second.give_back()


def test_a_file_that_others_could_read_becomes_private(tmp_path: Path) -> None:
    """Also one of an earlier version; the owner's own rights stay."""
    path = tmp_path / "anw.sqlite"
    path.write_text("")
    path.chmod(0o644)
    make_private(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_database_in_use_keeps_its_locks_when_it_is_made_private(tmp_path: Path) -> None:
    """Another process may not write while this one does, whatever is done to the rights of the file meanwhile."""
    path = tmp_path / "anw.sqlite"
    make_private(path)
    with sqlite3.connect(path, isolation_level=None) as writer:
        writer.execute("CREATE TABLE kept (id INTEGER)")
        writer.execute("BEGIN IMMEDIATE")
        make_private(path)
        other = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
        done = subprocess.run([sys.executable, "-c", other, path], capture_output=True, text=True, check=False)
        writer.execute("COMMIT")
    assert "database is locked" in done.stderr


def test_what_stands_in_the_environment_goes_before_what_a_start_would_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address and the cookies of a service behind TLS."""
    plain = embedded_settings(tmp_path, BASE_URL)
    assert (plain.base_url, plain.secure_cookies) == (BASE_URL, False)
    monkeypatch.setenv("ANW_BASE_URL", "https://rooster.example")
    behind_tls = embedded_settings(tmp_path, BASE_URL)
    assert (behind_tls.base_url, behind_tls.secure_cookies) == ("https://rooster.example", True)
    assert behind_tls.secret == plain.secret
    monkeypatch.setenv("ANW_SECURE_COOKIES", "false")
    assert not embedded_settings(tmp_path, BASE_URL).secure_cookies


def test_a_secret_of_the_environment_is_held_to_the_same_length(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And none is kept in the folder beside it."""
    monkeypatch.setenv("ANW_SECRET", "short")
    with pytest.raises(WrongSettings, match=str(SHORTEST_SECRET)):
        embedded_settings(tmp_path, BASE_URL)
    assert not (tmp_path / "secret").exists()
