"""Run a command and measure it: wall time and the memory of the whole family of processes."""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SAMPLE_SECONDS = 0.2
KIBIBYTE = 1024


@dataclass(frozen=True)
class Run:
    """What a finished command took; `peak_bytes` of the processes together, each shared page counted once."""

    status: int
    seconds: float
    peak_bytes: int
    output: str


def run(command: Sequence[str], folder: Path, grace: float) -> Run:
    """Run `command` in `folder`; kill it after `grace` seconds, which counts as status -9."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    sampler = _Sampler(process.pid)
    sampler.start()
    try:
        output, _ = process.communicate(timeout=grace)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
    seconds = time.monotonic() - started
    return Run(process.returncode, seconds, sampler.finish(), output)


class _Sampler(threading.Thread):
    """Looks a few times a second how much memory a process and its descendants hold together."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._peak = 0
        self._done = threading.Event()
        self._before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss

    def run(self) -> None:
        while not self._done.wait(SAMPLE_SECONDS):
            self._peak = max(self._peak, sum(_proportional_bytes(pid) for pid in _family(self._pid)))

    def finish(self) -> int:
        """Stop, and give the peak; short peaks between two looks show in the kernel's own figure of one process."""
        self._done.set()
        self.join()
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        return max(self._peak, largest * KIBIBYTE if largest > self._before else 0)


def _family(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text().split()]
            except OSError:
                continue
    return found


def _proportional_bytes(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * KIBIBYTE for line in lines if line.startswith("Pss:")), 0)


def cores() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0))
