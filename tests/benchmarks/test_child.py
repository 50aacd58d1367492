"""Measuring a command."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.child import run

MEBIBYTE = 2**20


def test_memory_of_a_grandchild_counts(tmp_path: Path) -> None:
    """The peak holds what a process started by the command takes, as parallel workers do."""
    hungry = "import time; kept = bytearray(b'x' * 120 * 2**20); time.sleep(0.6)"
    command = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hungry!r}])"
    done = run([sys.executable, "-c", command], tmp_path, 60)
    assert done.status == 0
    assert done.peak_bytes > 120 * MEBIBYTE


def test_a_command_that_does_not_end_is_ended(tmp_path: Path) -> None:
    """After its grace the command is killed, and what it said is kept."""
    done = run(["sh", "-c", "echo on my way; exec sleep 1000"], tmp_path, 3)
    assert done.status == -9
    assert done.output == "on my way\n"


def test_status_and_output_come_back(tmp_path: Path) -> None:
    """A command runs in the folder given, and its failure is seen."""
    done = run([sys.executable, "-c", "import os, sys; print(os.getcwd()); sys.exit(3)"], tmp_path, 60)
    assert (done.status, done.output.strip()) == (3, str(tmp_path.resolve()))
