"""The service as a user starts it: a process of its own, with the demo or with data of a test."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ANW = Path(sys.executable).parent / "anw"
STOP_SECONDS = 20
USERS_OF_DEMO = 5


@dataclass(frozen=True)
class Served:
    """Where it is, and in a demo the one-time password of each user that it printed."""

    url: str
    passwords: dict[str, str] = field(default_factory=dict)


@contextmanager
def served(data: Path, *, demo: bool = True) -> Iterator[Served]:
    """Run `anw serve` on this folder, which may hold a database, until the end of the block; Ctrl-C ends it well."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANW_")}
    process = subprocess.Popen(
        [ANW, "serve", *(["--demo"] if demo else []), "--port", "0", "--data", data],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    try:
        yield _announced(process, USERS_OF_DEMO if demo else 0)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=STOP_SECONDS) == 0


def _announced(process: subprocess.Popen[str], users: int) -> Served:
    """What it says once it is ready: the address, and a line for each user of a demo."""
    assert process.stdout is not None
    url, passwords = "", {}
    for line in process.stdout:
        if found := re.search(r"http://[\d.]+:\d+", line):
            url = url or found[0]
        if found := re.search(r"gebruiker (\w+), eenmalig wachtwoord (\S+)", line):
            passwords[found[1]] = found[2]
        if url and len(passwords) == users:
            return Served(url, passwords)
    raise AssertionError("the service did not start")
