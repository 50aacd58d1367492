"""The service as a user starts it: a process of its own, with the demo loaded."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ANW = Path(sys.executable).parent / "anw"
STOP_SECONDS = 20


@dataclass(frozen=True)
class Served:
    """Where it is, and the one-time password of each user that it printed."""

    url: str
    passwords: dict[str, str]


@contextmanager
def served(data: Path) -> Iterator[Served]:
    """Run `anw serve --demo` until the end of the block; Ctrl-C ends it, with status 0."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANW_")}
    process = subprocess.Popen(
        [ANW, "serve", "--demo", "--port", "0", "--data", data],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
    )  # fmt: skip
    try:
        yield _announced(process)
    finally:
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=STOP_SECONDS) == 0


def _announced(process: subprocess.Popen[str]) -> Served:
    """What it says once it is ready: the address, and a line for each of the five users."""
    assert process.stdout is not None
    url, passwords = "", {}
    for line in process.stdout:
        if found := re.search(r"http://[\d.]+:\d+", line):
            url = url or found[0]
        if found := re.search(r"gebruiker (\w+), eenmalig wachtwoord (\S+)", line):
            passwords[found[1]] = found[2]
        if len(passwords) == 5:
            return Served(url, passwords)
    raise AssertionError("the service did not start")
